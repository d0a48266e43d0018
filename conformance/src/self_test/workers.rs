//! Work that is shared out among threads, as many as there are cores, and whose outcomes come back in its order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crustdata_mock::MockError;
use futures_util::{StreamExt, stream};

use crate::embedded::EmbeddedError;

/// Does each piece of work, so many at once on each thread. `each` sees the outcomes in the order of the work, as they
/// come.
///
/// # Errors
///
/// The first that comes; what is under way is finished, and no more is begun.
pub(super) fn share_out<W: Sync, T: Send, E: From<EmbeddedError> + Send>(
    work: &[W],
    at_once: usize,
    carry_out: impl AsyncFn(&W) -> Result<T, E> + Sync,
    mut each: impl FnMut(T),
) -> Result<(), E> {
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    let worker = |send: mpsc::Sender<(usize, Result<T, E>)>| {
        let runtime = match tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
        {
            Ok(runtime) => runtime,
            Err(error) => {
                let error = EmbeddedError::from(MockError::Thread(error)).into();
                // Nobody listens once another thread has failed.
                let _ = send.send((0, Err(error)));
                return;
            }
        };
        let pieces = std::iter::from_fn(|| {
            let number = next.fetch_add(1, Ordering::Relaxed);
            work.get(number).map(|piece| (number, piece))
        });
        let carry_out = &carry_out;
        runtime.block_on(async {
            let mut done = stream::iter(pieces)
                .map(async |(number, piece)| (number, carry_out(piece).await))
                .buffer_unordered(at_once);
            while let Some(outcome) = done.next().await {
                let _ = send.send(outcome);
            }
        });
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, Into::into);
        for _ in 0..cores {
            let send = send.clone();
            scope.spawn(|| worker(send));
        }
        drop(send);
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (number, outcome) in receive {
            match outcome {
                Ok(outcome) => early.insert(number, outcome),
                Err(error) => {
                    next.store(work.len(), Ordering::Relaxed);
                    return Err(error);
                }
            };
            while let Some(outcome) = early.remove(&due) {
                each(outcome);
                due += 1;
            }
        }
        Ok(())
    })
}

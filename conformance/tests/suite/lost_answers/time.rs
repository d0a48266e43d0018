//! Simulated time: it passes for clients and servers alike, and only while no request is under way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak, mpsc};
use std::time::Duration;

use crustdata_mock::Mock;
use tokio::task::{JoinSet, yield_now};

const STEP: Duration = Duration::from_millis(500);
/// How often the tasks have their turn without a request before time passes: sockets and connections take a few.
const IDLE: u32 = 60;

#[derive(Clone)]
pub(super) struct Time {
    under_way: Arc<AtomicUsize>,
    servers: Arc<Mutex<Vec<Weak<Mock>>>>,
    /// While this is there, a thread waits, and the runtime does not move its clock by itself.
    _stops: mpsc::Sender<()>,
}

/// A request that is under way, until it is dropped.
pub(super) struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Time {
    pub(super) fn start() -> Self {
        let (stops, stopped) = mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || stopped.recv());
        Self {
            under_way: Arc::default(),
            servers: Arc::default(),
            _stops: stops,
        }
    }

    pub(super) fn has(&self, server: &Arc<Mock>) {
        self.servers.lock().unwrap().push(Arc::downgrade(server));
    }

    pub(super) fn request(&self) -> UnderWay {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(&self.under_way))
    }

    /// Lets the tasks go on until nothing is under way, and then a moment pass.
    // All of it runs on one thread, and nobody else takes the lock meanwhile.
    #[allow(clippy::await_holding_lock)]
    pub(super) async fn pass<T: 'static>(&self, running: &mut JoinSet<T>, done: &mut Vec<T>) {
        let mut idle = 0;
        while idle < IDLE {
            yield_now().await;
            while let Some(result) = running.try_join_next() {
                done.push(result.expect("a case ends"));
            }
            match self.under_way.load(Ordering::Relaxed) {
                0 => idle += 1,
                _ => idle = 0,
            }
        }
        let mut servers = self.servers.lock().unwrap();
        servers.retain(|server| match server.upgrade() {
            Some(server) => {
                server.advance(STEP);
                true
            }
            None => false,
        });
        drop(servers);
        tokio::time::advance(STEP).await;
    }
}

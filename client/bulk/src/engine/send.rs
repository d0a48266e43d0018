//! Sending a submission in its time only. A process may be paused between the intent and the request, for hours, while another
//! one takes over: what it sends then, it sends twice.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use crustdata_batch::{Accepted, ContactEnrichRequest, SubmitError};

use super::Engine;

/// How long after its intent a request may leave, waiting for its turn included.
#[derive(Clone, Copy)]
pub(super) struct TimeToLeave {
    at: Instant,
    date: SystemTime,
}

impl TimeToLeave {
    /// A minute and a half: the window of the API's rate and half of it.
    pub(super) const LIMIT: Duration = Duration::from_secs(90);

    pub(super) fn begin() -> Self {
        Self {
            at: Instant::now(),
            date: SystemTime::now(),
        }
    }

    /// By both clocks: the one that nobody can set stands still while the machine sleeps.
    fn is_over(&self) -> bool {
        let by_date = self.date.elapsed();
        self.at.elapsed() >= Self::LIMIT || by_date.is_ok_and(|time| time >= Self::LIMIT)
    }
}

/// What came of sending.
pub(super) enum Sent {
    /// A response, or the lack of one.
    Ended(Box<Result<Accepted, SubmitError>>),
    /// It was certainly not sent.
    Never,
    /// Its time was over when it was under way, or about to be.
    Perhaps,
}

impl Engine<'_> {
    /// Sends a submission. Whenever this process could send a part of it, it first looks whether it still may.
    pub(super) async fn send(&mut self, request: &ContactEnrichRequest, time: TimeToLeave) -> Sent {
        // All of it: shared references can't go to another thread with the run, since journals are for one at a time.
        let journal = &mut *self.journal;
        let mut submit = pin!(self.client.submit(request));
        let mut has_begun = false;
        std::future::poll_fn(move |context| {
            if time.is_over() || !journal.is_held() {
                return Poll::Ready(match has_begun {
                    true => Sent::Perhaps,
                    false => Sent::Never,
                });
            }
            has_begun = true;
            let outcome = submit.as_mut().poll(context);
            outcome.map(|outcome| Sent::Ended(Box::new(outcome)))
        })
        .await
    }
}

//! The server's clock beside this machine's. Jobs bear the server's dates, submissions the machine's.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// By how much this machine's clock is ahead of the server's, as far as that is known.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    lead: Mutex<Duration>,
}

impl Clock {
    /// Takes the `Date` of a response that has just come into account.
    pub(crate) fn learn(&self, date: SystemTime) {
        // A clock that is behind does no harm: what was sent later than it says was sent later all the same.
        let lead = SystemTime::now().duration_since(date).unwrap_or_default();
        *self.lead.lock().unwrap_or_else(PoisonError::into_inner) = lead;
    }

    /// What the server's clock showed when this machine's showed `time`.
    pub(crate) fn at_server(&self, time: SystemTime) -> SystemTime {
        let lead = *self.lead.lock().unwrap_or_else(PoisonError::into_inner);
        time.checked_sub(lead).unwrap_or(SystemTime::UNIX_EPOCH)
    }
}

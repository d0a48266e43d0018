//! The server's clock beside this machine's. Jobs bear the server's dates, submissions the machine's.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// By how much two clocks may differ that show the same time.
pub(crate) const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// What both clocks showed when the last response came, if it said so.
#[derive(Debug, Default)]
pub(crate) struct Clock(Mutex<Option<Seen>>);

#[derive(Clone, Copy, Debug)]
struct Seen {
    now: Now,
    at_server: SystemTime,
}

/// What this machine's clocks show, read once for all that needs it: the one that nobody can set, and the one that
/// dates are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) at: Instant,
    pub(crate) here: SystemTime,
}

impl Now {
    /// Time that tokio's clock was moved by, as tests do, counts as time that passed.
    pub(crate) fn read() -> Self {
        let (real, here) = (Instant::now(), SystemTime::now());
        let at = tokio::time::Instant::now().into_std();
        let moved = match at.checked_duration_since(real) {
            Some(ahead) => here.checked_add(ahead),
            None => here.checked_sub(real.duration_since(at)),
        };
        Self {
            at,
            here: moved.unwrap_or(here),
        }
    }
}

/// When a request was sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    pub(crate) here: SystemTime,
    /// By the server's clock, if that was known then.
    pub(crate) at_server: Option<SystemTime>,
}

impl Clock {
    /// Takes the `Date` of a response that has just come into account.
    pub(crate) fn learn(&self, date: Option<SystemTime>, now: Now) {
        let seen = date.map(|at_server| Seen { now, at_server });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = seen;
    }

    /// What the server's clock shows.
    pub(crate) fn now_at_server(&self, now: Now) -> Option<SystemTime> {
        self.at_server(now.here, now)
    }

    /// What the server's clock showed when this machine's showed `time`, by what both showed last. Unknown once
    /// somebody has set this machine's clock since.
    pub(crate) fn at_server(&self, time: SystemTime, now: Now) -> Option<SystemTime> {
        let seen = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let since = now.at.saturating_duration_since(seen.now.at);
        let expected = seen.now.here.checked_add(since)?;
        if difference(now.here, expected) > CLOCK_SKEW {
            return None;
        }
        match time.duration_since(seen.now.here) {
            Ok(later) => seen.at_server.checked_add(later),
            Err(earlier) => seen.at_server.checked_sub(earlier.duration()),
        }
    }
}

/// A time before this one; the beginning of all times, where it can't be told.
pub(crate) fn earlier(time: SystemTime, by: Duration) -> SystemTime {
    time.checked_sub(by).unwrap_or(SystemTime::UNIX_EPOCH)
}

fn difference(a: SystemTime, b: SystemTime) -> Duration {
    a.duration_since(b).unwrap_or_else(|error| error.duration())
}

#[cfg(test)]
mod tests {
    //! Here, since no test can set the clock of the machine it runs on.

    use super::*;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    /// What a clock shows that was seen at `at_server`, ten seconds later, when somebody has set this machine's by so much.
    fn shown(at_server: SystemTime, set: impl Fn(SystemTime) -> SystemTime) -> Option<SystemTime> {
        let clock = Clock::default();
        let then = Now::read();
        clock.learn(Some(at_server), then);
        let later = Duration::from_secs(10);
        clock.now_at_server(Now {
            at: then.at + later,
            here: set(then.here + later),
        })
    }

    #[test]
    fn a_clock_that_somebody_set_tells_nothing() {
        let at_server = SystemTime::UNIX_EPOCH + HOUR;
        let later = Some(at_server + Duration::from_secs(10));
        assert_eq!(shown(at_server, |here| here), later);
        assert_eq!(shown(at_server, |here| here + HOUR), None);
        assert_eq!(shown(at_server, |here| here - HOUR), None);
        // As far as clocks may differ that nobody set.
        let set = at_server + Duration::from_secs(10) + CLOCK_SKEW;
        assert_eq!(shown(at_server, |here| here + CLOCK_SKEW), Some(set));
    }
}

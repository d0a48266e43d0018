//! When to stop asking a server that does not respond as it should.

use std::time::Duration;

use tokio::time::Instant;

/// Longer than most outages of a server or a network that mend themselves.
const LIMIT: Duration = Duration::from_secs(10 * 60);

/// How long requests may fail in a row: a time and not a count, so that it is the same at all intervals.
#[derive(Debug)]
pub(super) struct Patience {
    limit: Duration,
    failing_since: Option<Instant>,
}

impl Patience {
    pub(super) fn new(limit: Duration) -> Self {
        Self {
            limit,
            failing_since: None,
        }
    }

    /// Takes a failure into account. Whether it was the last that is put up with.
    pub(super) fn ends_with_failure_at(&mut self, now: Instant) -> bool {
        self.ends_after(self.limit, now)
    }

    /// Takes a failure into account that is put up with for a shorter time, unless there is less patience still.
    pub(super) fn ends_after(&mut self, most: Duration, now: Instant) -> bool {
        let since = *self.failing_since.get_or_insert(now);
        now.saturating_duration_since(since) >= self.limit.min(most)
    }

    /// Takes a success into account.
    pub(super) fn renew(&mut self) {
        self.failing_since = None;
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self::new(LIMIT)
    }
}

#[cfg(test)]
mod tests {
    //! Here, since patience takes minutes.

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_ends_when_failures_have_gone_on_for_so_long() {
        let mut patience = Patience::default();
        let start = Instant::now();
        assert!(!patience.ends_with_failure_at(start));
        assert!(!patience.ends_with_failure_at(start + LIMIT - SECOND));
        assert!(patience.ends_with_failure_at(start + LIMIT));
    }

    #[test]
    fn a_success_renews_it() {
        let mut patience = Patience::new(2 * SECOND);
        let start = Instant::now();
        assert!(!patience.ends_with_failure_at(start));
        patience.renew();
        assert!(!patience.ends_with_failure_at(start + 2 * SECOND));
        assert!(!patience.ends_with_failure_at(start + 3 * SECOND));
        assert!(patience.ends_with_failure_at(start + 4 * SECOND));
    }

    #[test]
    fn without_any_the_first_failure_ends_it() {
        assert!(Patience::new(Duration::ZERO).ends_with_failure_at(Instant::now()));
    }

    #[test]
    fn without_a_limit_it_never_ends() {
        let mut patience = Patience::new(Duration::MAX);
        let start = Instant::now();
        assert!(!patience.ends_with_failure_at(start));
        assert!(!patience.ends_with_failure_at(start + 365 * 24 * 60 * 60 * SECOND));
    }
}

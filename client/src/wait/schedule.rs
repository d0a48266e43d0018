//! When to ask for a job's status.

use std::time::Duration;

/// For jobs of two or three minutes: about ten requests, and the end is noticed half a minute late at most.
const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(30);
/// Longer intervals are of no use, and the longest durations can't be multiplied.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// What the second interval is at least, since nothing grows from nothing. Short, so that a short first one grows from itself.
const LEAST: Duration = Duration::from_millis(10);
/// By how much an interval is longer than the one before.
const GROWTH: f64 = 1.5;
/// By how much of itself an interval may be shorter or longer, so that many waits don't ask in step.
const JITTER: f64 = 0.2;

/// The intervals between requests.
#[derive(Debug)]
pub(crate) struct Schedule {
    next: Option<Duration>,
    first: Duration,
    longest: Duration,
}

impl Schedule {
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        let first = first.min(DAY);
        Self {
            next: None,
            first,
            longest: longest.min(DAY).max(first),
        }
    }

    /// The wait before the next request; none before the first.
    pub(crate) fn next_interval(&mut self) -> Option<Duration> {
        let interval = self.next;
        self.next = Some(match interval {
            None => self.first,
            Some(interval) => interval.mul_f64(GROWTH).max(LEAST).min(self.longest),
        });
        interval.map(|interval| interval.mul_f64(1.0 - JITTER + 2.0 * JITTER * fastrand::f64()))
    }
}

impl Default for Schedule {
    fn default() -> Self {
        Self::new(FIRST, LONGEST)
    }
}

#[cfg(test)]
mod tests {
    //! Here, since the default intervals take minutes.

    use super::*;

    #[test]
    fn the_first_request_goes_at_once_and_the_others_ever_later() {
        let mut schedule = Schedule::default();
        assert_eq!(schedule.next_interval(), None);
        let mut expected = FIRST.as_secs_f64();
        for _ in 0..20 {
            let interval = schedule.next_interval().map(|it| it.as_secs_f64());
            let (low, high) = (expected * (1.0 - JITTER), expected * (1.0 + JITTER));
            assert!(
                interval.is_some_and(|it| (low - 1e-6..=high + 1e-6).contains(&it)),
                "{interval:?} is not in {low}..={high}"
            );
            expected = (expected * GROWTH).min(LONGEST.as_secs_f64());
        }
    }

    #[test]
    fn intervals_differ_from_wait_to_wait() {
        let second = || {
            let mut schedule = Schedule::default();
            schedule.next_interval();
            schedule.next_interval()
        };
        let first = second();
        assert!((0..100).any(|_| second() != first));
    }

    #[test]
    fn intervals_grow_from_nothing_too() {
        let mut schedule = Schedule::new(Duration::ZERO, LONGEST);
        let total: Duration = (0..30).filter_map(|_| schedule.next_interval()).sum();
        assert!(total > LONGEST, "{total:?}");
        let mut never = Schedule::new(Duration::ZERO, Duration::ZERO);
        assert!((0..30).all(|_| never.next_interval().unwrap_or_default().is_zero()));
    }

    #[test]
    fn a_longest_interval_below_the_first_is_raised_to_it() {
        let mut schedule = Schedule::new(LONGEST, FIRST);
        schedule.next_interval();
        let low = LONGEST.mul_f64(1.0 - JITTER - 1e-6);
        assert!(schedule.next_interval() >= Some(low));
        assert!(schedule.next_interval() >= Some(low));
    }
}

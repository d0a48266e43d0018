//! The pace of requests, shared by all clones of a client: the server's own word where it gives one, an assumption
//! where it doesn't. It makes requests wait; it never makes them fail.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::response::RateLimit;

/// The window that requests are counted in.
const WINDOW: Duration = Duration::from_secs(60);
/// The longest wait that a server is believed. Longer ones are more likely a point in time than a duration.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// Gives each request its turn.
#[derive(Debug)]
pub(crate) struct Pacer {
    /// Requests in a window, as long as the server says nothing. None: as many as there are.
    assumed: Option<NonZeroU32>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the requests of the last window had their turn.
    recent: VecDeque<Instant>,
    /// What the server said, once it has.
    told: Option<Budget>,
}

/// A number of requests until a point in time.
#[derive(Debug)]
struct Budget {
    limit: u64,
    remaining: u64,
    resets_at: Instant,
}

impl Pacer {
    pub(crate) fn new(assumed: Option<NonZeroU32>) -> Self {
        Self {
            assumed,
            state: Mutex::default(),
        }
    }

    /// Waits for a request's turn. Dropped before it ends, it takes no turn.
    pub(crate) async fn turn(&self) {
        loop {
            let wait = self.take_turn(Instant::now());
            match wait {
                None => return,
                Some(until) => sleep_until(until).await,
            }
        }
    }

    /// Takes a turn, or says when to ask again.
    fn take_turn(&self, now: Instant) -> Option<Instant> {
        let mut state = self.state();
        if let Some(budget) = &mut state.told {
            if now >= budget.resets_at {
                budget.remaining = budget.limit;
                budget.resets_at = now + WINDOW;
            }
            if budget.remaining == 0 {
                return Some(budget.resets_at);
            }
            budget.remaining -= 1;
            return None;
        }
        let limit = self.assumed?.get() as usize;
        while state.recent.front().is_some_and(|at| *at + WINDOW <= now) {
            state.recent.pop_front();
        }
        if state.recent.len() >= limit {
            return state.recent.front().map(|at| *at + WINDOW);
        }
        state.recent.push_back(now);
        None
    }

    /// Takes what a response says about the pace into account.
    pub(crate) fn learn(&self, said: &RateLimit) {
        self.learn_at(said, Instant::now());
    }

    fn learn_at(&self, said: &RateLimit, now: Instant) {
        let remaining = match (said.remaining, said.wait) {
            (Some(remaining), _) => remaining,
            // A refusal that says when to come back, and no more.
            (None, Some(_)) if said.refused => 0,
            (None, _) => return,
        };
        let mut state = self.state();
        let known = state.told.as_ref().map(|budget| budget.limit);
        let limit = said.limit.or(known).unwrap_or_else(|| {
            let assumed = self.assumed.map_or(u32::MAX, NonZeroU32::get);
            assumed.into()
        });
        state.told = Some(Budget {
            // One that allows nothing at all would wait for ever.
            limit: limit.max(1),
            remaining,
            resets_at: now + said.wait.unwrap_or(WINDOW).min(LONGEST_WAIT),
        });
    }

    /// Nothing that is done under the lock panics halfway, so a poisoned lock is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    //! Here, since a minute of the public face takes a minute.
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn said(limit: Option<u64>, remaining: Option<u64>, wait: Option<u64>) -> RateLimit {
        RateLimit {
            limit,
            remaining,
            wait: wait.map(Duration::from_secs),
            refused: false,
        }
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_assumption_is_a_sliding_window() {
        let pacer = Pacer::new(NonZeroU32::new(2));
        let start = Instant::now();
        assert_eq!(pacer.take_turn(start), None);
        assert_eq!(pacer.take_turn(start + seconds(10)), None);
        assert_eq!(pacer.take_turn(start + seconds(20)), Some(start + WINDOW));
        assert_eq!(pacer.take_turn(start + WINDOW), None);
        assert_eq!(
            pacer.take_turn(start + WINDOW),
            Some(start + seconds(10) + WINDOW)
        );
    }

    #[test]
    fn without_an_assumption_nobody_waits() {
        let pacer = Pacer::new(None);
        let now = Instant::now();
        assert!((0..1_000).all(|_| pacer.take_turn(now).is_none()));
    }

    #[test]
    fn the_servers_word_replaces_the_assumption() {
        let pacer = Pacer::new(NonZeroU32::new(1));
        let now = Instant::now();
        assert_eq!(pacer.take_turn(now), None);
        pacer.learn_at(&said(Some(3), Some(1), Some(7)), now);
        assert_eq!(pacer.take_turn(now), None);
        assert_eq!(pacer.take_turn(now), Some(now + seconds(7)));
        let later = now + seconds(7);
        assert!((0..3).all(|_| pacer.take_turn(later).is_none()));
        assert_eq!(pacer.take_turn(later), Some(later + WINDOW));
    }

    #[test]
    fn a_refusal_without_numbers_holds_all_until_its_time() {
        let pacer = Pacer::new(NonZeroU32::new(15));
        let now = Instant::now();
        let refusal = RateLimit {
            refused: true,
            ..said(None, None, Some(9))
        };
        pacer.learn_at(&refusal, now);
        assert_eq!(pacer.take_turn(now), Some(now + seconds(9)));
        assert_eq!(pacer.take_turn(now + seconds(9)), None);
    }

    #[test]
    fn a_response_without_a_word_changes_nothing() {
        let pacer = Pacer::new(None);
        let now = Instant::now();
        pacer.learn_at(&said(None, None, None), now);
        pacer.learn_at(&said(Some(1), None, Some(9)), now);
        assert_eq!(pacer.take_turn(now), None);
    }

    #[test]
    fn waits_without_end_and_budgets_of_nothing_are_not_believed() {
        let pacer = Pacer::new(None);
        let now = Instant::now();
        pacer.learn_at(&said(Some(0), Some(0), Some(u64::MAX / 2)), now);
        let until = pacer.take_turn(now).unwrap();
        assert_eq!(until, now + LONGEST_WAIT);
        assert_eq!(pacer.take_turn(until), None);
    }
}

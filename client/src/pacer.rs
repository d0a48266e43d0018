//! The pace of requests, shared by all clones of a client: the server's own word where it gives one, an assumption
//! where it doesn't. It makes requests wait; it never makes them fail. A refusal for too many active jobs holds up other
//! submissions, and nothing else.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::events::{Event, Events};
use crate::response::RateLimit;

/// The window that requests are counted in. It slides: room comes back one request at a time.
const WINDOW: Duration = Duration::from_secs(60);

/// Gives each request its turn.
#[derive(Debug)]
pub(crate) struct Pacer {
    /// Requests in a window, as long as the server says nothing. None: as many as there are.
    assumed: Option<NonZeroU32>,
    /// The longest wait that a server is believed.
    longest_wait: Duration,
    events: Events,
    state: Mutex<State>,
    /// Wakes those who wait, since there may be room sooner than they thought.
    has_learnt: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// When the requests of the last window had their turn.
    recent: VecDeque<Instant>,
    /// What the server said, once it has.
    told: Option<Budget>,
    /// Until when submissions wait, though there is room for other requests.
    no_submission_before: Option<Instant>,
    /// Requests that had their turn and are still under way.
    under_way: u64,
}

/// A number of requests until a point in time.
#[derive(Debug)]
struct Budget {
    limit: u64,
    remaining: u64,
    resets_at: Instant,
}

/// A request's turn; the request is under way until this is dropped.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    pacer: &'a Pacer,
    is_submission: bool,
}

impl Pacer {
    pub(crate) fn new(assumed: Option<NonZeroU32>, longest_wait: Duration, events: Events) -> Self {
        Self {
            assumed,
            longest_wait,
            events,
            state: Mutex::default(),
            has_learnt: Notify::new(),
        }
    }

    /// Waits for a request's turn. Dropped before it ends, it takes no turn.
    pub(crate) async fn turn(&self, is_submission: bool) -> Turn<'_> {
        let mut is_told = false;
        loop {
            // Made before the state is looked at, so that nothing learnt in between is missed.
            let has_learnt = self.has_learnt.notified();
            let now = Instant::now();
            match self.take_turn(is_submission, now) {
                Ok(turn) => return turn,
                Err(until) => {
                    if !std::mem::replace(&mut is_told, true) {
                        self.events.tell(&Event::Paced { wait: until - now });
                    }
                    drop(timeout_at(until, has_learnt).await);
                }
            }
        }
    }

    /// Takes a turn, or says when to ask again.
    fn take_turn(&self, is_submission: bool, now: Instant) -> Result<Turn<'_>, Instant> {
        let mut state = self.state();
        if let Some(until) = state.no_submission_before
            && is_submission
            && now < until
        {
            return Err(until);
        }
        if let Some(budget) = &mut state.told {
            if now >= budget.resets_at {
                // How many there is room for, the next response tells; until then they are spread evenly.
                budget.remaining = 1;
                budget.resets_at = now + WINDOW / u32::try_from(budget.limit).unwrap_or(u32::MAX);
            }
            if budget.remaining == 0 {
                return Err(budget.resets_at);
            }
            budget.remaining -= 1;
        } else if let Some(limit) = self.assumed {
            while state.recent.front().is_some_and(|at| *at + WINDOW <= now) {
                state.recent.pop_front();
            }
            if let Some(first) = state.recent.front()
                && state.recent.len() >= limit.get() as usize
            {
                return Err(*first + WINDOW);
            }
            state.recent.push_back(now);
        }
        state.under_way += 1;
        Ok(Turn {
            pacer: self,
            is_submission,
        })
    }

    /// The wait that a server gets who asks for this one.
    pub(crate) fn believed(&self, asked: Duration) -> Duration {
        let wait = asked.min(self.longest_wait);
        if wait < asked {
            self.events.tell(&Event::WaitShortened { asked, wait });
        }
        wait
    }

    /// Nothing that is done under the lock panics halfway, so a poisoned lock is as good as any.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Takes what the response to this request says about the pace into account.
    pub(crate) fn learn(&self, said: &RateLimit) {
        self.learn_at(said, Instant::now());
    }

    fn learn_at(&self, said: &RateLimit, now: Instant) {
        let pacer = self.pacer;
        // A submission is refused for too many active jobs, too, which is no word on the rate.
        let is_busy = self.is_submission && said.is_refusal && said.remaining != Some(0);
        if let (true, Some(asked)) = (is_busy, said.wait) {
            let until = now + pacer.believed(asked);
            pacer.state().no_submission_before = Some(until);
        }
        let asked = if is_busy { said.reset } else { said.wait };
        let remaining = match said.remaining {
            Some(remaining) => remaining,
            // A refusal that says when to come back, and no more.
            None if said.is_refusal && !is_busy && asked.is_some() => 0,
            None => return,
        };
        let asked = asked.unwrap_or(WINDOW);
        let wait = match remaining {
            0 => pacer.believed(asked),
            // Nobody waits, so that nobody needs to know.
            _ => asked.min(pacer.longest_wait),
        };
        let mut state = pacer.state();
        let known = state.told.as_ref().map(|budget| budget.limit);
        let limit = said.limit.or(known).unwrap_or_else(|| {
            let assumed = pacer.assumed.map_or(u32::MAX, NonZeroU32::get);
            assumed.into()
        });
        // The server may not have seen the others yet.
        let others = state.under_way.saturating_sub(1);
        state.told = Some(Budget {
            // One that allows nothing at all would wait for ever.
            limit: limit.max(1),
            remaining: remaining.saturating_sub(others),
            resets_at: now + wait,
        });
        drop(state);
        pacer.has_learnt.notify_waiters();
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.pacer.state();
        state.under_way = state.under_way.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    //! Here, since a minute of the public face takes a minute.
    #![allow(clippy::unwrap_used)]

    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;
    use crate::builder::LONGEST_WAIT;

    fn said(limit: Option<u64>, remaining: u64, wait: Option<u64>) -> RateLimit {
        RateLimit {
            limit,
            remaining: Some(remaining),
            wait: wait.map(Duration::from_secs),
            ..RateLimit::default()
        }
    }

    fn pacer(assumed: Option<u32>) -> Pacer {
        let assumed = assumed.and_then(NonZeroU32::new);
        Pacer::new(assumed, LONGEST_WAIT, Events::default())
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// A pacer with this assumption that has learnt this from its first request.
    fn told(assumed: Option<u32>, said: &RateLimit, now: Instant) -> Pacer {
        let pacer = pacer(assumed);
        pacer.take_turn(false, now).unwrap().learn_at(said, now);
        pacer
    }

    /// When to ask again.
    fn refused(pacer: &Pacer, now: Instant) -> Instant {
        pacer.take_turn(false, now).unwrap_err()
    }

    #[test]
    fn the_assumption_is_a_sliding_window() {
        let pacer = pacer(Some(2));
        let start = Instant::now();
        pacer.take_turn(false, start).unwrap();
        pacer.take_turn(false, start + seconds(10)).unwrap();
        assert_eq!(refused(&pacer, start + seconds(20)), start + WINDOW);
        pacer.take_turn(false, start + WINDOW).unwrap();
        assert_eq!(
            refused(&pacer, start + WINDOW),
            start + seconds(10) + WINDOW
        );
    }

    #[test]
    fn without_an_assumption_nobody_waits() {
        let pacer = pacer(None);
        let now = Instant::now();
        assert!((0..1_000).all(|_| pacer.take_turn(false, now).is_ok()));
    }

    #[test]
    fn the_servers_word_replaces_the_assumption() {
        let now = Instant::now();
        let pacer = told(Some(1), &said(Some(3), 1, Some(7)), now);
        pacer.take_turn(false, now).unwrap();
        assert_eq!(refused(&pacer, now), now + seconds(7));
    }

    /// A window that has room again has room for one.
    #[test]
    fn after_the_reset_requests_are_spread_until_the_server_speaks_again() {
        let now = Instant::now();
        let pacer = told(None, &said(Some(3), 0, Some(7)), now);
        let reset = now + seconds(7);
        assert_eq!(refused(&pacer, now), reset);
        let turn = pacer.take_turn(false, reset).unwrap();
        assert_eq!(refused(&pacer, reset), reset + WINDOW / 3);
        turn.learn_at(&said(Some(3), 2, Some(60)), reset);
        drop(turn);
        pacer.take_turn(false, reset).unwrap();
        pacer.take_turn(false, reset).unwrap();
        assert_eq!(refused(&pacer, reset), reset + WINDOW);
    }

    #[test]
    fn requests_under_way_are_counted_though_the_server_has_not_seen_them() {
        let pacer = pacer(None);
        let now = Instant::now();
        let turns: Vec<_> = (0..3)
            .map(|_| pacer.take_turn(false, now).unwrap())
            .collect();
        turns[0].learn_at(&said(Some(10), 3, Some(7)), now);
        // One that is left for the two that are under way, and one for this.
        let fourth = pacer.take_turn(false, now).unwrap();
        assert_eq!(refused(&pacer, now), now + seconds(7));
        // Given up, or answered without a word: no longer under way.
        drop(turns);
        fourth.learn_at(&said(Some(10), 3, Some(7)), now);
        assert!((0..3).all(|_| pacer.take_turn(false, now).is_ok()));
    }

    #[tokio::test]
    async fn who_waits_is_woken_by_what_another_learns() {
        let pacer = pacer(Some(1));
        let first = pacer.turn(false).await;
        let mut second = pin!(pacer.turn(false));
        let mut context = Context::from_waker(Waker::noop());
        assert!(second.as_mut().poll(&mut context).is_pending());
        first.learn(&said(Some(10), 5, Some(60)));
        assert!(second.as_mut().poll(&mut context).is_ready());
    }

    #[test]
    fn waits_without_end_and_budgets_of_nothing_are_not_believed() {
        let now = Instant::now();
        let pacer = told(None, &said(Some(0), 0, Some(u64::MAX / 2)), now);
        let until = refused(&pacer, now);
        assert_eq!(until, now + LONGEST_WAIT);
        pacer.take_turn(false, until).unwrap();
    }

    /// Too many active jobs, or so it seems.
    #[test]
    fn a_refused_submission_holds_up_submissions_only() {
        let now = Instant::now();
        let until = seconds(30);
        for remaining in [None, Some(4)] {
            let pacer = pacer(None);
            let said = RateLimit {
                remaining,
                is_refusal: true,
                wait: Some(until),
                ..RateLimit::default()
            };
            pacer.take_turn(true, now).unwrap().learn_at(&said, now);
            pacer.take_turn(false, now).unwrap();
            assert_eq!(pacer.take_turn(true, now).unwrap_err(), now + until);
            pacer.take_turn(true, now + until).unwrap();
        }
    }

    #[test]
    fn a_refused_submission_that_used_up_the_window_holds_up_all() {
        let now = Instant::now();
        let pacer = pacer(None);
        let said = RateLimit {
            is_refusal: true,
            ..said(None, 0, Some(30))
        };
        pacer.take_turn(true, now).unwrap().learn_at(&said, now);
        assert_eq!(refused(&pacer, now), now + seconds(30));
    }
}

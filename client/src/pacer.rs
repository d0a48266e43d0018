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

/// Longer waits can't be added to every point in time.
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

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
    /// What the account is allowed, once that has been asked: it replaces what is assumed.
    allowed: Option<NonZeroU32>,
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
            longest_wait: longest_wait.min(YEAR),
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
        } else if let Some(limit) = self.assumed.map(|limit| state.allowed.unwrap_or(limit)) {
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

    /// Takes what the account is allowed for what was assumed.
    pub(crate) fn allow(&self, limit: NonZeroU32) {
        self.state().allowed = Some(limit);
        self.has_learnt.notify_waiters();
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
mod tests;

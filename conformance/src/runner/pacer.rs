//! Spreads requests evenly over time, and waits when the server asks for it.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use tokio::sync::Mutex;

use super::clock::Clock;
use crate::exchange::rate;
use crate::generated::contract::header;

/// The longest that one response can make a run wait.
const LONGEST_WAIT: Duration = Duration::from_secs(90);
/// The first wait after a response that names none; doubled with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// A pace shared by everything that sends.
pub(super) struct Pacer {
    clock: Arc<Clock>,
    every: Duration,
    longest_wait: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the next request may go, from the start of the run.
    next: Duration,
    waited: Duration,
}

impl Pacer {
    /// At most `rpm` requests a minute, evenly; as many as the server takes with `None`. On a server whose
    /// time moves with the requests (`embedded`), real waiting is of no use.
    pub(super) fn new(clock: Arc<Clock>, rpm: Option<u32>, embedded: bool) -> Self {
        Self {
            clock,
            longest_wait: if embedded {
                Duration::from_millis(1)
            } else {
                LONGEST_WAIT
            },
            every: rpm.map_or(Duration::ZERO, |rpm| Duration::from_secs(60) / rpm.max(1)),
            state: Mutex::default(),
        }
    }

    /// Waits for this request's turn; `before` is told how long, where there is a wait.
    pub(super) async fn turn(&self, before: impl FnOnce(Duration)) {
        let mut state = self.state.lock().await;
        let now = self.clock.elapsed();
        let turn = state.next.max(now);
        state.next = turn + self.every;
        state.waited += turn - now;
        drop(state);
        if turn > now {
            before(turn - now);
            self.clock.wait(turn - now).await;
        }
    }

    /// Makes everything wait as `headers` ask for, where they say that no request is left.
    pub(super) async fn heed(&self, headers: &HeaderMap) {
        if rate::number(headers, header::RATE_LIMIT_REMAINING) == Some(0)
            && let Some(seconds) = rate::reset(headers)
        {
            self.hold(Duration::from_secs(seconds)).await;
        }
    }

    /// Makes everything wait after a response that throttled its request, the `attempt`-th in a row, counted from 0.
    pub(super) async fn throttled(&self, headers: Option<&HeaderMap>, attempt: u32) {
        let named = headers.and_then(|headers| {
            rate::reset(headers)
                .or_else(|| rate::number(headers, http::header::RETRY_AFTER.as_str()))
        });
        let wait = match named {
            Some(seconds) if seconds > 0 => Duration::from_secs(seconds),
            _ => FIRST_WAIT * 2u32.saturating_pow(attempt.min(6)),
        };
        self.hold(wait).await;
    }

    /// Time spent waiting so far, of all that sends.
    pub(super) async fn waited(&self) -> Duration {
        self.state.lock().await.waited
    }

    async fn hold(&self, wait: Duration) {
        let mut state = self.state.lock().await;
        state.next = state
            .next
            .max(self.clock.elapsed() + wait.min(self.longest_wait));
    }
}

//! The request rate: sliding windows in the instance's own time, one for each operation, and the headers that tell of
//! them.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::generated::contract::{account, header, usage};

/// So many requests in a window of so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests in a window.
    pub requests: u32,
    /// Length of the sliding window.
    pub window: Duration,
}

impl RateLimit {
    /// More than anyone sends, so that the mock limits nobody who did not ask for it.
    pub const GENEROUS: Self = Self::a_minute(1_000_000);

    /// So many requests a minute.
    pub const fn a_minute(requests: u32) -> Self {
        Self {
            requests,
            window: Duration::from_secs(60),
        }
    }

    /// Requests a minute, as the account's endpoints say it.
    pub(crate) fn rpm(self) -> f64 {
        let minutes = self.window.as_secs_f64() / 60.0;
        (f64::from(self.requests) / minutes).floor()
    }
}

/// The limits of an instance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rates {
    /// Of each operation on jobs.
    pub(crate) jobs: RateLimit,
    /// Of the balance, and of the endpoints.
    pub(crate) account: RateLimit,
    /// Of all usage together.
    pub(crate) usage: RateLimit,
    /// Of all requests together, where there is such a limit.
    pub(crate) key: Option<RateLimit>,
}

impl Rates {
    /// Where a request to this operation counts, and the limit there. Requests to no operation count in one place.
    fn of(&self, endpoint: Option<&'static str>) -> (&'static str, RateLimit) {
        match endpoint {
            Some(path) if path.starts_with(usage::PATH) => (usage::PATH, self.usage),
            Some(path @ (account::credits::PATH | account::endpoints::PATH)) => {
                (path, self.account)
            }
            other => (other.unwrap_or_default(), self.jobs),
        }
    }
}

/// The requests of the current windows.
#[derive(Debug)]
pub(crate) struct RateWindows {
    rates: Rates,
    own: HashMap<&'static str, RateWindow>,
    key: Option<RateWindow>,
}

impl RateWindows {
    pub(crate) fn new(rates: Rates) -> Self {
        Self {
            rates,
            own: HashMap::new(),
            key: rates.key.map(RateWindow::new),
        }
    }

    /// Counts a request that came at `now`. The error is for one that is too many. What is told is of the window that
    /// has the least room.
    pub(crate) fn admit(
        &mut self,
        endpoint: Option<&'static str>,
        now: Duration,
    ) -> Result<RateHeaders, RateHeaders> {
        let (place, limit) = self.rates.of(endpoint);
        let own = self.own.entry(place);
        let own = own.or_insert_with(|| RateWindow::new(limit));
        let mut windows: Vec<&mut RateWindow> = self.key.iter_mut().chain([own]).collect();
        for window in &mut windows {
            window.move_to(now);
        }
        let is_full = windows.iter().any(|window| window.remaining() == 0);
        if !is_full {
            for window in &mut windows {
                window.admitted.push_back(now);
            }
        }
        let tightest = windows.iter().min_by_key(|window| window.remaining());
        let headers = tightest.map(|window| window.headers(now));
        let headers = headers.unwrap_or_else(|| RateHeaders::new(0, 0, Duration::ZERO));
        if is_full { Err(headers) } else { Ok(headers) }
    }
}

/// The requests of one window.
#[derive(Debug)]
struct RateWindow {
    limit: RateLimit,
    admitted: VecDeque<Duration>,
}

impl RateWindow {
    fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            admitted: VecDeque::new(),
        }
    }

    /// Forgets the requests that have left the window.
    fn move_to(&mut self, now: Duration) {
        let window = self.limit.window;
        let has_left = |at: &Duration| at.saturating_add(window) <= now;
        while self.admitted.front().is_some_and(has_left) {
            self.admitted.pop_front();
        }
    }

    fn remaining(&self) -> u32 {
        let admitted = u32::try_from(self.admitted.len()).unwrap_or(u32::MAX);
        self.limit.requests.saturating_sub(admitted)
    }

    fn headers(&self, now: Duration) -> RateHeaders {
        let oldest = self.admitted.front();
        let reset = oldest.map_or(Duration::ZERO, |at| {
            at.saturating_add(self.limit.window) - now
        });
        RateHeaders::new(self.limit.requests, self.remaining(), reset)
    }
}

/// What `x-ratelimit-*` say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RateHeaders {
    pub(crate) limit: HeaderValue,
    pub(crate) remaining: HeaderValue,
    pub(crate) reset: HeaderValue,
}

impl RateHeaders {
    /// The time until there is room again is sent in whole seconds, rounded up.
    pub(crate) fn new(limit: u32, remaining: u32, reset: Duration) -> Self {
        let reset = reset.as_secs() + u64::from(reset.subsec_nanos() > 0);
        Self {
            limit: limit.into(),
            remaining: remaining.into(),
            reset: reset.into(),
        }
    }

    pub(crate) fn write(self, headers: &mut HeaderMap) {
        for (name, value) in [
            (header::RATE_LIMIT_LIMIT, self.limit),
            (header::RATE_LIMIT_REMAINING, self.remaining),
            (header::RATE_LIMIT_RESET, self.reset),
        ] {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

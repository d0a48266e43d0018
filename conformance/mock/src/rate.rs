//! The request rate: a sliding window in the instance's own time, and the headers that tell of it.

use std::collections::VecDeque;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::generated::contract::header;

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
    pub const GENEROUS: Self = Self {
        requests: 1_000_000,
        window: Duration::from_secs(60),
    };
}

/// The requests of the current window.
#[derive(Debug)]
pub(crate) struct RateWindow {
    limit: RateLimit,
    admitted: VecDeque<Duration>,
}

impl RateWindow {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            admitted: VecDeque::new(),
        }
    }

    /// Counts a request that came at `now`. The error is for one that is too many.
    pub(crate) fn admit(&mut self, now: Duration) -> Result<RateHeaders, RateHeaders> {
        while self
            .admitted
            .front()
            .is_some_and(|at| at.saturating_add(self.limit.window) <= now)
        {
            self.admitted.pop_front();
        }
        let full = self.admitted.len() >= self.limit.requests as usize;
        if !full {
            self.admitted.push_back(now);
        }
        let reset = self.admitted.front().map_or(Duration::ZERO, |at| {
            at.saturating_add(self.limit.window) - now
        });
        let remaining =
            self.limit.requests - u32::try_from(self.admitted.len()).unwrap_or(self.limit.requests);
        let headers = RateHeaders::new(self.limit.requests, remaining, reset);
        if full { Err(headers) } else { Ok(headers) }
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

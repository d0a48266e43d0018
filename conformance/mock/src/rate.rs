//! The request rate: a sliding window in the instance's own time, and the headers that tell of it.

use crate::generated::contract::header;
use std::collections::VecDeque;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

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
    answered: VecDeque<Duration>,
}

impl RateWindow {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            answered: VecDeque::new(),
        }
    }

    /// Counts a request that came at `now`. The error is the refusal of one that is too many.
    pub(crate) fn admit(&mut self, now: Duration) -> Result<RateHeaders, RateHeaders> {
        while self
            .answered
            .front()
            .is_some_and(|at| at.saturating_add(self.limit.window) <= now)
        {
            self.answered.pop_front();
        }
        let full = self.answered.len() >= self.limit.requests as usize;
        if !full {
            self.answered.push_back(now);
        }
        let reset = self.answered.front().map_or(Duration::ZERO, |at| {
            at.saturating_add(self.limit.window) - now
        });
        let remaining =
            self.limit.requests - u32::try_from(self.answered.len()).unwrap_or(self.limit.requests);
        let headers = RateHeaders {
            limit: self.limit.requests,
            remaining,
            reset,
        };
        if full { Err(headers) } else { Ok(headers) }
    }
}

/// What `x-ratelimit-*` say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RateHeaders {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Until the oldest request leaves the window; sent in whole seconds, rounded up.
    pub(crate) reset: Duration,
}

impl RateHeaders {
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        let reset = self.reset.as_secs() + u64::from(self.reset.subsec_nanos() > 0);
        headers.insert(
            HeaderName::from_static(header::RATE_LIMIT_LIMIT),
            HeaderValue::from(self.limit),
        );
        headers.insert(
            HeaderName::from_static(header::RATE_LIMIT_REMAINING),
            HeaderValue::from(self.remaining),
        );
        headers.insert(
            HeaderName::from_static(header::RATE_LIMIT_RESET),
            HeaderValue::from(reset),
        );
    }
}

//! A response as it came: status, headers, and as much of the body as is safe to keep, without the key. What it means is
//! decided elsewhere: `accepted` for submissions, `error` for everything that went wrong; what errors show of it in
//! `excerpt`.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use uuid::Uuid;

use crate::api_key::ApiKey;
use crate::facts::Facts;
use crate::generated::contract;
use crate::lenient::{find_batch_id, id_of};
use crate::redact::redact;

/// Most bytes of a body that are read. The longest real one, a page of jobs, is far below it; results files
/// don't come this way.
const BODY_LIMIT: usize = 4 << 20;
/// U+FEFF, as UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// How far from now a point in time is believed to be one.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A response whose body has been read, whole or in part.
#[derive(Debug)]
pub(crate) struct RawResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    facts: Facts,
    cut: Option<Cut>,
}

/// Why a body is not whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cut {
    /// There was more than anyone needs.
    #[error("the body is longer than {BODY_LIMIT} bytes")]
    TooLong,
    /// The connection broke, or time ran out.
    #[error("the body broke off")]
    Broken(#[source] reqwest::Error),
}

impl RawResponse {
    /// Reads the body to its end, to the limit, or to the first error: what came before it may hold the id of
    /// an accepted job.
    pub(crate) async fn read(mut response: reqwest::Response, key: &ApiKey) -> Self {
        // Most bodies come in one piece, which is not copied. Otherwise the pieces are put together in the other.
        let mut first = Bytes::new();
        let mut joined = BytesMut::new();
        let cut = loop {
            match response.chunk().await {
                Ok(None) => break None,
                Ok(Some(chunk)) => {
                    let room = BODY_LIMIT - first.len().max(joined.len());
                    let piece = chunk.slice(..chunk.len().min(room));
                    if first.is_empty() {
                        first = piece;
                    } else {
                        if joined.is_empty() {
                            joined.extend_from_slice(&first);
                        }
                        joined.extend_from_slice(&piece);
                    }
                    if chunk.len() > room {
                        break Some(Cut::TooLong);
                    }
                }
                Err(error) => break Some(Cut::Broken(error)),
            }
        };
        let body = match joined.is_empty() {
            true => first,
            false => joined.freeze(),
        };
        Self {
            status: response.status(),
            facts: Facts::read(response.headers(), key),
            headers: std::mem::take(response.headers_mut()),
            body: redact(without_mark(body), key),
            cut,
        }
    }

    /// A response that never came over a connection.
    #[cfg(feature = "testing")]
    pub(crate) fn of_text(status: StatusCode, body: &str) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(body.as_bytes()),
            facts: Facts::default(),
            cut: None,
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// What it says of itself.
    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn into_facts(self) -> Facts {
        self.facts
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Why the body is not whole, if it isn't.
    pub(crate) fn into_cut(self) -> Option<Cut> {
        self.cut
    }

    /// The job that the response names, in its body or as its location.
    pub(crate) fn batch_id(&self) -> Option<Uuid> {
        find_batch_id(&self.body).or_else(|| id_of(self.text(&LOCATION)?))
    }

    /// When the server sent it, by the server's clock.
    pub(crate) fn date(&self) -> Option<SystemTime> {
        date(self.text(&DATE)?)
    }

    /// What the server says about the rate of requests.
    pub(crate) fn rate_limit(&self) -> RateLimit {
        let reset = self.reset();
        RateLimit {
            limit: self.number(&LIMIT),
            remaining: match self.away() {
                Some(_) => Some(0),
                None => self.number(&REMAINING),
            },
            reset,
            is_refusal: self.is_refused_for_now(),
            wait: self.wait_beside(reset),
        }
    }

    /// How long the server asks to wait.
    pub(crate) fn wait(&self) -> Option<Duration> {
        self.wait_beside(self.reset())
    }

    fn wait_beside(&self, reset: Option<Duration>) -> Option<Duration> {
        // It is not documented. On a refusal it may speak of active jobs, where the other speaks of the rate.
        let counts = self.is_refused_for_now() || reset.is_none();
        let wait = reset.max(counts.then(|| self.retry_after()).flatten());
        self.away().or(wait)
    }

    /// Until the window has room again: seconds by the documentation. Servers of other APIs send a point in time, which
    /// is recognised by being about now.
    fn reset(&self) -> Option<Duration> {
        let number = self.number(&RESET)?;
        let now = self.date().unwrap_or_else(SystemTime::now);
        let now = now.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let points = [Duration::from_secs(number), Duration::from_millis(number)];
        let point = points.into_iter().find(|at| at.abs_diff(now) < DAY);
        Some(point.map_or(Duration::from_secs(number), |at| at.saturating_sub(now)))
    }

    fn is_refused_for_now(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
    }

    /// For how long the server is away, if it says so. Its window, if it has one, is no word on that.
    fn away(&self) -> Option<Duration> {
        let is_away = self.status == StatusCode::SERVICE_UNAVAILABLE;
        self.retry_after().filter(|_| is_away)
    }

    /// Seconds, or a date by the server's clock.
    fn retry_after(&self) -> Option<Duration> {
        let text = self.text(&RETRY_AFTER)?.trim();
        let seconds = whole(text).map(Duration::from_secs);
        seconds.or_else(|| {
            let now = self.date().unwrap_or_else(SystemTime::now);
            Some(date(text)?.duration_since(now).unwrap_or_default())
        })
    }

    fn number(&self, name: &HeaderName) -> Option<u64> {
        whole(self.text(name)?.trim())
    }

    fn text(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A number without a sign; a part of one counts as one.
fn whole(text: &str) -> Option<u64> {
    let (number, part) = text.split_once('.').unwrap_or((text, ""));
    let number: u64 = number.parse().ok()?;
    let is_number = part.bytes().all(|digit| digit.is_ascii_digit());
    let is_more = part.bytes().any(|digit| digit != b'0');
    is_number.then(|| number.saturating_add(is_more.into()))
}

/// The mark that some programs begin a text with is no part of it.
fn without_mark(body: Bytes) -> Bytes {
    match body.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => body.slice_ref(rest),
        None => body,
    }
}

const LIMIT: HeaderName = HeaderName::from_static(contract::header::RATE_LIMIT_LIMIT);
const REMAINING: HeaderName = HeaderName::from_static(contract::header::RATE_LIMIT_REMAINING);
const RESET: HeaderName = HeaderName::from_static(contract::header::RATE_LIMIT_RESET);

/// A point in time as HTTP writes it.
fn date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok()
}

/// What a response says about the rate of requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct RateLimit {
    /// Requests in a window.
    pub(crate) limit: Option<u64>,
    /// Requests left in this window.
    pub(crate) remaining: Option<u64>,
    /// Until the window has room again.
    pub(crate) reset: Option<Duration>,
    /// Whether the request was refused for now.
    pub(crate) is_refusal: bool,
    /// How long the server asks to wait, for whatever reason.
    pub(crate) wait: Option<Duration>,
}

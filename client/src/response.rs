//! A response as it came: status, headers, and as much of the body as is safe to keep. What it means is
//! decided elsewhere: `accepted` for submissions, `error` for everything that went wrong.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::api_key::ApiKey;
use crate::generated::contract::{
    RATE_LIMIT_LIMIT_HEADER, RATE_LIMIT_REMAINING_HEADER, RATE_LIMIT_RESET_HEADER,
};

/// Most bytes of a body that are read. The longest real one, a page of jobs, is far below it; results files
/// don't come this way.
const BODY_LIMIT: usize = 4 << 20;
/// Most characters of a body that an error quotes.
const EXCERPT_LIMIT: usize = 1_000;
/// A response whose body has been read, whole or in part.
#[derive(Debug)]
pub(crate) struct RawResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
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
    pub(crate) async fn read(mut response: reqwest::Response) -> Self {
        let mut body = BytesMut::new();
        let cut = loop {
            match response.chunk().await {
                Ok(None) => break None,
                Ok(Some(chunk)) => {
                    let room = BODY_LIMIT - body.len();
                    body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if chunk.len() > room {
                        break Some(Cut::TooLong);
                    }
                }
                Err(error) => break Some(Cut::Broken(error)),
            }
        };
        Self {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body: body.freeze(),
            cut,
        }
    }

    /// The same response for the generated code to decode.
    pub(crate) fn replay(&self) -> reqwest::Response {
        let mut response = http::Response::new(self.body.clone());
        *response.status_mut() = self.status;
        response.into()
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Why the body is not whole, if it isn't.
    pub(crate) fn into_cut(self) -> Option<Cut> {
        self.cut
    }

    /// The beginning of the body for people to read, without the key.
    pub(crate) fn excerpt(&self, key: &ApiKey) -> String {
        // Cut last: half a key would not be recognised.
        let text = key.redact(&String::from_utf8_lossy(&self.body));
        match text.char_indices().nth(EXCERPT_LIMIT) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }

    /// What the server says about the rate of requests.
    pub(crate) fn rate_limit(&self) -> RateLimit {
        let number = |name: &str| self.headers.get(name)?.to_str().ok()?.trim().parse().ok();
        // The documented header goes first.
        let wait = number(RATE_LIMIT_RESET_HEADER).or_else(|| number(RETRY_AFTER.as_str()));
        RateLimit {
            limit: number(RATE_LIMIT_LIMIT_HEADER),
            remaining: number(RATE_LIMIT_REMAINING_HEADER),
            wait: wait.map(Duration::from_secs),
            refused: self.status == StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

/// What a response says about the rate of requests; each part may be missing.
#[derive(Clone, Debug)]
pub(crate) struct RateLimit {
    /// Requests in a window.
    pub(crate) limit: Option<u64>,
    /// Requests left in this window.
    pub(crate) remaining: Option<u64>,
    /// Until the window has room again.
    pub(crate) wait: Option<Duration>,
    /// Whether the request was one too many.
    pub(crate) refused: bool,
}

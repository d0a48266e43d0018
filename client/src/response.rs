//! A response as it came: status, headers, and as much of the body as is safe to keep. What it means is
//! decided elsewhere: `accepted` for submissions, `error` for everything that went wrong.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::api_key::ApiKey;

/// Most bytes of a body that are read. The longest real one, a page of jobs, is far below it; results files
/// don't come this way.
const BODY_LIMIT: usize = 4 << 20;
/// Most characters of a body that an error quotes.
const EXCERPT_LIMIT: usize = 1_000;
/// Seconds until the rate limit's window has room again.
const RATE_LIMIT_RESET: &str = "x-ratelimit-reset";

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
            headers: response.headers().clone(),
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

    /// How long the server asks to wait. `x-ratelimit-reset` is documented, so it goes first.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let seconds = |value: &http::HeaderValue| value.to_str().ok()?.trim().parse().ok();
        let reset = self.headers.get(RATE_LIMIT_RESET).and_then(seconds);
        reset
            .or_else(|| self.headers.get(RETRY_AFTER).and_then(seconds))
            .map(Duration::from_secs)
    }
}

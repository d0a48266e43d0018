//! How the reference client calls: the API with the key, the store without.

use std::time::Duration;

use http::{Method, StatusCode, header};
use serde_json::Value;

use super::Mistake;
use crate::generated::contract::{API_VERSION, header as names, media_type};
use crate::scenarios::task::Task;

/// What the client says when it fails.
#[derive(Debug)]
pub(super) struct Failed(pub(super) String);

/// Until then a client waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(120);

/// What is longer is no time to wait but a point in time, in seconds.
const A_DAY: f64 = 86_400.0;

/// An answer: its status, and its body where it came whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Option<Vec<u8>>,
}

impl Answer {
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.body.as_deref()?).ok()
    }
}

#[derive(Clone, Copy)]
pub(super) struct Api<'a> {
    pub(super) http: &'a reqwest::Client,
    pub(super) task: &'a Task,
    pub(super) mistake: Option<Mistake>,
}

impl Api<'_> {
    pub(super) fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    /// Waits, in the time of the scenario.
    pub(super) async fn pause(&self, seconds: f64) {
        let time = Duration::from_secs_f64(seconds.max(0.0));
        tokio::time::sleep(time / self.task.speed).await;
    }

    /// Calls the API; `None` where no answer came. What is throttled was not done, and is sent again when there is room.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Option<Answer>, Failed> {
        let submits = method == Method::POST;
        let mut url = match self.task.base_url.join(path) {
            Ok(url) => url,
            Err(error) => return Err(Failed(error.to_string())),
        };
        loop {
            let mut request = self.http.request(method.clone(), url.clone());
            if self.makes(Mistake::TokenScheme) {
                request = request.header(header::AUTHORIZATION, format!("Token {}", self.task.key));
            } else if !self.makes(Mistake::NoKey) && (submits || !self.makes(Mistake::NoKeyOnPolls))
            {
                request = request.bearer_auth(&self.task.key);
            }
            if self.makes(Mistake::OtherVersion) {
                request = request.header(names::API_VERSION, "2024-11-01");
            } else if !self.makes(Mistake::NoVersion) {
                request = request.header(names::API_VERSION, API_VERSION);
            }
            if let Some(body) = body {
                request = request
                    .header(header::CONTENT_TYPE, media_type::JSON)
                    .body(body.to_string());
            }
            let Some((answer, headers)) = self.send(request).await else {
                return Ok(None);
            };
            let location = headers
                .get(header::LOCATION)
                .and_then(|to| to.to_str().ok());
            if answer.status.is_redirection()
                && self.makes(Mistake::KeyAlongRedirects)
                && let Some(to) = location.and_then(|to| url.join(to).ok())
            {
                url = to;
                continue;
            }
            if answer.status != StatusCode::TOO_MANY_REQUESTS {
                return Ok(Some(answer));
            }
            self.throttled(submits, &answer)?;
            let reset = headers.get(names::RATE_LIMIT_RESET);
            let reset = reset.and_then(|reset| reset.to_str().ok()?.parse::<f64>().ok());
            if self.makes(Mistake::IgnoresReset) {
                self.pause(0.3).await;
            } else {
                let wait =
                    reset.filter(|reset| *reset < A_DAY || self.makes(Mistake::MomentIsWait));
                self.pause(wait.unwrap_or(10.0) + 0.1).await;
            }
        }
    }

    /// What a client with a mistake makes of a 429.
    fn throttled(&self, submits: bool, answer: &Answer) -> Result<(), Failed> {
        let gives_up = match self.mistake {
            Some(Mistake::GivesUpWhenFull) => submits,
            Some(Mistake::GivesUpPolling) => !submits,
            Some(Mistake::MetadataObject) => {
                let error = answer.json();
                error.is_none_or(|error| !error["error"]["metadata"].is_object())
            }
            _ => false,
        };
        if gives_up {
            return Err(Failed("throttled".to_owned()));
        }
        Ok(())
    }

    /// Fetches a file from the store.
    pub(super) async fn fetch(&self, link: &str) -> Option<Answer> {
        let mut request = self.http.get(link);
        if self.makes(Mistake::KeyToStore) {
            request = request.bearer_auth(&self.task.key);
        }
        self.send(request).await.map(|(answer, _)| answer)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Option<(Answer, http::HeaderMap)> {
        // Time that is fast leaves a machine less of it for its work.
        let timeout = (TIMEOUT / self.task.speed).max(TIMEOUT / 20);
        let response = request.timeout(timeout).send().await.ok()?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.ok().map(|body| body.to_vec());
        Some((Answer { status, body }, headers))
    }
}

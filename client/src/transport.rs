//! One call on the wire: it waits for its turn, the key goes in, and the response is kept here,
//! bounded, beside what the generated code makes of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, Request, Response};

use crate::clock::{Now, Sent};
use crate::generated::api;
use crate::response::RawResponse;
use crate::shared::{Pace, Shared};

/// What one call needs beyond its arguments, and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    shared: Arc<Shared>,
    timeout: Duration,
    pace: Pace,
    exchange: Arc<Mutex<Exchange>>,
}

/// What the generated code drops: a response's status when it can't decode the body, and the body when the connection
/// breaks off. After a submission both are worth money.
#[derive(Debug, Default)]
pub(crate) struct Exchange {
    /// When the request was sent, if it was.
    pub(crate) sent: Option<Sent>,
    /// What came back, if a status line did.
    pub(crate) response: Option<RawResponse>,
}

impl Transport {
    /// A transport for one call.
    pub(crate) fn new(shared: Arc<Shared>, timeout: Duration, pace: Pace) -> Self {
        Self {
            shared,
            timeout,
            pace,
            exchange: Arc::default(),
        }
    }

    pub(crate) fn into_exchange(self) -> Exchange {
        std::mem::take(&mut *self.exchange())
    }

    fn exchange(&self) -> MutexGuard<'_, Exchange> {
        self.exchange.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientHooks<Transport> for api::Client {
    async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
        let Transport {
            shared, timeout, ..
        } = self.inner();
        let key = shared.key.authorization();
        request.headers_mut().insert(AUTHORIZATION, key);
        *request.timeout_mut() = Some(*timeout);
        Ok(())
    }

    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        let Transport { shared, pace, .. } = self.inner();
        let is_submission = request.method() == Method::POST;
        let turn = shared.pacer_of(*pace).turn(is_submission).await;
        let begin = Now::read();
        let sent = |at_server| Sent {
            here: begin.here,
            at_server,
        };
        self.inner().exchange().sent = Some(sent(shared.clock.now_at_server(begin)));
        let url = request.url().clone();
        let response = self.client().execute(request).await?;
        let response = RawResponse::read(response, &shared.key).await;
        let end = Now::read();
        let date = response.date();
        shared.clock.learn(date, end);
        turn.learn(&response.rate_limit());
        let replay = response.replay(url);
        let mut exchange = self.inner().exchange();
        if let Some(date) = date.and_then(|date| date.checked_sub(end.at - begin.at)) {
            exchange.sent = Some(sent(Some(date)));
        }
        exchange.response = Some(response);
        Ok(replay)
    }
}

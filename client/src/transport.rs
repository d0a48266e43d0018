//! One request on the wire: it waits for its turn, the key goes in, and what comes back is kept, bounded. After a
//! submission all of it is worth money.

use std::time::Duration;

use reqwest::header::AUTHORIZATION;
use reqwest::{Method, Request};

use crate::Client;
use crate::clock::{Now, Sent};
use crate::response::RawResponse;
use crate::shared::Pace;

/// What came of a request.
pub(crate) struct Exchange {
    /// When it was sent.
    pub(crate) sent: Sent,
    /// What came back, if a status line did.
    pub(crate) response: reqwest::Result<RawResponse>,
}

impl Client {
    /// Sends a request once, at its turn.
    pub(crate) async fn exchange(
        &self,
        mut request: Request,
        pace: Pace,
        timeout: Duration,
    ) -> Exchange {
        let shared = &*self.shared;
        let key = shared.key.authorization();
        request.headers_mut().insert(AUTHORIZATION, key);
        *request.timeout_mut() = Some(timeout);
        let is_submission = request.method() == Method::POST;
        let turn = shared.pacer_of(pace).turn(is_submission).await;
        let begin = Now::read();
        let sent = |at_server| Sent {
            here: begin.here,
            at_server,
        };
        let by_estimate = sent(shared.clock.now_at_server(begin));
        let response = match shared.api.client.execute(request).await {
            Ok(response) => RawResponse::read(response, &shared.key).await,
            Err(error) => {
                return Exchange {
                    sent: by_estimate,
                    response: Err(error),
                };
            }
        };
        let end = Now::read();
        let date = response.date();
        shared.clock.learn(date, end);
        turn.learn(&response.rate_limit());
        let by_date = date.and_then(|date| date.checked_sub(end.at - begin.at));
        Exchange {
            sent: by_date.map_or(by_estimate, |date| sent(Some(date))),
            response: Ok(response),
        }
    }
}

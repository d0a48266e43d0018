//! One call on the wire: it waits for its turn, the key and the API version go in, and the response is kept here,
//! bounded, beside what the generated code makes of it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::{Request, Response};

use crate::client::Shared;
use crate::generated::api;
use crate::generated::contract::{API_VERSION, API_VERSION_HEADER};
use crate::response::RawResponse;

/// The header with which the generated code names the document's version. The API doesn't know it.
const GENERATED_VERSION_HEADER: &str = "api-version";

/// What one call needs beyond its arguments, and the response to it.
///
/// The generated code drops a response's status when it can't decode the body, and the body when the connection
/// breaks off. After a submission both are worth money, so they are kept here.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    shared: Arc<Shared>,
    timeout: Duration,
    response: Arc<OnceLock<RawResponse>>,
}

impl Transport {
    /// A transport for one call.
    pub(crate) fn new(shared: Arc<Shared>, timeout: Duration) -> Self {
        Self {
            shared,
            timeout,
            response: Arc::default(),
        }
    }

    /// What came back, if a status line did.
    pub(crate) fn into_response(self) -> Option<RawResponse> {
        Arc::into_inner(self.response)?.into_inner()
    }
}

impl ClientHooks<Transport> for api::Client {
    async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
        let Transport {
            shared, timeout, ..
        } = self.inner();
        shared.pacer.turn().await;
        let headers = request.headers_mut();
        headers.remove(GENERATED_VERSION_HEADER);
        headers.insert(
            HeaderName::from_static(API_VERSION_HEADER),
            HeaderValue::from_static(API_VERSION),
        );
        headers.insert(AUTHORIZATION, shared.key.authorization()?);
        *request.timeout_mut() = Some(*timeout);
        Ok(())
    }

    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        let response = RawResponse::read(self.client().execute(request).await?).await;
        self.inner().shared.pacer.learn(&response.rate_limit());
        let replay = response.replay();
        // One transport makes one call, so the slot is empty.
        let _ = self.inner().response.set(response);
        Ok(replay)
    }
}

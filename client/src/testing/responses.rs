//! What a client makes of responses that never came over a connection: bytes that somebody logged, or that a fuzzer made
//! up. Values and errors that are made by hand are in the module above.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::client::{decoded, of_job};
use crate::error::{Error, Operation, SubmitError};
use crate::response::RawResponse;
use crate::{Accepted, BatchJob, BatchJobPage, Client, ContactEnrichRequest, lenient};

/// A response as a server sends it.
///
/// ```
/// use crustdata_batch::{ApiKey, Client, Uuid, testing};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let client = Client::builder().api_key(ApiKey::new("secret")?).build()?;
/// let response = testing::Response::new(502, "Bad Gateway").header("x-request-id", "42");
/// let error = testing::polled(&client, Uuid::nil(), response).await.unwrap_err();
/// assert!(error.is_transient());
/// assert_eq!(error.request_id(), Some("42"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Response {
    /// One with this status, or 500 for a number that is no status, and this body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    /// With one header more, if that is one that can be sent.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name = name.parse::<HeaderName>();
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_ref())) {
            self.headers.append(name, value);
        }
        self
    }

    async fn read(self, client: &Client) -> RawResponse {
        let mut response = http::Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        RawResponse::read(response.into(), &client.shared.key).await
    }
}

/// What [`Client::submit`] gives for a request whose one attempt got this response.
///
/// # Errors
///
/// Those of `submit`.
pub async fn submitted(
    client: &Client,
    request: &ContactEnrichRequest,
    response: Response,
) -> Result<Accepted, SubmitError> {
    let call = client.shared.api.submit_contact_enrich(request);
    let accepted = match call {
        Ok(call) => client.accepted(&call.success, response.read(client).await),
        Err(error) => Err(Error::not_built(Operation::Submit, error)),
    };
    accepted.map_err(|error| match error.is_outcome_unknown() {
        true => client.unknown(request, error, []),
        false => SubmitError::NotAccepted(error),
    })
}

/// What [`Client::job`] gives for this response.
///
/// # Errors
///
/// Those of `job`.
pub async fn polled(
    client: &Client,
    batch_id: Uuid,
    response: Response,
) -> Result<BatchJob, Error> {
    let call = client.shared.api.get_batch(&batch_id);
    let call = call.map_err(|error| Error::not_built(Operation::Job, error))?;
    let response = response.read(client).await;
    let job = decoded(Operation::Job, &call.success, response, lenient::job);
    of_job(batch_id, job)
}

/// What [`Client::list`] gives for this response.
///
/// # Errors
///
/// Those of `list`.
pub async fn listed(client: &Client, response: Response) -> Result<BatchJobPage, Error> {
    let call = client.shared.api.list_batches(None, None, None);
    let call = call.map_err(|error| Error::not_built(Operation::List, error))?;
    let response = response.read(client).await;
    let page = decoded(Operation::List, &call.success, response, lenient::page);
    page.map(|(page, _)| page)
}

/// The records that [`Client::results`] gives for a completed job with this file.
#[cfg(feature = "results")]
pub fn results_of(client: &Client, job: &BatchJob, file: impl Into<Vec<u8>>) -> crate::Results {
    crate::Results::of_file(client, job, file.into().into())
}

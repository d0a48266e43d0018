//! The client: one method for each operation of the API. How it is set up is in `builder`, what goes over the
//! wire in `transport`.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::accepted::{Accepted, IncompleteResponse, find_batch_id};
use crate::api_key::ApiKey;
use crate::builder::ClientBuilder;
use crate::error::{Error, Operation};
use crate::generated::api;
use crate::response::RawResponse;
use crate::transport::Transport;
use crate::{BatchJob, BatchJobPage, ConfigError, ContactEnrichRequest, ListQuery};

/// A client of the Batch API, for one account.
///
/// A clone is cheap and shares the connections. `Debug` shows the base URL and not the key.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

/// What all clones of a client share.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Without a slash at the end.
    pub(crate) base_url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) key: ApiKey,
    pub(crate) timeout: Duration,
}

impl Client {
    /// Sets up a client; an API key is all it needs.
    ///
    /// ```
    /// use crustdata_batch::{ApiKey, Client};
    ///
    /// let client = Client::builder().api_key(ApiKey::new("k-123")?).build()?;
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client with the key in `CRUSTDATA_API_KEY`, for the API at `CRUSTDATA_BASE_URL` (the live one, if that
    /// is not set or empty).
    ///
    /// # Errors
    ///
    /// When there is no key, or when one of the two can't be what it should be.
    pub fn from_env() -> Result<Self, ConfigError> {
        ClientBuilder::from_env()?.build()
    }

    pub(crate) fn new(shared: Shared) -> Self {
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Where the API is.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// Submits a job.
    ///
    /// The request is sent once. It is not repeated on any failure, since there is no way to tell the API that
    /// two requests are the same, nor to take a job back. Any response with a success status and a readable
    /// `batch_id` is an acceptance, however odd it is otherwise.
    ///
    /// Not cancel-safe: after a future that was polled is dropped, the job may be accepted all the same.
    ///
    /// # Errors
    ///
    /// [`Error::is_outcome_unknown`] says whether the job may have been accepted all the same; all other errors
    /// are certain refusals or requests that were never sent.
    pub async fn submit(&self, request: &ContactEnrichRequest) -> Result<Accepted, Error> {
        let api = self.api();
        match api.submit_contact_enrich(request).await {
            Ok(batch) => Ok(batch.into_inner().into()),
            Err(error) => self.salvage(error, api.inner.into_response()),
        }
    }

    /// Reads a job's status.
    ///
    /// # Errors
    ///
    /// Among others [`Error::is_not_found`]. Safe to call again after any error.
    pub async fn job(&self, batch_id: Uuid) -> Result<BatchJob, Error> {
        let api = self.api();
        match api.get_batch(&batch_id).await {
            Ok(job) => Ok(job.into_inner()),
            Err(error) => Err(self.error(Operation::Job, error, api.inner.into_response())),
        }
    }

    /// Lists the account's jobs, most recent first, one page at a time: while `has_more`, the next page is at
    /// [`ListQuery::cursor`]`(next_cursor)`. Jobs of other endpoints are among them.
    ///
    /// # Errors
    ///
    /// Safe to call again after any error.
    pub async fn list(&self, query: &ListQuery) -> Result<BatchJobPage, Error> {
        let ListQuery {
            limit,
            status,
            cursor,
        } = query;
        let api = self.api();
        match api
            .list_batches(cursor.as_ref(), limit.as_ref(), status.as_ref())
            .await
        {
            Ok(page) => Ok(page.into_inner()),
            Err(error) => Err(self.error(Operation::List, error, api.inner.into_response())),
        }
    }

    /// The generated client, for one call.
    fn api(&self) -> api::Client {
        let Shared {
            base_url,
            http,
            key,
            timeout,
        } = &*self.shared;
        api::Client::new_with_client(
            base_url,
            http.clone(),
            Transport::new(key.clone(), *timeout),
        )
    }

    /// The accepted job behind a response to a submission that the generated code can't decode, if there is one.
    fn salvage(
        &self,
        error: progenitor_client::Error,
        response: Option<RawResponse>,
    ) -> Result<Accepted, Error> {
        let accepted = response
            .as_ref()
            .filter(|response| response.status().is_success())
            .and_then(|response| {
                let batch_id = find_batch_id(response.body())?;
                Some((
                    batch_id,
                    response.status().as_u16(),
                    response.excerpt(&self.shared.key),
                ))
            });
        let error = self.error(Operation::Submit, error, response);
        let Some((batch_id, status, body_excerpt)) = accepted else {
            return Err(error);
        };
        let reason = std::error::Error::source(&error)
            .map(ToString::to_string)
            .unwrap_or_default();
        Ok(Accepted {
            batch_id,
            details: Err(IncompleteResponse {
                status,
                reason,
                body_excerpt,
            }),
        })
    }

    fn error(
        &self,
        operation: Operation,
        error: progenitor_client::Error,
        response: Option<RawResponse>,
    ) -> Error {
        Error::new(operation, error, response, &self.shared.key)
    }
}

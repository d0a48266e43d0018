//! The client, and the calls that read. Submitting is in `submit`; waiting, listing, results and reconciling have modules
//! of their own. How a client is set up is in `builder`, what its clones share in `shared`, what goes over the wire in
//! `transport`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::error::{Error, Kind, Operation};
use crate::generated::api;
use crate::generated::contract::limits;
use crate::response::RawResponse;
use crate::shared::{Pace, Shared};
use crate::transport::Transport;
use crate::{BatchJob, BatchJobPage, ListQuery, lenient, trace};

/// A client of the Batch API, for one account.
///
/// A clone is cheap and shares the connections, the pace of requests, and the ids of the jobs that were submitted.
/// `Debug` shows the base URL and not the key.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

impl Client {
    /// Jobs of one account that may be pending or processing at the same time, by the documentation.
    pub const MAX_ACTIVE_JOBS: usize = limits::ACTIVE_JOBS;

    pub(crate) fn new(shared: Shared) -> Self {
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Where the API is.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// Reads a job's status.
    ///
    /// A key of an unexpected type is read as if it were missing, unless it is one that no job lacks. The status of
    /// another job than the one asked for is a response that can't be read.
    ///
    /// Cancel-safe: the future may be dropped at any time.
    ///
    /// # Errors
    ///
    /// Among others [`Error::is_not_found`]. Safe to call again after any error.
    pub async fn job(&self, batch_id: Uuid) -> Result<BatchJob, Error> {
        trace::call(Operation::Job, Some(batch_id), || async {
            let api = self.api(self.shared.timeout);
            let job = api.get_batch(&batch_id).await;
            let response = api.inner.into_exchange().response;
            let facts = response.as_ref().map(RawResponse::facts).cloned();
            let job = match job {
                Ok(job) => Ok(job.into_inner()),
                Err(error) => self.read_again(Operation::Job, error, response, lenient::job),
            };
            match job.map(|job| BatchJob {
                facts: facts.unwrap_or_default(),
                ..job
            }) {
                Ok(job) if job.batch_id != batch_id => {
                    Err(Error::new(Operation::Job, Kind::OtherJob(job.batch_id)))
                }
                job => job,
            }
            .map_err(|error| error.about(batch_id))
        })
        .await
    }

    /// Lists the account's jobs, most recent first, one page at a time: while `has_more`, the next page is at
    /// [`ListQuery::cursor`]`(next_cursor)`. Jobs of other endpoints are among them. [`jobs`](Self::jobs) follows
    /// the pages by itself.
    ///
    /// Cancel-safe: the future may be dropped at any time.
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
        trace::call(Operation::List, None, || async {
            let api = self.api(self.shared.timeout);
            let page = api.list_batches(cursor.as_ref(), limit.as_ref(), status.as_ref());
            let page = page.await;
            let response = api.inner.into_exchange().response;
            match page {
                Ok(page) => Ok(page.into_inner()),
                Err(error) => self.read_again(Operation::List, error, response, lenient::page),
            }
        })
        .await
    }

    /// The generated client, for one call.
    pub(crate) fn api(&self, timeout: Duration) -> api::Client {
        self.api_at(timeout, Pace::Batch)
    }

    /// The generated client, for one call that keeps this pace.
    pub(crate) fn api_at(&self, timeout: Duration, pace: Pace) -> api::Client {
        let Shared { base_url, http, .. } = &*self.shared;
        let transport = Transport::new(Arc::clone(&self.shared), timeout, pace);
        api::Client::new_with_client(base_url, http.clone(), transport)
    }

    /// What can be read of a response that the generated code can't decode.
    fn read_again<T>(
        &self,
        operation: Operation,
        error: progenitor_client::Error,
        response: Option<RawResponse>,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<T, Error> {
        let is_odd = matches!(error, progenitor_client::Error::InvalidResponsePayload(..));
        match response.as_ref().and_then(|response| read(response.body())) {
            Some(value) if is_odd => Ok(value),
            _ => Err(self.error(operation, error, response)),
        }
    }

    pub(crate) fn error(
        &self,
        operation: Operation,
        error: progenitor_client::Error,
        response: Option<RawResponse>,
    ) -> Error {
        Error::of_call(operation, error, response, self.shared.is_http_ours)
    }
}

impl fmt::Debug for Client {
    // Not all: a caller's HTTP client may have secrets among its own headers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.shared.base_url)
            .finish_non_exhaustive()
    }
}

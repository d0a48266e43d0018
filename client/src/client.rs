//! The client, and the calls that read. Submitting is in `submit`; waiting, listing, results and reconciling have modules
//! of their own. How a client is set up is in `builder`, what its clones share in `shared`, what goes over the wire in
//! `transport`.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::call::{Call, Success, Unexpected};
use crate::error::{Error, Kind, Operation};
use crate::facts::Facts;
use crate::generated::contract::limits;
use crate::response::RawResponse;
use crate::shared::{Pace, Shared};
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
        &self.shared.api.base_url
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
            let call = self.shared.api.get_batch(&batch_id);
            let job = self
                .read(Operation::Job, Pace::Batch, call, lenient::job)
                .await;
            of_job(batch_id, job)
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
            let api = &self.shared.api;
            let call = api.list_batches(cursor.as_ref(), limit.as_ref(), status.as_ref());
            let (page, _) = self
                .read(Operation::List, Pace::Batch, call, lenient::page)
                .await?;
            Ok(page)
        })
        .await
    }

    /// Sends a request that only reads, and [decodes](decoded) the response.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        operation: Operation,
        pace: Pace,
        call: reqwest::Result<Call<T>>,
        leniently: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<(T, Facts), Error> {
        let Call { request, success } = call.map_err(|error| Error::not_built(operation, error))?;
        let exchange = self.exchange(request, pace, self.shared.timeout).await;
        let response = exchange
            .response
            .map_err(|error| self.no_response(operation, error))?;
        decoded(operation, &success, response, leniently)
    }

    /// The error of a request that no response came to.
    pub(crate) fn no_response(&self, operation: Operation, error: reqwest::Error) -> Error {
        Error::new(
            operation,
            Kind::no_response(error, self.shared.is_http_ours),
        )
    }
}

/// What a response to a request that only reads says; `leniently`, where it is a success that has not the form that it
/// should have.
pub(crate) fn decoded<T: DeserializeOwned>(
    operation: Operation,
    success: &Success<T>,
    response: RawResponse,
    leniently: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<(T, Facts), Error> {
    let value = success.decode(&response).or_else(|unexpected| {
        let is_odd = matches!(unexpected, Unexpected::Body(_));
        let value = is_odd.then(|| leniently(response.body())).flatten();
        value.ok_or(unexpected)
    });
    match value {
        Ok(value) => Ok((value, response.into_facts())),
        Err(unexpected) => Err(Error::of_response(operation, unexpected, response)),
    }
}

/// The status of the job that was asked for.
pub(crate) fn of_job(
    batch_id: Uuid,
    job: Result<(BatchJob, Facts), Error>,
) -> Result<BatchJob, Error> {
    match job {
        Ok((job, _)) if job.batch_id != batch_id => {
            Err(Error::new(Operation::Job, Kind::OtherJob(job.batch_id)))
        }
        job => job.map(|(job, facts)| BatchJob { facts, ..job }),
    }
    .map_err(|error| error.about(batch_id))
}

impl fmt::Debug for Client {
    // Not all: a caller's HTTP client may have secrets among its own headers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.shared.api.base_url)
            .finish_non_exhaustive()
    }
}

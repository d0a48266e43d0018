//! Which jobs to list.

use uuid::Uuid;

use super::PageLimit;
use crate::JobStatus;

/// Which page of which jobs to list; without a setting, the first page of all jobs.
///
/// ```
/// use crustdata_batch::{JobStatus, ListQuery, PageLimit};
///
/// let running = ListQuery::new().status(JobStatus::Processing).limit(PageLimit::MAX);
/// # let _ = running;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a query does nothing until it is given to `Client::list`"]
pub struct ListQuery {
    pub(crate) limit: Option<PageLimit>,
    pub(crate) status: Option<JobStatus>,
    pub(crate) cursor: Option<Uuid>,
}

impl ListQuery {
    /// The first page of all jobs, with as many jobs as the API puts on a page by default.
    pub fn new() -> Self {
        Self::default()
    }

    /// At most so many jobs.
    pub fn limit(mut self, limit: PageLimit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Only jobs in this status. The API refuses a status that it doesn't know.
    pub fn status(mut self, status: JobStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// The page that another page's `next_cursor` points at.
    pub fn cursor(mut self, cursor: Uuid) -> Self {
        self.cursor = Some(cursor);
        self
    }
}

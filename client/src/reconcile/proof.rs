//! Whose job a completed job is, by the identifiers in its results.

use crate::submission::Submission;
use crate::{BatchJob, Client, Error, JobStatus};

impl Client {
    /// Whether the job is the submission's, as its results show; none where they don't, or are not there yet.
    pub(super) async fn is_job_of(
        &self,
        submission: &Submission,
        job: &BatchJob,
    ) -> Result<Option<bool>, Error> {
        if job.status != JobStatus::Completed {
            return Ok(None);
        }
        let (mut is_own, mut is_anothers) = (false, false);
        let mut records = self.results(job);
        while let Some(record) = records.next().await {
            match record {
                Ok(record) => match submission.has(&record.original_identifier) {
                    Some(true) => is_own = true,
                    Some(false) => is_anothers = true,
                    None => return Ok(None),
                },
                Err(error) if error.is_unreadable_line() || error.is_count_mismatch() => {}
                Err(error) => return Err(error),
            }
        }
        // A URL that is not the one that was submitted may belong to the same profile all the same.
        if is_anothers && !records.are_identifiers_as_submitted() {
            return Ok(None);
        }
        // A file with both is that of a submission that shares some identifiers with this one.
        Ok((is_own != is_anothers).then_some(is_own))
    }
}

//! Where a job says that its results are.

use crate::{BatchJob, DownloadLink};

/// Whether an absent link is left out, null or empty is not documented.
pub(super) fn link(job: &BatchJob) -> Option<&DownloadLink> {
    job.download_url
        .as_ref()
        .filter(|link| !link.as_str().is_empty())
}

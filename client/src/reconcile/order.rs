//! Which job an accepted request made: the one in its place, among the jobs and the accepted requests of as many
//! identifiers.

use std::time::{Duration, SystemTime};

use super::record::{RECORDED_AFTER, Record};
use crate::BatchJob;
use crate::submission::{Submission, Window, created};

/// Requests that arrive sooner one after the other may have made their jobs in another order.
const APART: Duration = Duration::from_secs(5);

/// The job of the submission, where its place tells it. Counted from the oldest, the jobs are those of the requests, one
/// for one, if none of either is missing: there is no job so near to the beginning that its request may be before it, and
/// no more jobs than requests but those that are too recent for their requests to be recorded. `jobs` are those since the
/// record's beginning, most recent first.
pub(super) fn job_in_place(
    submission: &Submission,
    record: &Record,
    jobs: &[BatchJob],
    window: &Window,
) -> Option<BatchJob> {
    let counts = submission.distinct_identifiers..=submission.identifiers;
    let may_be_alike = |count: Option<u64>| count.is_none_or(|count| counts.contains(&count));
    let requests: Vec<bool> = (record.accepted.iter().rev())
        .filter(|(is_own, count)| *is_own || may_be_alike(*count))
        .map(|(is_own, _)| *is_own)
        .collect();
    let jobs = jobs.iter().rev();
    let jobs: Vec<(&BatchJob, SystemTime)> = jobs
        .filter(|job| may_be_alike(job.identifier_count))
        .map(|job| Some((job, created(job)?)))
        .collect::<Option<_>>()?;
    let is_only = requests.iter().filter(|is_own| **is_own).count() == 1;
    let place = requests.iter().position(|is_own| *is_own)?;
    let (job, at) = *jobs.get(place)?;

    let begin = window.start()?.checked_add(APART)?;
    let recorded_by = window.server_time?.checked_sub(RECORDED_AFTER)?;
    let recorded = jobs.iter().filter(|(_, at)| *at <= recorded_by).count();
    let is_whole = jobs.first().is_some_and(|(_, first)| *first >= begin)
        && (recorded..=jobs.len()).contains(&requests.len());
    let apart = |earlier: SystemTime, later: SystemTime| {
        (later.duration_since(earlier)).is_ok_and(|apart| apart >= APART)
    };
    let before = place.checked_sub(1).and_then(|before| jobs.get(before));
    let is_apart = before.is_none_or(|(_, before)| apart(*before, at))
        && (jobs.get(place + 1)).is_none_or(|(_, after)| apart(at, *after));
    let is_other = submission.others.contains(&job.batch_id);
    (is_only && is_whole && is_apart && place < recorded && !is_other).then(|| job.clone())
}

//! Which job an accepted request made: the one in its place, among the jobs and the accepted requests of as many
//! identifiers.

use std::time::{Duration, SystemTime};

use super::record::{RECORDED_AFTER, Record};
use crate::BatchJob;
use crate::submission::{Submission, created};

/// Requests that arrive sooner one after the other may have made their jobs in another order.
const APART: Duration = Duration::from_secs(2);

/// The job of the submission, where its place tells it. Counted from the oldest, the jobs are those of the requests, one
/// for one, if none of either is missing: there is no job so near to the beginning that its request may be before it, and
/// no more jobs than requests but those that are too recent for their requests to be recorded. `jobs` are those of the
/// list, most recent first.
pub(super) fn job_in_place(
    submission: &Submission,
    record: &Record,
    jobs: &[BatchJob],
    server_time: Option<SystemTime>,
) -> Option<BatchJob> {
    let (requests, jobs) = alike(submission, record, jobs)?;
    let is_only = requests.iter().filter(|is_own| **is_own).count() == 1;
    let place = requests.iter().position(|is_own| *is_own)?;
    let (job, at) = *jobs.get(place)?;

    let begin = record.start.checked_add(APART)?;
    let recorded = recorded(&jobs, server_time)?;
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

/// Whether no job is without a request: where one is, the record lacks its request, and may lack the submission's.
pub(super) fn are_all_recorded(
    submission: &Submission,
    record: &Record,
    jobs: &[BatchJob],
) -> bool {
    let alike = alike(submission, record, jobs);
    alike.is_some_and(|(requests, jobs)| jobs.len() <= requests.len())
}

/// The accepted requests that may have as many identifiers as the submission, each with whether it is its own, and the
/// jobs since the record's beginning that may, each with its time; oldest first.
type Alike<'a> = (Vec<bool>, Vec<(&'a BatchJob, SystemTime)>);

/// None where a job has no time.
fn alike<'a>(submission: &Submission, record: &Record, jobs: &'a [BatchJob]) -> Option<Alike<'a>> {
    let counts = submission.distinct_identifiers..=submission.identifiers;
    let may_be_alike = |count: Option<u64>| count.is_none_or(|count| counts.contains(&count));
    let requests = (record.accepted.iter().rev())
        .filter(|(is_own, count)| *is_own || may_be_alike(*count))
        .map(|(is_own, _)| *is_own)
        .collect();
    let jobs = jobs.iter().rev();
    let jobs = jobs
        .filter(|job| may_be_alike(job.identifier_count))
        .map(|job| Some((job, created(job)?)))
        .filter(|job| job.is_none_or(|(_, at)| at >= record.start))
        .collect::<Option<_>>()?;
    Some((requests, jobs))
}

/// How many of the jobs are so old that their requests are recorded.
fn recorded(jobs: &[(&BatchJob, SystemTime)], server_time: Option<SystemTime>) -> Option<usize> {
    let by = server_time?.checked_sub(RECORDED_AFTER)?;
    Some(jobs.iter().filter(|(_, at)| *at <= by).count())
}

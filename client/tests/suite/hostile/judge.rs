//! What must hold, whatever a server does: each call's result beside what the server knows.

use std::fmt::Debug;

use crustdata_batch::{
    Accepted, BatchJob, ContactRecord, Error, ErrorResponse, JobStatus, Reconciliation,
    SubmitError, Uuid,
};

use super::secret::shows;
use super::store::Items;
use super::world::{List, World};

/// Nothing is sent after an attempt that may be accepted, and what is accepted is read.
pub(super) fn submission(
    world: &World,
    identifiers: usize,
    result: Option<&Result<Accepted, SubmitError>>,
) {
    let track = std::mem::take(&mut world.state().track);
    let jobs = world.jobs_of(identifiers);
    let wrong = |what: &str| world.violation(&format!("{what}: {result:?}, {track:?}, {jobs:?}"));
    if track.is_repeated {
        wrong("a submission is repeated after one that may be accepted");
    }
    match result {
        Some(Ok(accepted)) => {
            hidden(world, accepted);
            hidden(
                world,
                &accepted.details.as_ref().err().map(ToString::to_string),
            );
            if !jobs.contains(&accepted.batch_id) {
                wrong("the id of no job, or of another");
            }
        }
        Some(Err(SubmitError::NotAccepted(error))) => error_hidden(world, error),
        Some(Err(error @ SubmitError::OutcomeUnknown(unknown))) => {
            chain_hidden(world, error);
            chain_hidden(world, unknown);
            response_hidden(world, unknown.response(), unknown.body_excerpt());
            hidden(world, unknown.submission());
            if track.told.is_some() && !unknown.is_timeout() {
                wrong("an acceptance is not read");
            }
        }
        None => {}
    }
}

/// At most one job for each call, and none for one that certainly was not accepted. Looked at last, since requests may
/// arrive after their call has ended.
pub(super) fn end(world: &World, not_accepted: &[(usize, String)]) {
    let state = world.state();
    let mut counts: Vec<_> = state.jobs.iter().map(|job| job.identifiers).collect();
    drop(state);
    counts.sort_unstable();
    if counts.windows(2).any(|pair| pair[0] == pair[1]) {
        world.violation(&format!("two jobs of one call: {counts:?}"));
    }
    for (identifiers, error) in not_accepted {
        if counts.contains(identifiers) {
            world.violation(&format!("a job that is said not to be: {error}"));
        }
    }
}

/// Only this submission's job is taken for it, and if it was there `before`, it is found.
pub(super) fn reconciliation(
    world: &World,
    identifiers: usize,
    before: &[Uuid],
    result: &Result<Reconciliation, Error>,
) {
    shown(world, result);
    let created = world.jobs_of(identifiers);
    let is_wrong = match result {
        Ok(Reconciliation::Found(job, _)) => !created.contains(&job.batch_id),
        Ok(Reconciliation::NotFound(_)) => !before.is_empty(),
        Ok(Reconciliation::Ambiguous(jobs, _)) => before
            .iter()
            .any(|id| jobs.iter().all(|job| job.batch_id != *id)),
        // What the account's usage shows proves nothing before a minute has passed, and none has.
        Ok(Reconciliation::NeverArrived(_) | Reconciliation::Refused(..)) => true,
        _ => false,
    };
    if is_wrong {
        world.violation(&format!(
            "not the submission's job {created:?} ({before:?} before): {result:?}"
        ));
    }
}

pub(super) fn job(world: &World, id: Uuid, result: &Result<BatchJob, Error>) {
    shown(world, result);
    if result.as_ref().is_ok_and(|job| job.batch_id != id) {
        world.violation(&format!("the status of another job than {id}: {result:?}"));
    }
}

/// A wait ends well with a job that has ended only.
pub(super) fn wait(world: &World, id: Uuid, result: &Result<BatchJob, Error>) {
    job(world, id, result);
    if let Ok(job) = result
        && matches!(
            job.status,
            JobStatus::Pending | JobStatus::Processing | JobStatus::Failed
        )
    {
        world.violation(&format!("a wait ends before the job: {job:?}"));
    }
}

/// A list that ends without an error is whole.
pub(super) fn list(world: &World, items: &[Result<BatchJob, Error>]) {
    for item in items {
        shown(world, item);
    }
    let state = world.state();
    let all: Vec<_> = state.jobs.iter().rev().map(|job| job.id).collect();
    let list = state.list;
    drop(state);
    let Some(ids) = items
        .iter()
        .map(|item| Some(item.as_ref().ok()?.batch_id))
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    match list {
        List::Sound if ids != all => world.violation(&format!("{ids:?} of the list {all:?}")),
        List::Cycling | List::LeadingNowhere => {
            world.violation("a list without its end is taken for whole")
        }
        _ => {}
    }
}

/// A stream that ends without an error has given the file: each record once, in order. Up to an error it has given its
/// beginning.
pub(super) fn results(world: &World, items: &[Result<ContactRecord, Error>]) {
    let mut got = Items::new();
    let mut end = None;
    for item in items {
        if let Some(end) = end {
            world.violation(&format!("{item:?} comes after {end:?}"));
        }
        match item {
            Ok(record) => got.push(Some(record.original_identifier.clone())),
            Err(error) => {
                error_hidden(world, error);
                match error.is_unreadable_line() {
                    true => got.push(None),
                    false => end = Some(error),
                }
            }
        }
    }
    let state = world.state();
    let (versions, is_consistent) = (&state.file.versions, state.file.is_consistent);
    let is_whole = versions
        .iter()
        .any(|version| version.items.as_ref() == Some(&got));
    let is_beginning = versions.iter().any(|version| {
        version
            .items
            .as_ref()
            .is_some_and(|items| items.starts_with(&got))
    });
    let is_none = state.file.result_count == Some(0) && got.is_empty();
    let wrong = if end.is_none() && !is_whole && !is_none {
        "records are lost or doubled in silence"
    } else if is_consistent && !is_beginning {
        "records of no file, or of two"
    } else {
        return;
    };
    let text = format!("{wrong}: {got:?}, {end:?}, {:?}", state.file);
    drop(state);
    world.violation(&text);
}

/// Looks through a result for the key.
pub(super) fn shown<T: Debug>(world: &World, result: &Result<T, Error>) {
    match result {
        Ok(value) => hidden(world, value),
        Err(error) => error_hidden(world, error),
    }
}

fn hidden(world: &World, value: &impl Debug) {
    let text = format!("{value:?}");
    if shows(&text) {
        world.violation(&format!("the key shows: {text}"));
    }
}

fn error_hidden(world: &World, error: &Error) {
    chain_hidden(world, error);
    response_hidden(world, error.response(), error.body_excerpt());
    hidden(world, &error.job());
}

fn response_hidden(world: &World, response: Option<&ErrorResponse>, excerpt: Option<&str>) {
    hidden(world, &(response, excerpt));
    hidden(world, &response.map(ToString::to_string));
}

fn chain_hidden(world: &World, error: &dyn std::error::Error) {
    let mut text = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(" {cause} {cause:?}");
        source = cause.source();
    }
    if shows(&text) {
        world.violation(&format!("the key shows: {text}"));
    }
}

//! The seams at which an instance can be made to depart from the plain honest server.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::answer::Answer;
use super::config::MockConfig;
use super::jobs::Job;
use super::rules::Reason;
use super::submission::Submission;

/// One departure. A fault or a variant has one or several.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Effect {
    /// Changes the set-up before the instance starts.
    Setup(fn(&mut MockConfig)),
    /// Changes what a submission is taken for, before it is judged.
    Read(fn(&mut Submission)),
    /// Overlooks a reason for which a submission would be refused. The reasons after it still count.
    Overlook(fn(&Submission, Reason) -> bool),
    /// Judges the rules in the opposite order.
    JudgeBackwards,
    /// Refuses a valid submission with this status.
    Refuse(StatusCode, fn(&Submission) -> bool),
    /// Chooses the id of a new job.
    Name(fn(&Accepted<'_>) -> Uuid),
    /// Edits the answer to an accepted submission.
    Accepted(fn(&mut Answer, &Accepted<'_>)),
    /// Edits the answer to a submission refused for a reason.
    Refused(fn(&mut Answer, &Submission, Reason)),
    /// Refuses a submission with another status than the one that its reason earns.
    Restate(StatusCode, fn(&Submission, Reason) -> bool),
    /// Lists a job for a submission refused for this reason.
    Leave(fn(Reason) -> bool),
    /// Edits a job as its status shows it.
    Job(fn(&mut Map<String, Value>, &Job)),
    /// Edits every answer of the API, last.
    Every(fn(&mut Answer)),
    /// Answers 503 to every n-th request to the API, before anything is done.
    Unavailable(u64),
    /// Answers so much later, in real time.
    Delay(Duration),
}

/// A submission that became a job.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accepted<'a> {
    pub(crate) submission: &'a Submission,
    /// Id of the new job.
    pub(crate) id: Uuid,
    /// Id of the first job of this instance, which may be the new one.
    pub(crate) first_id: Uuid,
    /// Jobs accepted so far, this one included.
    pub(crate) number: u64,
}

impl Accepted<'_> {
    /// How many identifiers the job has.
    pub(crate) fn identifiers(&self) -> usize {
        self.submission.identifiers.len()
    }
}

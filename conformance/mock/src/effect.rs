//! The seams at which an instance can be made to depart from the plain compliant server.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

use crate::answer::Answer;
use crate::config::MockConfig;
use crate::jobs::{Active, Job, Phase};
use crate::routes::list::Query;
use crate::routes::store::{Download, Stored};
use crate::rules::Reason;
use crate::submission::{Key, Submission};
use crate::webhook::Delivery;

/// One departure. A fault or a variant has one or several.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Effect {
    /// Changes the set-up before the instance starts.
    Setup(fn(&mut MockConfig)),

    // Submissions.
    /// Changes what a submission is taken for, before it is judged.
    Read(fn(&mut Submission)),
    /// Overlooks a reason for which a submission would be refused. The reasons after it still count.
    Overlook(fn(&Submission, Reason) -> bool),
    /// Judges the rules in the opposite order.
    JudgeBackwards,
    /// Refuses a valid submission with this status.
    Refuse(StatusCode, fn(&Submission) -> bool),
    /// Takes a submission though as many jobs are active as may be.
    Squeeze(fn(&Submission, &Active) -> bool),
    /// Edits the answer to a submission that comes while as many jobs are active as may be.
    Crowded(fn(&mut Answer, &Submission)),
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

    // Jobs.
    /// Answers a request for a job or for the list though its key is not valid.
    Unlock(fn(&Locked) -> bool),
    /// Edits the refusal of such a request.
    Lock(fn(&mut Answer, &Locked)),
    /// Chooses the phase in which a look shows a job.
    Phase(fn(&Look<'_>) -> Phase),
    /// Edits a job as its status and the list show it.
    Job(fn(&mut Map<String, Value>, &Job)),
    /// Edits the answer to a look at a job.
    Look(fn(&mut Answer, &Look<'_>)),
    /// Edits the answer to a look at a job that there is not.
    Unknown(fn(&mut Answer)),

    // The list.
    /// Changes what a request for a page is taken for, before it is judged.
    Query(fn(&mut Query)),
    /// Changes which jobs there are and their order, before they are filtered and divided into pages.
    /// The duration is the instance's time.
    Sift(fn(&mut Vec<&Job>, &Query, Duration)),
    /// Edits the answer to a request for a page.
    Page(fn(&mut Answer, &Query)),

    // Results files.
    /// Edits the address of a file, before it is signed.
    Link(fn(&mut Url)),
    /// Edits the records of a job, before they are divided into files.
    Records(fn(&mut Vec<Value>, &Job)),
    /// Edits the records of one file.
    Lines(fn(&mut Vec<Value>, &Download<'_>)),
    /// Edits the text of one file, before it is compressed.
    Text(fn(&mut Vec<u8>, &Download<'_>)),
    /// Edits the answer to a download, given the file's text.
    Stored(fn(&mut Stored, &[u8], &Download<'_>)),

    /// Edits the call of a webhook.
    Delivery(fn(&mut Delivery, &Job)),

    // Every exchange with the API.
    /// Edits every answer, last.
    Every(fn(&mut Answer)),
    /// Edits the headers of every answer, after all else.
    Headers(fn(&mut HeaderMap, StatusCode)),
    /// Answers 503 to every n-th request, before anything is done.
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

/// A request for the status of a job that there is, with a valid key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) job: &'a Job,
    /// The phase in which the job is, or is shown.
    pub(crate) phase: Phase,
    /// Looks at this job that had a version, this one included.
    pub(crate) number: u32,
    /// Those of them since it is final.
    pub(crate) final_number: u32,
    /// Whether this one has a version.
    pub(crate) has_version: bool,
    /// Id of the first job of this instance, which may be this one.
    pub(crate) first_id: Uuid,
}

impl Look<'_> {
    /// How many identifiers the job has.
    pub(crate) fn identifiers(&self) -> usize {
        self.job.submission.identifiers.len()
    }
}

/// A request for a job or for the list whose key is not valid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Locked {
    /// Missing or unknown.
    pub(crate) key: Key,
    pub(crate) target: Target,
}

/// What a locked request is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    /// A job, if there is one, in this phase.
    Job(Option<Phase>),
    /// The list.
    List,
}

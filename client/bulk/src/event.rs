//! What a run tells of itself while it goes on.

use std::time::Duration;

use crustdata_batch::Uuid;

use crate::journal::Plan;

/// Something that happened in a run. It names nobody.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The list is read in.
    Planned(Plan),
    /// A submission is about to be sent; the journal has it.
    Intended {
        /// Its number in the journal.
        submission: i64,
        /// People in it.
        people: u64,
        /// The most that it costs, in credits.
        worst_case: f64,
    },
    /// A submission is a job.
    Accepted {
        /// Its number in the journal.
        submission: i64,
        /// The job.
        batch_id: Uuid,
        /// Credits that the response spoke of.
        credits: Option<f64>,
    },
    /// A submission is certainly no job. Its people wait again.
    NotAccepted {
        /// Its number in the journal.
        submission: i64,
        /// Why.
        reason: String,
    },
    /// Nobody knows yet whether a submission is a job.
    OutcomeUnknown {
        /// Its number in the journal.
        submission: i64,
        /// What is known of it.
        evidence: String,
    },
    /// A job has ended.
    JobEnded {
        /// The job.
        batch_id: Uuid,
        /// Why it failed, if it did.
        failure: Option<String>,
    },
    /// People were answered.
    Answered {
        /// The job that they were in.
        batch_id: Uuid,
        /// How many.
        people: u64,
    },
    /// Something is not as it should be, and the run goes on.
    Problem(String),
    /// The run waits before it asks again.
    Waiting {
        /// How long.
        wait: Duration,
        /// Own jobs at work.
        active: u64,
    },
    /// A step between two transactions. Whatever ends the process here, nothing is lost; tests end it at each.
    Step(Step),
}

/// The steps of a run between which it may be ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// The list is kept.
    Imported,
    /// An intent is kept, and its request not sent.
    Intended,
    /// The response to a submission has come, and is not kept.
    Responded,
    /// What became of a submission is kept.
    Settled,
    /// It is known what became of an old submission, and not kept.
    Reconciled,
    /// The end of a job is read, and not kept.
    Polled,
    /// The end of a job is kept.
    Ended,
    /// Records are read, and not kept.
    RecordsRead,
    /// Records are kept.
    RecordsKept,
    /// A job's results are read to the end, which is not kept.
    FileRead,
    /// That is kept.
    FileKept,
    /// The answers are written, and the output is not in its place.
    Written,
    /// The output is in its place, and the list not finished in the journal.
    Placed,
    /// The list is finished.
    Finished,
}

impl Step {
    /// All of them, in the order of a run.
    pub const ALL: [Self; 14] = [
        Self::Imported,
        Self::Intended,
        Self::Responded,
        Self::Settled,
        Self::Reconciled,
        Self::Polled,
        Self::Ended,
        Self::RecordsRead,
        Self::RecordsKept,
        Self::FileRead,
        Self::FileKept,
        Self::Written,
        Self::Placed,
        Self::Finished,
    ];
}

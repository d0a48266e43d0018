//! What is known about a submission after a search for it, and what that goes by.

use std::time::SystemTime;

use crate::{BatchJob, UsageEvent};

/// What is known about a submission after the list of jobs and the account's usage were searched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a job that was found is paid for, and one that was not may be submitted again"]
#[non_exhaustive]
pub enum Reconciliation {
    /// The submission was accepted as this job: its results have the submission's identifiers, or it is the only one
    /// that fits beside all that [`Reconcile::all_others`](crate::Reconcile::all_others) named, or the account's usage has
    /// the submission as accepted and this is the job in its place.
    Found(Box<BatchJob>, Evidence),
    /// The submission arrived and was refused: the account's usage has it with this error
    /// ([`UsageEvent::status`], [`UsageEvent::response`]). No job came of it.
    Refused(Box<UsageEvent>, Evidence),
    /// The submission never arrived, or broke off on its way and was refused, so it is safe to submit it again.
    NeverArrived(SafeToResubmit),
    /// The submission was not accepted, as far as the list can show: by the server's clock its job would be there by
    /// now, and the list was read to before it. It may be submitted again, at the risk that the list is late. The account's
    /// usage can't be read, or says nothing about it.
    NotFound(Evidence),
    /// No job fits, but that proves nothing: the server does not tell the time, the submission is too recent, or it was
    /// sent in the server's future; or the account's usage shows that it arrived, and no job is listed yet. Look again
    /// before submitting again.
    Unproved(Evidence),
    /// These jobs fit, and which of them is the submission's, if any, nobody can tell yet: several, one that doesn't say
    /// enough of itself, or one that may be another submission's. The results of a completed job decide it
    /// ([`Reconcile::for_up_to`](crate::Reconcile::for_up_to)).
    Ambiguous(Vec<BatchJob>, Evidence),
}

/// What a search goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evidence {
    /// The time of the search by the server's clock, if the server told it.
    pub server_time: Option<SystemTime>,
    /// Jobs that were read.
    pub jobs_read: u64,
    /// When the oldest of them was created, if any says so.
    pub read_back_to: Option<SystemTime>,
    /// What the account's usage shows; none where that can't be read, or was not needed.
    pub usage: Option<UsageEvidence>,
    /// Whether the submission was sent with another API key. Its account may be another, so that nothing here proves that
    /// it never arrived.
    pub is_of_other_key: bool,
}

/// What the account's usage shows of a submission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsageEvidence {
    /// Events that were read.
    pub events_read: u64,
    /// Requests among them whose bodies were compared with the submission's.
    pub requests_compared: u64,
    /// Ids of the requests that have the submission's body, and whose outcome nobody else knows; newest first.
    pub same_body: Vec<String>,
    /// Whether the submission would be among the events if it had arrived: by the server's clock, it was sent long enough
    /// ago, all events since were read, and some are later than it could have arrived.
    pub is_complete: bool,
}

/// Proof that a submission never arrived; made by [`Client::reconcile`](crate::Client::reconcile) only. Submitting it again
/// can't be paid for twice.
///
/// It holds as far as the provider's record of usage does, in which a request appears about 10 seconds after its response;
/// a minute is allowed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeToResubmit {
    evidence: Evidence,
}

impl SafeToResubmit {
    pub(super) fn new(evidence: Evidence) -> Self {
        Self { evidence }
    }

    /// What it goes by. Its [`Evidence::usage`] is there, and complete.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

/// Which of the jobs that fit is the submission's.
pub(super) enum Judgement {
    /// None of them.
    None,
    Certain(Box<BatchJob>),
    /// One of these, if any.
    Possible {
        jobs: Vec<BatchJob>,
        /// Whether their results have the submission's identifiers.
        are_proved: bool,
    },
}

impl Judgement {
    /// The only job whose results have the submission's identifiers.
    pub(super) fn only_proved(&self) -> Option<&BatchJob> {
        match self {
            Self::Possible {
                jobs,
                are_proved: true,
            } if jobs.len() == 1 => jobs.first(),
            _ => None,
        }
    }

    /// What this comes to; where no job fits, it depends on whether the job would be listed by now.
    pub(super) fn into_outcome(self, evidence: Evidence, is_listed: bool) -> Reconciliation {
        match self {
            Self::Certain(job) => Reconciliation::Found(job, evidence),
            Self::Possible { jobs, .. } => Reconciliation::Ambiguous(jobs, evidence),
            Self::None if is_listed => Reconciliation::NotFound(evidence),
            Self::None => Reconciliation::Unproved(evidence),
        }
    }
}

//! What must be refused, as the entry of a table that the faults are made of that treat it otherwise.

use axum::http::StatusCode;

use crate::edits::{Clauses, overlook, when};
use crate::hooks::{Fault, fault};
use crate::response::Response;
use crate::rules::{Reason, Refusal};
use crate::submission::Submission;

const NO_JOB: Clauses = &["reject.no-job"];

/// Submissions that must be refused, and the faults that treat them otherwise.
pub(super) struct Case {
    clauses: Clauses,
    /// Which submissions, as the subject of a sentence.
    which: &'static str,
    reason: Reason,
    /// Which of those that are refused for the reason.
    only: fn(&Submission) -> bool,
    pub(super) faults: Vec<Fault>,
}

/// A clause, and the reason for the refusals that it asks for.
pub(super) type Rule = (Clauses, Reason);

pub(super) fn case((clauses, reason): Rule, which: &'static str) -> Case {
    Case {
        clauses,
        which,
        reason,
        only: |_| true,
        faults: Vec::new(),
    }
}

impl Case {
    pub(super) fn only(self, only: fn(&Submission) -> bool) -> Self {
        Self { only, ..self }
    }

    /// The fault of this name accepts them.
    pub(super) fn accepted(mut self, name: &'static str) -> Self {
        let (expected, only) = (self.reason, self.only);
        self.faults.push(
            fault(name, self.clauses)
                .about(format!("{} is accepted.", self.which))
                .reasons(overlook(move |it, reason| reason == expected && only(it))),
        );
        self
    }

    /// The fault of this name refuses them with this status.
    pub(super) fn gets(mut self, name: &'static str, status: StatusCode) -> Self {
        let about = format!("{} gets {}.", self.which, status.as_u16());
        let restated = when(self.holds(), move |response: &mut Response, _| {
            response.restate(status);
        });
        let fault = fault(name, self.clauses).about(about).refused(restated);
        self.faults.push(fault);
        self
    }

    /// The fault of this name refuses them, and lists them as failed jobs.
    pub(super) fn kept(mut self, name: &'static str) -> Self {
        self.faults.push(
            fault(name, NO_JOB)
                .about(format!("{} is refused, and listed as a job.", self.which))
                .leftover(when(self.holds(), |is_leftover, _| *is_leftover = true)),
        );
        self
    }

    fn holds(&self) -> impl Fn(&Refusal) -> bool + Send + Sync + 'static {
        let (reason, only) = (self.reason, self.only);
        move |refusal| refusal.reason == reason && only(&refusal.submission)
    }
}

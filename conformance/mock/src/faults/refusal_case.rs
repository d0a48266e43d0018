//! What must be refused, as the entry of a table that the faults are made of that treat it otherwise.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::StatusCode;

use crate::edits::{Clauses, overlook, when};
use crate::hooks::{Fault, fault};
use crate::response::Response;
use crate::rules::{Reason, Refusal};
use crate::submission::Submission;

const NO_JOB: Clauses = &["reject.no-job"];

pub(super) const MISSING_VERSION: Rule = (&["reject.missing-api-version"], Reason::MissingVersion);
pub(super) const OTHER_VERSION: Rule = (&["reject.other-api-version"], Reason::OtherVersion);
pub(super) const MISSING_KEY: Rule = (&["reject.missing-authorization"], Reason::MissingKey);
pub(super) const UNKNOWN_KEY: Rule = (&["reject.unknown-key"], Reason::UnknownKey);
pub(super) const MALFORMED: Rule = (&["reject.malformed-body"], Reason::MalformedBody);
pub(super) const TOO_MANY: Rule = (&["reject.too-many-identifiers"], Reason::TooManyIdentifiers);
pub(super) const MISSING: Rule = (&["reject.missing-identifiers"], Reason::MissingIdentifiers);
pub(super) const OTHER: Rule = (&["reject.other-identifier"], Reason::MissingIdentifiers);
pub(super) const MISSING_FIELDS: Rule = (&["reject.missing-fields"], Reason::MissingFields);
pub(super) const EMPTY_FIELDS: Rule = (&["reject.empty-fields"], Reason::EmptyFields);
pub(super) const UNSUPPORTED: Rule = (&["reject.unsupported-field"], Reason::UnsupportedField);
pub(super) const CHUNK: Rule = (&["reject.chunk-size"], Reason::ChunkSize);

/// Submissions that must be refused, and the faults that treat them otherwise.
pub(super) struct Case {
    clauses: Clauses,
    /// Which submissions, as the subject of a sentence.
    which: Cow<'static, str>,
    reason: Reason,
    /// Which of those that are refused for the reason.
    only: Arc<dyn Fn(&Submission) -> bool + Send + Sync>,
    pub(super) faults: Vec<Fault>,
}

/// A clause, and the reason for the refusals that it asks for.
pub(super) type Rule = (Clauses, Reason);

pub(super) fn case((clauses, reason): Rule, which: impl Into<Cow<'static, str>>) -> Case {
    Case {
        clauses,
        which: which.into(),
        reason,
        only: Arc::new(|_| true),
        faults: Vec::new(),
    }
}

/// A name that is put together. It lives as long as the catalogue, which is never dropped.
pub(crate) fn named(name: String) -> &'static str {
    name.leak()
}

impl Case {
    pub(super) fn only(self, only: impl Fn(&Submission) -> bool + Send + Sync + 'static) -> Self {
        let only = Arc::new(only);
        Self { only, ..self }
    }

    /// The fault of this name accepts them.
    pub(super) fn accepted(mut self, name: &'static str) -> Self {
        let (reasons, only) = (with_what_follows(self.reason), self.only.clone());
        self.faults.push(
            fault(name, self.clauses)
                .about(format!("{} is accepted.", self.which))
                .reasons(overlook(move |it, reason| {
                    reasons.contains(&reason) && only(it)
                })),
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
        let (reason, only) = (self.reason, self.only.clone());
        move |refusal| refusal.reason == reason && only(&refusal.submission)
    }
}

/// A reason, and those that whatever is refused for it is refused for, too.
fn with_what_follows(reason: Reason) -> &'static [Reason] {
    match reason {
        Reason::MalformedBody => &[
            Reason::MalformedBody,
            Reason::MissingIdentifiers,
            Reason::MissingFields,
            Reason::EmptyFields,
        ],
        Reason::MissingFields => &[Reason::MissingFields, Reason::EmptyFields],
        Reason::MissingKey => &[Reason::MissingKey],
        Reason::UnknownKey => &[Reason::UnknownKey],
        Reason::MissingVersion => &[Reason::MissingVersion],
        Reason::OtherVersion => &[Reason::OtherVersion],
        Reason::MissingIdentifiers => &[Reason::MissingIdentifiers],
        Reason::TooManyIdentifiers => &[Reason::TooManyIdentifiers],
        Reason::EmptyFields => &[Reason::EmptyFields],
        Reason::UnsupportedField => &[Reason::UnsupportedField],
        Reason::ChunkSize => &[Reason::ChunkSize],
        Reason::WebhookUrl
        | Reason::NoCredits
        | Reason::TooManyJobs { .. }
        | Reason::Unfounded(_) => &[],
    }
}

//! What the hooks of faults and variants are put together from: conditions, and edits of responses.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::file::Download;
use crate::generated::contract::submit::{fields, identifiers};
use crate::hooks::Hook;
use crate::jobs::{Job, Phase, Poll};
use crate::response::Response;
use crate::rules::{Reason, Refusal};
use crate::submission::Submission;

/// Ids of clauses.
pub(crate) type Clauses = &'static [&'static str];

/// A large job, far from both bounds: faults that show only there have this threshold.
pub(crate) const LARGE: usize = identifiers::MAX / 6;

/// Whether a fault that shows only now and then shows in the job or submission of this number.
pub(crate) fn is_now_and_then(number: u64) -> bool {
    number.is_multiple_of(7)
}

/// A value of an enum that is not the right one.
pub(crate) fn other_than(right: &str, values: &'static [&'static str]) -> &'static str {
    let other = values.iter().find(|value| **value != right);
    other.copied().unwrap_or("other")
}

/// What a submission came to, of which the same can be asked as of the submission.
pub(crate) trait Submitted {
    fn submission(&self) -> &Submission;

    /// How many identifiers there are.
    fn count(&self) -> usize {
        self.submission().identifiers.len()
    }
}

impl Submitted for Submission {
    fn submission(&self) -> &Submission {
        self
    }
}

impl Submitted for Refusal {
    fn submission(&self) -> &Submission {
        &self.submission
    }
}

impl Submitted for Job {
    fn submission(&self) -> &Submission {
        &self.submission
    }
}

impl Submitted for Poll {
    fn submission(&self) -> &Submission {
        &self.job.submission
    }
}

impl Submitted for Download {
    fn submission(&self) -> &Submission {
        &self.job.submission
    }
}

pub(crate) fn is_large(it: &impl Submitted) -> bool {
    it.count() > LARGE
}

/// Whether there are as many identifiers as there may be.
pub(crate) fn has_max(it: &impl Submitted) -> bool {
    it.count() == identifiers::MAX
}

/// Whether the identifiers came as one string.
pub(crate) fn has_text(it: &impl Submitted) -> bool {
    it.submission().identifiers.is_text()
}

/// Whether the fields came as one string.
pub(crate) fn has_text_fields(it: &impl Submitted) -> bool {
    it.submission().fields.is_text()
}

pub(crate) fn has_webhook(it: &impl Submitted) -> bool {
    it.submission().has_webhook()
}

/// Whether a field is one of the contract's.
pub(crate) fn has_supported(submission: &Submission) -> bool {
    fields::VALUES
        .iter()
        .any(|field| submission.fields.has(field))
}

pub(crate) fn is_pending(poll: &Poll) -> bool {
    poll.phase == Phase::Pending
}

pub(crate) fn is_processing(poll: &Poll) -> bool {
    poll.phase == Phase::Processing
}

pub(crate) fn is_completed(poll: &Poll) -> bool {
    poll.phase == Phase::Completed
}

pub(crate) fn is_final(poll: &Poll) -> bool {
    poll.phase.is_final()
}

/// Whether the record is of a profile that was found.
pub(crate) fn is_found(record: &Value) -> bool {
    !record["internal_id"].is_null()
}

/// The edit, where the condition holds.
pub(crate) fn when<S: 'static, C: 'static>(
    holds: impl Fn(&C) -> bool + Send + Sync + 'static,
    edit: impl Hook<S, C>,
) -> impl Hook<S, C> {
    move |subject, context| {
        if holds(context) {
            edit(subject, context);
        }
    }
}

/// Sets a key of a response's body.
pub(crate) fn set<C: 'static>(
    key: &'static str,
    value: impl Into<Value>,
) -> impl Hook<Response, C> {
    let value = value.into();
    move |response, _| response.set(key, value.clone())
}

/// Sets a key of a response's body to what follows from the context.
pub(crate) fn set_to<C: 'static, V: Into<Value>>(
    key: &'static str,
    value: impl Fn(&C) -> V + Send + Sync + 'static,
) -> impl Hook<Response, C> {
    move |response, context| response.set(key, value(context))
}

/// Removes keys of a response's body.
pub(crate) fn remove<C: 'static>(keys: &'static [&'static str]) -> impl Hook<Response, C> {
    move |response, _| keys.iter().for_each(|key| response.remove(key))
}

/// Copies the value of a key of a response's body to another key.
pub(crate) fn copy<C: 'static>(from: &'static str, to: &'static str) -> impl Hook<Response, C> {
    move |response, _| {
        if let Some(value) = response.get(from) {
            response.set(to, value);
        }
    }
}

/// Edits a list under a key of a response's body, where there is one.
pub(crate) fn edit_list<C: 'static>(
    key: &'static str,
    edit: fn(&mut Vec<Value>),
) -> impl Hook<Response, C> {
    move |response, _| {
        if let Some(Value::Array(mut list)) = response.get(key) {
            edit(&mut list);
            response.set(key, list);
        }
    }
}

/// Edits the account in the response to a request for the balance.
pub(crate) fn in_account(edit: fn(&mut Map<String, Value>)) -> impl Hook<Response, ()> {
    move |response, ()| {
        if let Some(Value::Object(mut account)) = response.get("account") {
            edit(&mut account);
            response.set("account", account);
        }
    }
}

/// Changes the status of a response, and nothing else.
pub(crate) fn status<C: 'static>(status: StatusCode) -> impl Hook<Response, C> {
    move |response, _| response.status = status
}

/// Replaces the body of a response by something that is not JSON.
pub(crate) fn text<C: 'static>(
    content_type: &'static str,
    text: &'static str,
) -> impl Hook<Response, C> {
    move |response, _| response.set_text(content_type, text)
}

/// Overlooks a reason for which a submission would be refused. The reasons after it still count.
pub(crate) fn overlook(
    overlooks: impl Fn(&Submission, Reason) -> bool + Send + Sync + 'static,
) -> impl Hook<Vec<Reason>, Submission> {
    move |reasons, submission| reasons.retain(|reason| !overlooks(submission, *reason))
}

/// Refuses a valid submission with this status.
pub(crate) fn refuse(
    status: StatusCode,
    refuses: impl Fn(&Submission) -> bool + Send + Sync + 'static,
) -> impl Hook<Vec<Reason>, Submission> {
    when(refuses, move |reasons: &mut Vec<Reason>, _| {
        reasons.push(Reason::Unfounded(status));
    })
}

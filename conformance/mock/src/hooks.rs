//! The points in the server at which a fault or a variant can act, and the type that both are of.
//!
//! A point has a subject, which hooks edit, and a context, which they are told. The server passes each
//! subject to its point in one place; a compliant server has no hooks.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;

use crate::billing::ChargeLine;
use crate::conduct::Conduct;
use crate::file::{Download, StoredFile};
use crate::jobs::{Active, Job, Phase, Poll};
use crate::key::{AccountAccess, Locked};
use crate::ledger::{Event, Shown};
use crate::query::Query;
use crate::response::Response;
use crate::rules::{Reason, Refusal};
use crate::submission::Submission;
use crate::usage_query::UsageQuery;
use crate::webhook::Delivery;

/// A hook: edits the subject of its point, given the context.
pub(crate) trait Hook<S, C>: Fn(&mut S, &C) + Send + Sync + 'static {}

impl<S, C, F: Fn(&mut S, &C) + Send + Sync + 'static> Hook<S, C> for F {}

/// The hooks of one point, in the order in which they act.
pub(crate) struct Point<S, C>(Vec<Arc<dyn Hook<S, C>>>);

impl<S, C> Point<S, C> {
    /// Lets every hook edit the subject.
    pub(crate) fn apply(&self, subject: &mut S, context: &C) {
        for hook in &self.0 {
            hook(subject, context);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<S, C> Default for Point<S, C> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A named departure of the mock from the plain compliant server: a fault if it breaks clauses, a benign
/// variant if it breaks none.
#[non_exhaustive]
pub struct Fault {
    /// Permanent, in kebab case.
    pub name: &'static str,
    /// The family that it is listed with; empty for what is no fault.
    pub family: &'static str,
    /// Ids of the clauses that it breaks, and no others.
    pub breaks: &'static [&'static str],
    /// What it does, in a sentence.
    pub about: Cow<'static, str>,
    pub(crate) hooks: Hooks,
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("name", &self.name)
            .field("breaks", &self.breaks)
            .finish_non_exhaustive()
    }
}

/// A fault that breaks these clauses, still to be described and to be given its hooks.
pub(crate) fn fault(name: &'static str, breaks: &'static [&'static str]) -> Fault {
    Fault {
        name,
        family: "",
        breaks,
        about: Cow::default(),
        hooks: Hooks::default(),
    }
}

/// A variant, which breaks nothing, still to be described and to be given its hooks.
pub(crate) fn variant(name: &'static str) -> Fault {
    fault(name, &[])
}

impl Fault {
    /// Says what it does.
    pub(crate) fn about(mut self, sentence: impl Into<Cow<'static, str>>) -> Self {
        self.about = sentence.into();
        self
    }
}

/// Declares each point once: as a field of [`Hooks`] for the server, and as a method of [`Fault`] that adds a hook.
macro_rules! points {
    ($($(#[$doc:meta])* $point:ident: $subject:ty, $context:ty;)*) => {
        /// The hooks of every point.
        #[derive(Default)]
        pub(crate) struct Hooks {
            $($(#[$doc])* pub(crate) $point: Point<$subject, $context>,)*
        }

        impl Hooks {
            /// All hooks of these faults.
            pub(crate) fn of(faults: &[&Fault]) -> Self {
                let mut hooks = Self::default();
                for fault in faults {
                    $(hooks.$point.0.extend_from_slice(&fault.hooks.$point.0);)*
                }
                hooks
            }
        }

        impl Fault {
            $($(#[$doc])*
            pub(crate) fn $point(mut self, hook: impl Hook<$subject, $context>) -> Self {
                self.hooks.$point.0.push(Arc::new(hook));
                self
            })*
        }
    };
}

points! {
    /// How the server behaves, once, before it starts.
    conduct: Conduct, ();

    /// What a submission is taken for, before it is judged.
    submission: Submission, ();
    /// The reasons against a submission. The first is the one that it is refused for.
    reasons: Vec<Reason>, Submission;
    /// Whether a submission is throttled, since as many jobs are active as may be.
    at_limit: bool, Active;
    /// A new job, before the response says what it is.
    job: Job, ();
    /// The response to an accepted submission.
    accepted: Response, Job;
    /// The response to a refused submission.
    refused: Response, Refusal;
    /// Whether a refused submission is listed as a failed job.
    leftover: bool, Refusal;

    /// The refusal of a request for a job or the list whose key is not valid; without one the request passes.
    locked: Option<Response>, Locked;
    /// The phase in which a poll shows a job.
    phase: Phase, Poll;
    /// A job as its status and the list show it.
    report: Map<String, Value>, Job;
    /// The response to a poll of a job.
    polled: Response, Poll;
    /// The response to a poll of a job that does not exist.
    unknown: Response, String;

    /// What a request for a page is taken for, before it is judged.
    query: Query, ();
    /// Which jobs there are and their order, before they are filtered and divided into pages.
    listed: Vec<Arc<Job>>, Query;
    /// The response to a request for a page.
    page: Response, Query;

    /// The address of a results file, before it is signed.
    link: Url, ();
    /// The records of a job, before they are divided into files.
    records: Vec<Value>, Job;
    /// The records of one file.
    lines: Vec<Value>, Download;
    /// A file as the store sends it.
    file: StoredFile, Download;

    /// The refusal of a request about the account whose key or version is not valid; without one the request passes.
    account_access: Option<Response>, AccountAccess;
    /// The response to a request for the balance.
    credits: Response, ();
    /// The response to a request for the endpoints, given its query.
    endpoints: Response, String;

    /// What an accepted submission is charged.
    charge: Vec<ChargeLine>, Job;
    /// What a refused submission is charged.
    refusal_charge: Vec<ChargeLine>, Refusal;
    /// When an event appears, in the instance's own time; without a time, never.
    event_appears: Option<Duration>, Event;
    /// What a request for a page of events is taken for, before it is judged.
    usage_query: UsageQuery, ();
    /// Which events a query lists and their order, before they are divided into pages.
    listed_events: Vec<Arc<Event>>, UsageQuery;
    /// An event as the list shows it, and as it is shown by itself.
    usage_entry: Map<String, Value>, Shown;
    /// The response to a request for a page of events.
    usage_page: Response, UsageQuery;
    /// The response to a request for an event.
    usage_event: Response, Shown;
    /// The response to a request for an event that does not exist, given the id.
    unknown_event: Response, String;

    /// A delivery to a webhook.
    delivery: Delivery, Job;
    /// Every response of the API, last.
    response: Response, ();
}

//! A check: one clause of the contract, as a value, and how it looks at the evidence.

use std::fmt;

use serde::Serialize;

use crate::checks::course::Course;
use crate::checks::delivered::Way;
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::{Needs, Submissions};
use crate::checks::worded::worded;
use crate::checks::{acceptance, jobs, lists, refusal};
use crate::contract::expectation::Reason;
use crate::contract::request::Operation;
use crate::evidence::{Download, Poll};
use crate::exchange::{Exchange, Request};

/// One clause of the contract, and how it is judged.
#[derive(Debug)]
pub struct Check {
    /// Id of the clause; permanent.
    pub id: &'static str,
    /// How binding the clause is.
    pub level: Level,
    /// The clause, with the names of constants for the document's values, as in `{list::limit::MAX}`.
    pub(super) text: &'static str,
    /// Where the clause is from.
    pub source: &'static str,
    /// What to change where it is violated.
    pub fix: Fix,
    /// Whether the response to this request can be judged.
    pub applies: fn(&Request) -> bool,
    /// What else has to be sent.
    pub needs: Needs,
    pub(super) judge: Judge,
}

/// How a check looks at the evidence.
#[derive(Debug, Clone, Copy)]
pub(super) enum Judge {
    /// Each exchange that the check applies to, by itself.
    Each(fn(&Exchange) -> Judgement),
    /// Any exchange that the function has something to say of, by itself.
    Any(fn(&Exchange) -> Option<Judgement>),
    /// Each poll of a job, in the light of what was seen of the job before.
    Poll(fn(&Poll<'_>) -> Option<Judgement>),
    /// Each results file of a job.
    Download(fn(&Download<'_>) -> Option<Judgement>),
    /// Requests that break this rule alone: see [`refusal`].
    Refusal(Reason),
    /// For the clauses that say that something valid is accepted: see [`acceptance`].
    Acceptance(acceptance::Clause),
    /// Each results file of a job, and whether jobs that asked in these ways brought what others did.
    Delivered(fn(&Download<'_>) -> Option<Judgement>, fn(Way) -> bool),
    /// Exchanges in the light of others.
    Course(fn() -> Box<dyn Course>),
}

/// How binding a clause is, which is a matter of who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The page of the endpoint says it.
    Must,
    /// Another page of the provider's documentation says it.
    Doc,
    /// Users report it, or it follows from other clauses. Breaking it is a warning.
    Seen,
    /// Nobody says; nothing is judged.
    Open,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Must => "must",
            Self::Doc => "doc",
            Self::Seen => "seen",
            Self::Open => "open",
        })
    }
}

impl Check {
    /// The clause in words, with the document's values filled in.
    pub fn clause(&self) -> String {
        worded(self.text)
    }

    /// What the clause is about: the part of its id before the dot.
    pub fn group(&self) -> &'static str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// Whether this one exchange, whatever came before and after it, shows that the clause is violated, or
    /// may show it. A smaller request that still does is a better finding.
    pub fn shown_by(&self, exchange: &Exchange) -> bool {
        let violated = |judgement| matches!(judgement, Judgement::Violated { .. });
        match self.judge {
            Judge::Acceptance(_) => acceptance::refused(exchange),
            _ if !(self.applies)(&exchange.request) => false,
            Judge::Each(judge) => violated(judge(exchange)),
            Judge::Refusal(reason) => violated(refusal::judge(exchange, reason, true)),
            Judge::Any(_)
            | Judge::Poll(_)
            | Judge::Download(_)
            | Judge::Delivered(..)
            | Judge::Course(_) => false,
        }
    }

    /// The ways to ask that have to bring what other ways do, where the clause is about some.
    pub(super) fn brings(&self) -> Option<fn(Way) -> bool> {
        match self.judge {
            Judge::Acceptance(clause) => clause.brings,
            Judge::Delivered(_, brings) => Some(brings),
            _ => None,
        }
    }
}

impl Check {
    /// Whether the check is served by sending `request`.
    pub fn wants(&self, request: &Request) -> bool {
        (self.applies)(request)
            || match request.operation() {
                Operation::Submit => {
                    let any_accepted = matches!(
                        self.needs.submissions,
                        Submissions::Accepted(_) | Submissions::Every | Submissions::OneTooMany
                    );
                    any_accepted && request.expectation().named().is_some()
                }
                Operation::Job(_) => self.needs.polls && jobs::asks(request),
                Operation::List => self.needs.lists && lists::asks(request),
                Operation::Download(_) => self.needs.files,
                Operation::Delivery(_) => self.needs.deliveries,
                Operation::Credits
                | Operation::Endpoints
                | Operation::Events
                | Operation::Event(_) => self.needs.account,
                Operation::Other => false,
            }
    }

    /// Whether the check is served by sending `request`, before which `others` were sent, as one of those that
    /// a correct server accepts.
    pub fn wants_after(&self, others: usize, request: &Request) -> bool {
        match self.needs.submissions {
            Submissions::None | Submissions::Judged | Submissions::Compared => {
                (self.applies)(request)
            }
            Submissions::Accepted(most) => others < most,
            Submissions::Every | Submissions::OneTooMany => true,
        }
    }

    /// Whether the check is served by sending `request` as one of those with one thing at a time.
    pub fn wants_isolated(&self, request: &Request) -> bool {
        match self.needs.submissions {
            Submissions::None | Submissions::Judged | Submissions::Accepted(_) => {
                (self.applies)(request)
            }
            Submissions::Compared | Submissions::Every | Submissions::OneTooMany => true,
        }
    }
}

//! What has to be sent for a check to be judged, as data: no check is known to the runner by its name.

use crate::contract::request::Operation;
use crate::exchange::Request;

use super::{Check, jobs, lists};

/// What a check needs beside the requests that it judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// Submissions.
    pub submissions: Submissions,
    /// Whether jobs are polled until they are over.
    pub polls: bool,
    /// Whether the list of jobs is asked for.
    pub lists: bool,
    /// Whether results files are fetched.
    pub files: bool,
    /// Whether webhook deliveries are waited for.
    pub deliveries: bool,
}

/// The submissions that a check needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Submissions {
    /// None: the check judges what else is asked.
    None,
    /// Those that the check judges, of which every server that takes submissions answers some.
    Judged,
    /// The same and, to tell what one of them is refused for, those with one thing at a time.
    Compared,
    /// So many that a correct server accepts.
    Accepted(usize),
    /// Every form that a correct server accepts.
    Every,
    /// Those of `Every`, and one while as many jobs are active as an account may have.
    OneTooMany,
}

impl Needs {
    /// Nothing but the requests that the check judges, of which none is a submission.
    pub(super) const NOTHING: Self = Self {
        submissions: Submissions::None,
        polls: false,
        lists: false,
        files: false,
        deliveries: false,
    };
    /// The submissions that the check judges.
    pub(super) const JUDGED: Self = Self {
        submissions: Submissions::Judged,
        ..Self::NOTHING
    };
    /// The submissions that the check judges, and those to hold a refused one against.
    pub(super) const COMPARED: Self = Self {
        submissions: Submissions::Compared,
        ..Self::NOTHING
    };
    /// Jobs of every form, to be listed.
    pub(super) const LISTED: Self = Self {
        submissions: Submissions::Every,
        ..Self::NOTHING
    };
    /// Jobs of every form, polled until they are over.
    pub(super) const JOB: Self = Self {
        submissions: Submissions::Every,
        polls: true,
        ..Self::NOTHING
    };
    /// Jobs of every form, and their results files.
    pub(super) const FILES: Self = Self {
        submissions: Submissions::Every,
        polls: true,
        files: true,
        ..Self::NOTHING
    };
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
                    any_accepted && request.expectation().valid().is_some()
                }
                Operation::Job(_) => self.needs.polls && jobs::asks(request),
                Operation::List => self.needs.lists && lists::asks(request),
                Operation::Download(_) => self.needs.files,
                Operation::Delivery(_) => self.needs.deliveries,
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

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
    /// Those that the check judges.
    Judged,
    /// So many that a correct server accepts.
    Accepted(usize),
    /// Every form that a correct server accepts.
    Every,
    /// Those of `Every`, and one while as many jobs are active as an account may have.
    OneTooMany,
}

impl Needs {
    /// Nothing but the requests that the check judges.
    pub(super) const JUDGED: Self = Self {
        submissions: Submissions::Judged,
        polls: false,
        lists: false,
        files: false,
        deliveries: false,
    };
    /// One job, polled until it is over.
    pub(super) const JOB: Self = Self {
        submissions: Submissions::Accepted(1),
        polls: true,
        ..Self::JUDGED
    };
    /// Jobs of every form, and their results files.
    pub(super) const FILES: Self = Self {
        submissions: Submissions::Every,
        polls: true,
        files: true,
        ..Self::JUDGED
    };
}

impl Check {
    /// Whether the check is served by sending `request`.
    pub fn wants(&self, request: &Request) -> bool {
        (self.applies)(request)
            || match request.operation() {
                Operation::Submit => {
                    self.needs.submissions != Submissions::Judged
                        && request.expectation().valid().is_some()
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
            Submissions::Judged => (self.applies)(request),
            Submissions::Accepted(most) => others < most,
            Submissions::Every | Submissions::OneTooMany => true,
        }
    }
}

//! The ceiling on accepted jobs. Every submission is counted before it is sent, and taken off only when it is certain
//! that no job came of it, so that even a server which accepts everything can't be made to hold more jobs than allowed.

use std::sync::atomic::{AtomicU64, Ordering};

use http::StatusCode;

use crate::contract::expectation::Expectation;
use crate::exchange::{Exchange, FailureKind, Request};

/// Counts the jobs that may have been accepted.
#[derive(Debug)]
pub(super) struct Budget {
    most: Option<u64>,
    taken: AtomicU64,
}

impl Budget {
    /// At most `most` jobs; `None` for a server that bills nobody.
    ///
    /// With `Some(0)` the refusals are still sent, since a correct server makes no job of them; the first
    /// one that is accepted ends the submissions.
    pub(super) fn new(most: Option<u64>) -> Self {
        Self {
            most,
            taken: AtomicU64::new(0),
        }
    }

    /// Counts `request`; false, and not counted, when the ceiling is reached.
    pub(super) fn take(&self, request: &Request) -> bool {
        let Some(most) = self.most else {
            self.taken.fetch_add(1, Ordering::Relaxed);
            return true;
        };
        let most = if matches!(request.expectation(), Expectation::Refuse(_)) {
            most.max(1)
        } else {
            most
        };
        self.taken
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |taken| {
                (taken < most).then_some(taken + 1)
            })
            .is_ok()
    }

    /// Whether there is a place for a valid submission.
    pub(super) fn has_places(&self) -> bool {
        self.most.is_none_or(|most| self.taken() < most)
    }

    /// Takes `exchange` off again, unless a job may have come of it; whether one may.
    pub(super) fn settle(&self, exchange: &Exchange) -> bool {
        let open = may_have_made_a_job(exchange);
        if !open {
            self.taken.fetch_sub(1, Ordering::Relaxed);
        }
        open
    }

    /// Jobs that were accepted, or may have been.
    pub(super) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

/// Whether the server may have accepted the submission, for all that came back.
fn may_have_made_a_job(exchange: &Exchange) -> bool {
    let to_be_refused = matches!(exchange.request.expectation(), Expectation::Refuse(_));
    match (exchange.status(), &exchange.outcome) {
        (Some(status), _) if status.is_success() => true,
        // A busy server, or one that stumbles over a bad request, does not go on to accept it.
        (Some(StatusCode::TOO_MANY_REQUESTS), _) => false,
        (Some(status), _) => status.is_server_error() && !to_be_refused,
        (None, Err(failure)) => failure.kind != FailureKind::Connect,
        (None, Ok(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;
    use crate::exchange::{Failure, Response};
    use crate::probes::submission::{Authorization, Submission};

    fn valid() -> Request {
        Submission::plain(1).request()
    }

    fn to_be_refused() -> Request {
        let mut submission = Submission::plain(1);
        submission.authorization = Authorization::Absent;
        submission.request()
    }

    #[test]
    fn nothing_valid_is_sent_without_a_budget_and_one_wrong_acceptance_ends_the_refusals() {
        let budget = Budget::new(Some(0));
        assert!(!budget.take(&valid()));
        assert!(budget.take(&to_be_refused()));
        assert!(!budget.take(&to_be_refused()), "the first one is still out");
    }

    #[test]
    fn submissions_under_way_count_like_jobs() {
        let budget = Budget::new(Some(2));
        assert!(budget.take(&valid()) && budget.take(&to_be_refused()));
        assert!(!budget.take(&to_be_refused()));
        assert_eq!(budget.taken(), 2);
    }

    #[test]
    fn what_certainly_made_no_job_is_taken_off_again() {
        let settled = |request: Request, outcome| {
            let budget = Budget::new(Some(1));
            assert!(budget.has_places() && budget.take(&request));
            let exchange = Exchange {
                request,
                outcome,
                sent_after: Duration::ZERO,
                took: Duration::ZERO,
            };
            let is_open = budget.settle(&exchange);
            assert_eq!(budget.taken(), u64::from(is_open));
            assert_eq!(budget.has_places(), !is_open);
            is_open
        };
        let answered = |status| {
            let status = StatusCode::from_u16(status).expect("it is a status");
            Ok(Response::new(status, HeaderMap::new(), Bytes::new()))
        };
        let failed = |kind| {
            Err(Failure {
                kind,
                status: None,
                detail: String::new(),
            })
        };
        assert!(settled(valid(), answered(200)) && settled(to_be_refused(), answered(202)));
        assert!(settled(valid(), answered(500)) && !settled(to_be_refused(), answered(500)));
        assert!(!settled(valid(), answered(429)) && !settled(valid(), answered(400)));
        assert!(settled(valid(), failed(FailureKind::Timeout)));
        assert!(settled(to_be_refused(), failed(FailureKind::Broken)));
        assert!(!settled(valid(), failed(FailureKind::Connect)));
    }

    #[test]
    fn a_server_that_bills_nobody_has_places_always() {
        let budget = Budget::new(None);
        for _ in 0..3 {
            assert!(budget.take(&valid()) && budget.has_places());
        }
        assert_eq!(budget.taken(), 3);
    }
}

//! Judging jobs: which requests tell of them, and those that must not.

use crate::checks::judgement::Judgement;
use crate::checks::response::{got, inconclusive};
use crate::contract::request::{Credential, Operation, Version};
use crate::exchange::{Exchange, Request};
use crate::generated::contract::job::status;

/// Whether a status is one that a job never leaves.
pub(super) fn is_final(status: &str) -> bool {
    matches!(status, status::COMPLETED | status::FAILED)
}

/// Whether `request` asks for a job's status as the documentation shows it, with the key and the version.
pub(super) fn asks(request: &Request) -> bool {
    matches!(request.operation(), Operation::Job(_))
        && request.credential() == Credential::Configured
        && request.version() == Version::Current
}

/// Judges a request without a valid key, which must be refused.
pub(super) fn judge_locked(exchange: &Exchange) -> Judgement {
    if exchange.accepted() {
        return Judgement::violated("a 4xx", got(exchange));
    }
    match exchange.status() {
        Some(status) if status.is_client_error() && !exchange.throttled() => Judgement::Satisfied,
        _ => match inconclusive(exchange) {
            Some(why) => Judgement::not_applicable(why),
            None => Judgement::violated("a 4xx", got(exchange)),
        },
    }
}

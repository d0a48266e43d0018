//! Judging refusals: a request that breaks one rule, and no other, is to be refused with the status that
//! the contract names. The `reject.*` checks that are about a status are this function with their reason.

use http::StatusCode;

use super::Judgement;
use super::response::{got, inconclusive};
use crate::contract::expectation::{Reason, Statuses};
use crate::exchange::Exchange;

/// Judges that `exchange`, whose request breaks the rule `reason` alone, was refused as the contract says.
///
/// A 403 may be about the account and not about the request, but not where `account_works`: where the
/// server has accepted a submission from it.
pub(super) fn judge(exchange: &Exchange, reason: Reason, account_works: bool) -> Judgement {
    let statuses = reason.statuses();
    let allowed = |status| statuses.allow(status) && !exchange.throttled();
    if exchange.outcome.is_ok() && exchange.status().is_some_and(allowed) {
        return Judgement::Satisfied;
    }
    let about_the_request = exchange.status() == Some(StatusCode::FORBIDDEN)
        && (account_works || matches!(reason, Reason::MissingAuthorization | Reason::UnknownKey));
    match inconclusive(exchange) {
        Some(why) if !about_the_request => Judgement::NotApplicable(why),
        _ => Judgement::violated(
            match statuses {
                Statuses::Only(status) => status.to_string(),
                Statuses::ClientError => "a 4xx".to_owned(),
            },
            got(exchange),
        ),
    }
}

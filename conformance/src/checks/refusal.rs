//! Judging refusals: a request that breaks one rule, and no other, is to be refused with the status that
//! the contract names. The `reject.*` checks that are about a status are this function with their reason.

use super::Judgement;
use super::answer::{got, inconclusive};
use crate::contract::expectation::{Reason, Statuses};
use crate::exchange::Exchange;

/// Judges that `exchange`, whose request breaks the rule `reason` alone, was refused as the contract says.
pub(super) fn judge(exchange: &Exchange, reason: Reason) -> Judgement {
    if exchange.accepted() {
        return Judgement::broken(expected(reason), got(exchange));
    }
    if let Some(why) = inconclusive(exchange)
        && !exchange
            .status()
            .is_some_and(|status| reason.statuses().allow(status) && !exchange.put_off())
    {
        return Judgement::Silent(why);
    }
    match &exchange.outcome {
        Ok(response) if reason.statuses().allow(response.status) => Judgement::Kept,
        _ => Judgement::broken(expected(reason), got(exchange)),
    }
}

fn expected(reason: Reason) -> String {
    match reason.statuses() {
        Statuses::Only(status) => status.to_string(),
        Statuses::ClientError => "a 4xx".to_owned(),
    }
}

//! Judging refusals: a request that breaks one rule, and no other, is to be refused with the status that
//! the contract names. The `reject.*` checks that are about a status are this with their reason.

use http::StatusCode;

use crate::checks::course::Course;
use crate::checks::judgement::{Judgement, Tally, Violations};
use crate::checks::response::{got, inconclusive};
use crate::contract::expectation::{Reason, Statuses};
use crate::contract::repeated::repeats_a_key;
use crate::evidence::{Evidence, Seen};
use crate::exchange::Exchange;

/// Judges that `exchange`, whose request breaks the rule `reason` alone, was refused as the contract says.
///
/// A 403 may be about the account and not about the request, but not where `account_works`: where the
/// server has accepted a submission from it.
pub(super) fn judge(exchange: &Exchange, reason: Reason, account_works: bool) -> Judgement {
    let statuses = reason.statuses();
    let allowed = |status: StatusCode| {
        let is_named = statuses.allow(status)
            // It may be refused for the key that stands twice.
            || status.is_client_error() && repeats_a_key(&exchange.request.body);
        is_named && !exchange.throttled()
    };
    if exchange.outcome.is_ok() && exchange.status().is_some_and(allowed) {
        return Judgement::Satisfied;
    }
    let about_the_request = exchange.status() == Some(StatusCode::FORBIDDEN)
        && (account_works || matches!(reason, Reason::MissingAuthorization | Reason::UnknownKey));
    match inconclusive(exchange) {
        Some(why) if !about_the_request => Judgement::not_applicable(why),
        _ => Judgement::violated(expected(statuses), got(exchange)),
    }
}

fn expected(statuses: Statuses) -> String {
    match statuses {
        Statuses::Only(status) => status.to_string(),
        Statuses::ClientError => "a 4xx".to_owned(),
    }
}

/// What was seen of the requests that break one rule.
#[derive(Debug)]
pub(super) struct Refusal {
    reason: Reason,
    /// Those that were refused with 403 before the account was seen to work.
    forbidden: Violations,
}

impl Refusal {
    pub(super) fn of(reason: Reason) -> Self {
        Self {
            reason,
            forbidden: Violations::default(),
        }
    }
}

impl Course for Refusal {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        if !exchange.request.expectation().refused_only_for(self.reason) {
            return;
        }
        let judgement = judge(exchange, self.reason, seen.evidence.account().works);
        let forbidden = exchange.status() == Some(StatusCode::FORBIDDEN);
        if forbidden && matches!(judgement, Judgement::NotApplicable(_)) {
            let expected = expected(self.reason.statuses());
            self.forbidden
                .violated(seen.number, exchange, &expected, got(exchange));
        } else {
            tally.add(seen, judgement);
        }
    }

    fn conclude(&self, evidence: &Evidence, tally: &mut Tally) {
        let Some(first) = &self.forbidden.smallest else {
            return;
        };
        if evidence.account().works {
            tally.violations.extend(&self.forbidden);
        } else if let Some(why) = inconclusive(&first.exchange) {
            tally.excuse(why);
        }
    }
}

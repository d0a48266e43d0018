//! Who is to blame when a valid submission is refused.
//!
//! Several clauses say that something valid is accepted: the string forms, the largest list, the edges of
//! the chunk size, a webhook, each field. A request may use several of these at once. So a refusal is held
//! against what the run saw accepted elsewhere: what is cleared that way is not to blame. If one suspect is
//! left, its clause is violated; if none or several are, the refusal breaks `submit.accepted`.

use std::collections::HashSet;

use http::StatusCode;

use super::response::{got, inconclusive};
use super::{Judgement, Observation};
use crate::contract::expectation::{Feature, Valid};
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Request};

/// How a valid submission fared.
enum Fate {
    Accepted,
    Refused,
    Unclear(String),
}

/// Whether the server refused a valid submission, or answered it with something unreadable.
pub fn refused(exchange: &Exchange) -> bool {
    exchange.request.expectation().valid().is_some()
        && exchange.accepted_object().is_none()
        && exchange.status() != Some(StatusCode::UNAUTHORIZED)
        && inconclusive(exchange).is_none()
}

/// Whether `request` is a valid submission that uses `feature`.
pub(super) fn uses(request: &Request, feature: Feature) -> bool {
    let valid = request.expectation().valid();
    valid.is_some_and(|valid| valid.features.contains(&feature))
}

/// Judges the clause that says that `mine` is accepted.
pub(super) fn judge_feature(evidence: &Evidence<'_>, mine: Feature) -> Vec<Observation> {
    judge_features(evidence, |feature| feature == mine)
}

/// Judges the clause that says that each of the features that `mine` picks is accepted.
pub(super) fn judge_features(
    evidence: &Evidence<'_>,
    mine: impl Fn(Feature) -> bool,
) -> Vec<Observation> {
    let accepted = &evidence.account.accepted_features;
    judge_valid(evidence, |valid, fate, exchange| {
        if !valid.features.iter().any(|feature| mine(*feature)) {
            return None;
        }
        Some(match fate {
            Fate::Accepted => Judgement::Satisfied,
            Fate::Unclear(why) => Judgement::NotApplicable(why),
            Fate::Refused if exchange.accepted() => {
                Judgement::not_applicable("the response was not a JSON object")
            }
            Fate::Refused => match suspects(valid, accepted)[..] {
                [one] if mine(one) => violated(exchange),
                _ => Judgement::not_applicable("refused, and the cause is not known to be this"),
            },
        })
    })
}

/// Judges `submit.accepted`: what no single feature explains.
pub(super) fn judge_rest(evidence: &Evidence<'_>) -> Vec<Observation> {
    let accepted = &evidence.account.accepted_features;
    judge_valid(evidence, |valid, fate, exchange| {
        Some(match fate {
            Fate::Accepted => Judgement::Satisfied,
            Fate::Unclear(why) => Judgement::NotApplicable(why),
            Fate::Refused if exchange.accepted() => violated(exchange),
            Fate::Refused if suspects(valid, accepted).len() == 1 => {
                Judgement::not_applicable("refused for one thing, whose own clause is violated")
            }
            Fate::Refused => violated(exchange),
        })
    })
}

fn judge_valid(
    evidence: &Evidence<'_>,
    judge: impl Fn(&Valid, Fate, &Exchange) -> Option<Judgement>,
) -> Vec<Observation> {
    let account = &evidence.account;
    (evidence.exchanges.iter())
        .filter_map(|(number, exchange)| {
            let valid = exchange.request.expectation().valid()?;
            let fate = if exchange.accepted_object().is_some() {
                Fate::Accepted
            } else if account.beyond_the_limit.contains(number) {
                Fate::Unclear("too many jobs were active".to_owned())
            } else {
                fate(exchange, account.key_works)
            };
            Some(Observation::of(*number, judge(valid, fate, exchange)?))
        })
        .collect()
}

/// How a submission fared that was not accepted.
fn fate(exchange: &Exchange, key_works: bool) -> Fate {
    if exchange.status() == Some(StatusCode::UNAUTHORIZED) && !key_works {
        Fate::Unclear("the server refuses the key".to_owned())
    } else if let Some(why) = inconclusive(exchange) {
        Fate::Unclear(why)
    } else {
        Fate::Refused
    }
}

fn suspects(valid: &Valid, accepted: &HashSet<Feature>) -> Vec<Feature> {
    let not_cleared = |feature: &Feature| !accepted.contains(feature);
    valid.features.iter().copied().filter(not_cleared).collect()
}

fn violated(exchange: &Exchange) -> Judgement {
    Judgement::violated("a 2xx with a JSON object", got(exchange))
}

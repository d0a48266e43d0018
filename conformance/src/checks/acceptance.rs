//! Who is to blame when a valid submission is refused.
//!
//! Several clauses say that something valid is accepted: the string forms, the largest list, the edges of
//! the chunk size, a webhook, each field. A request may use several of these at once. So a refusal is held
//! against what the run saw accepted elsewhere: what is cleared that way is not to blame. If one suspect is
//! left, its clause is broken; if none or several are, the refusal breaks `submit.accepted`.

use std::collections::HashSet;

use http::StatusCode;

use super::answer::{got, inconclusive};
use super::{Judgement, Observation, jobs};
use crate::contract::expectation::{Feature, Valid};
use crate::contract::request::Credential;
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
pub(super) fn judge_feature(exchanges: &[Exchange], mine: Feature) -> Vec<Observation> {
    judge_features(exchanges, |feature| feature == mine)
}

/// Judges the clause that says that each of the features that `mine` picks is accepted.
pub(super) fn judge_features(
    exchanges: &[Exchange],
    mine: impl Fn(Feature) -> bool,
) -> Vec<Observation> {
    let accepted = accepted_features(exchanges);
    judge_valid(exchanges, |valid, fate, exchange| {
        if !valid.features.iter().any(|feature| mine(*feature)) {
            return None;
        }
        Some(match fate {
            Fate::Accepted => Judgement::Kept,
            Fate::Unclear(why) => Judgement::Silent(why),
            Fate::Refused if exchange.accepted() => {
                Judgement::silent("the answer was not a JSON object")
            }
            Fate::Refused => match suspects(valid, &accepted)[..] {
                [one] if mine(one) => broken(exchange),
                _ => Judgement::silent("refused, and the cause is not known to be this"),
            },
        })
    })
}

/// Judges `submit.accepted`: what no single feature explains.
pub(super) fn judge_rest(exchanges: &[Exchange]) -> Vec<Observation> {
    let accepted = accepted_features(exchanges);
    judge_valid(exchanges, |valid, fate, exchange| {
        Some(match fate {
            Fate::Accepted => Judgement::Kept,
            Fate::Unclear(why) => Judgement::Silent(why),
            Fate::Refused if exchange.accepted() => broken(exchange),
            Fate::Refused if suspects(valid, &accepted).len() == 1 => {
                Judgement::silent("refused for one thing, whose own clause is broken")
            }
            Fate::Refused => broken(exchange),
        })
    })
}

fn judge_valid(
    exchanges: &[Exchange],
    judge: impl Fn(&Valid, Fate, &Exchange) -> Option<Judgement>,
) -> Vec<Observation> {
    let key_works = exchanges.iter().any(|exchange| {
        exchange.accepted() && Credential::of(&exchange.request.headers) == Credential::Configured
    });
    let too_many = jobs::beyond_the_limit(exchanges, &jobs::traces(exchanges));
    exchanges
        .iter()
        .enumerate()
        .filter_map(|(index, exchange)| {
            let valid = exchange.request.expectation().valid()?;
            let fate = if exchange.accepted_object().is_some() {
                Fate::Accepted
            } else if too_many.contains(&index) {
                Fate::Unclear("too many jobs were active".to_owned())
            } else {
                fate(exchange, key_works)
            };
            Some(Observation {
                exchange: Some(index),
                judgement: judge(valid, fate, exchange)?,
            })
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

/// Whether a valid submission was accepted, so that key and account are in order.
pub(super) fn any_accepted(exchanges: &[Exchange]) -> bool {
    exchanges.iter().any(|exchange| {
        exchange.request.expectation().valid().is_some() && exchange.accepted_object().is_some()
    })
}

/// The features of all accepted submissions.
pub(super) fn accepted_features(exchanges: &[Exchange]) -> HashSet<Feature> {
    exchanges
        .iter()
        .filter(|exchange| exchange.accepted_object().is_some())
        .filter_map(|exchange| exchange.request.expectation().valid())
        .flat_map(|valid| valid.features.iter().copied())
        .collect()
}

fn suspects(valid: &Valid, accepted: &HashSet<Feature>) -> Vec<Feature> {
    let not_cleared = |feature: &Feature| !accepted.contains(feature);
    valid.features.iter().copied().filter(not_cleared).collect()
}

fn broken(exchange: &Exchange) -> Judgement {
    Judgement::broken("a 2xx with a JSON object", got(exchange))
}

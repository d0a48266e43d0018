//! Judging what is read of the account. A server without these paths breaks nothing: then nothing is judged, and every
//! clause gives the same reason.

use std::fmt;

use serde_json::{Map, Value};

use crate::checks::course::Course;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::response::{got, inconclusive};
use crate::contract::request::{Credential, Operation, Version};
use crate::evidence::{Evidence, Seen, events, is_absent, state};
use crate::exchange::Request;

/// Why nothing of the account is judged on a server that has none of its paths.
pub(crate) const NONE: &str = "the server has no paths for the account, or not for this key";

/// Whether `request` reads the account with the key and the version.
pub(super) fn asks(request: &Request) -> bool {
    request.operation().is_account()
        && request.credential() == Credential::Configured
        && request.version() == Version::Current
}

/// Whether it reads what requests were charged in this way.
pub(super) fn asks_for_events(request: &Request) -> bool {
    asks(request) && matches!(request.operation(), Operation::Events | Operation::Event(_))
}

/// Judges each exchange with the account that the function has something to say of, in the light of those before.
pub(super) struct Each(pub(super) fn(&Seen<'_>) -> Option<Judgement>);

impl fmt::Debug for Each {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Each")
    }
}

impl Course for Each {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        if seen.exchange.request.operation().is_account()
            && let Some(judgement) = (self.0)(seen)
        {
            tally.add(seen, judgement);
        }
    }

    fn conclude(&self, evidence: &Evidence, tally: &mut Tally) {
        conclude(evidence, tally);
    }
}

/// Judges the events of a response one by one; one that is violated stands for all of them.
pub(super) fn each_event(
    seen: &Seen<'_>,
    judge: fn(&Seen<'_>, &Value) -> Option<Judgement>,
) -> Option<Judgement> {
    let mut judged = events(seen.exchange).filter_map(|event| judge(seen, event));
    let first = judged.next()?;
    let violated = |judgement: &Judgement| *judgement != Judgement::Satisfied;
    if violated(&first) {
        return Some(first);
    }
    Some(judged.find(violated).unwrap_or(first))
}

/// Says why nothing was judged, where the server has none of the paths.
pub(super) fn conclude(evidence: &Evidence, tally: &mut Tally) {
    if evidence.account().is_bare() {
        tally.not_applicable = Some(NONE.into());
    }
}

/// Whether the server has the path that the exchange is about, as far as was seen before.
pub(super) fn has_path(seen: &Seen<'_>) -> bool {
    let operation = seen.exchange.request.operation();
    seen.evidence.account().has(operation) == Some(true)
}

/// Judges the object that a request was answered with which deserves one.
pub(super) fn judge_object(
    seen: &Seen<'_>,
    judge: impl FnOnce(&Map<String, Value>) -> Judgement,
) -> Judgement {
    let exchange = seen.exchange;
    if let Some(object) = state(exchange) {
        return judge(object);
    }
    if is_absent(exchange) && !has_path(seen) {
        return Judgement::not_applicable(NONE);
    }
    // A path that was there is not forbidden to the account.
    match inconclusive(exchange).filter(|_| !is_absent(exchange)) {
        Some(why) => Judgement::not_applicable(why),
        None => Judgement::violated("200 with a JSON object", got(exchange)),
    }
}

/// Whether two amounts of credits are the same, but for what is lost when decimal fractions are added.
pub(super) fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() < LEAST
}

/// Less than any amount of credits that is charged.
pub(crate) const LEAST: f64 = 1e-6;

/// A value as it came, shortened.
pub(super) fn shown(key: &str, value: Option<&Value>) -> String {
    match value {
        None => format!("no `{key}`"),
        Some(value) => {
            let text: String = value.to_string().chars().take(120).collect();
            format!("`{key}`: {text}")
        }
    }
}

//! From the tally of one check to what became of it.

use std::borrow::Cow;

use super::repeat::Repeat;
use super::{Against, CheckResult, Finding, Known, Rules, Stale, Status};
use crate::checks::{Check, Level, Other, Tally, Violation, accounts};
use crate::contract::expectation::Expectation;
use crate::contract::request::Operation;
use crate::exchange::{Exchange, Request};
use crate::readable::{self, MOST_TEXT};

/// What became of the check. `limit` names the limit of the run that kept it from being judged, if one did.
pub(super) fn outcome(
    check: &Check,
    tally: Tally,
    limit: impl FnOnce() -> Option<String>,
    repeat: &Repeat<'_>,
) -> CheckResult {
    let violations = tally.violations;
    let (status, reason) = if violations.count > 0 {
        // A tolerated deviation is a warning, and so is the violation of a clause that is not binding.
        let fails = violations.binding > 0 && check.level <= Level::Doc;
        let status = if fails { Status::Fail } else { Status::Warn };
        (status, None)
    } else if tally.satisfied > 0 && tally.not_covered.is_none() {
        (Status::Pass, None)
    } else {
        // A server that has not what the clause is about would not be judged within other limits either.
        let is_bare = tally.not_applicable.as_deref() == Some(accounts::NONE);
        let limit = (!is_bare).then(limit).flatten();
        let status = if limit.is_some() {
            Status::Untestable
        } else {
            Status::Vacuous
        };
        let reason = limit
            .or(tally.not_covered)
            .or(tally.not_applicable.map(Cow::into_owned))
            .unwrap_or_else(|| match repeat.config {
                Some(_) => "nothing was sent that shows it".to_owned(),
                None => "nothing in this traffic shows it".to_owned(),
            });
        (status, Some(readable::line(&reason, MOST_TEXT)))
    };
    let (status, known) = known(check, status, repeat.rules);
    let first = violations.first.iter().map(|(number, _)| *number).min();
    let finding = (violations.smallest)
        .map(|violation| finding(repeat, check, first.unwrap_or(violation.number), violation));
    CheckResult {
        id: check.id,
        level: check.level,
        clause: check.clause(),
        fix: check.fix.of_the_judged(),
        status,
        reason,
        known,
        satisfied: tally.satisfied,
        violated: violations.count,
        findings: finding.into_iter().collect(),
    }
}

/// What the known failures make of a status.
fn known(check: &Check, status: Status, rules: &Rules) -> (Status, Option<Known>) {
    let Some(entry) = rules.known.get(check.id) else {
        return (status, None);
    };
    let stale = if entry.is_expired(rules.now.date_naive()) {
        Some(Stale::Expired)
    } else if status == Status::Pass {
        Some(Stale::Passes)
    } else {
        None
    };
    let status = match status {
        Status::Fail | Status::Warn if stale.is_none() => Status::Known,
        other => other,
    };
    let known = Known {
        reason: readable::line(&entry.reason, MOST_TEXT),
        expires: entry.expires.map(|day| day.to_string()),
        stale,
    };
    (status, Some(known))
}

/// `first` is the number of the first exchange that violates the clause.
pub(super) fn finding(
    repeat: &Repeat<'_>,
    check: &Check,
    first: usize,
    violation: Violation,
) -> Finding {
    let exchange = violation.exchange;
    let request = &exchange.request;
    let curl = repeat.curl(request);
    Finding {
        expected: readable::line(&violation.expected, MOST_TEXT),
        got: readable::line(&violation.got, MOST_TEXT),
        sent: readable::line(&request.to_string(), MOST_TEXT),
        run: repeat.run(check, if makes_job(request) { 0 } else { first }),
        serve: curl.as_ref().and_then(|_| repeat.serve()),
        curl,
        exchange: violation.number,
        place: None,
        status: exchange.status().map(|status| status.as_u16()),
        body: body(&exchange),
        against: violation.against.map(against),
        shown: exchange,
    }
}

/// Whether the request makes its job by itself.
fn makes_job(request: &Request) -> bool {
    let is_refused = matches!(request.expectation(), Expectation::Refuse(_));
    request.operation() == Operation::Submit && !is_refused
}

fn against(other: Other) -> Against {
    let exchange = other.exchange;
    Against {
        sent: readable::line(&exchange.request.to_string(), MOST_TEXT),
        exchange: other.number,
        place: None,
        status: exchange.status().map(|status| status.as_u16()),
        body: body(&exchange),
        shown: exchange,
    }
}

fn body(exchange: &Exchange) -> Option<String> {
    let response = exchange.outcome.as_ref().ok()?;
    Some(readable::body(&response.body, MOST_TEXT))
}

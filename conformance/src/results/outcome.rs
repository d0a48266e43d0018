//! From the observations of one check to what became of it.

use super::repeat::Repeat;
use super::{CheckResult, Finding, Known, Rules, Stale, Status};
use crate::checks::{Check, Judgement, Level, Observation};
use crate::exchange::Exchange;
use crate::readable::{self, MOST_TEXT};

/// What the observations of one check come to.
#[derive(Default)]
pub(super) struct Outcome<'a> {
    satisfied: usize,
    violated: usize,
    /// Whether more than a tolerated deviation was seen of a binding clause.
    fails: bool,
    /// The violation with the smallest request.
    smallest: Option<(usize, &'a Exchange, String, String)>,
    not_applicable: Option<String>,
    not_covered: Option<String>,
}

impl<'a> Outcome<'a> {
    pub(super) fn of(
        check: &Check,
        exchanges: &'a [Exchange],
        observations: Vec<Observation>,
    ) -> Self {
        let mut outcome = Self::default();
        for Observation {
            exchange,
            judgement,
        } in observations
        {
            let (expected, got) = match judgement {
                Judgement::Satisfied => {
                    outcome.satisfied += 1;
                    continue;
                }
                Judgement::NotApplicable(why) => {
                    outcome.not_applicable.get_or_insert(why);
                    continue;
                }
                Judgement::NotCovered(what) => {
                    outcome.not_covered.get_or_insert(what);
                    continue;
                }
                Judgement::Doubtful { expected, got } => (expected, got),
                Judgement::Violated { expected, got } => {
                    outcome.fails |= check.level <= Level::Doc;
                    (expected, got)
                }
            };
            outcome.violated += 1;
            let size = |exchange: &Exchange| exchange.request.body.len();
            let shown = exchange.and_then(|n| Some((n, exchanges.get(n)?)));
            if let Some((n, exchange)) = shown
                && (outcome.smallest.as_ref())
                    .is_none_or(|(_, other, ..)| size(exchange) < size(other))
            {
                outcome.smallest = Some((n, exchange, expected, got));
            }
        }
        outcome
    }

    /// What became of the check. `limit` names the limit of the run that kept it from being judged, if one did.
    pub(super) fn into_result(
        self,
        check: &Check,
        limit: impl FnOnce() -> Option<String>,
        repeat: &Repeat<'_>,
    ) -> CheckResult {
        let (status, reason) = if self.violated > 0 {
            let status = if self.fails {
                Status::Fail
            } else {
                Status::Warn
            };
            (status, None)
        } else if self.satisfied > 0 && self.not_covered.is_none() {
            (Status::Pass, None)
        } else {
            let limit = limit();
            let status = if limit.is_some() {
                Status::Untestable
            } else {
                Status::Vacuous
            };
            let reason = limit
                .or(self.not_covered)
                .or(self.not_applicable)
                .unwrap_or_else(|| "nothing was sent that shows it".to_owned());
            (status, Some(readable::line(&reason, MOST_TEXT)))
        };
        let (status, known) = known(check, status, repeat.rules);
        let findings = self.smallest.map(|(n, exchange, expected, got)| {
            finding(repeat, check, n, exchange, &expected, &got)
        });
        CheckResult {
            id: check.id,
            level: check.level,
            clause: check.clause(),
            status,
            reason,
            known,
            satisfied: self.satisfied,
            violated: self.violated,
            findings: findings.into_iter().collect(),
        }
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

fn finding(
    repeat: &Repeat<'_>,
    check: &Check,
    n: usize,
    exchange: &Exchange,
    expected: &str,
    got: &str,
) -> Finding {
    let request = &exchange.request;
    let response = exchange.outcome.as_ref().ok();
    let curl = repeat.curl(request);
    Finding {
        expected: readable::line(expected, MOST_TEXT),
        got: readable::line(got, MOST_TEXT),
        sent: readable::line(&request.to_string(), MOST_TEXT),
        run: repeat.run(check),
        serve: curl.as_ref().and_then(|_| repeat.serve()),
        curl,
        exchange: n,
        status: exchange.status().map(|status| status.as_u16()),
        body: response.map(|response| readable::body(&response.body, MOST_TEXT)),
    }
}

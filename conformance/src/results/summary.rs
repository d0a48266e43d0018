//! From exchanges to a verdict: what each check observed, what that comes to, and the exit code.

use std::time::Instant;

use super::{CheckResult, Finding, Results, SCHEMA, Status, Target, Totals, Verdict};
use crate::checks::{Check, Judgement, Level};
use crate::curl;
use crate::exchange::Exchange;
use crate::runner::{Run, RunConfig, Stop};

/// The most text of an answer's body that a finding quotes, in characters.
const MOST_BODY: usize = 2_000;

/// How to sum up a run.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Whether a warning makes the verdict `violated`.
    pub strict: bool,
    /// Ids of checks that were asked for by name: not judging one makes the verdict `inconclusive`.
    pub by_name: Vec<&'static str>,
}

impl Results {
    /// Judges a run and sums it up.
    pub fn of(config: &RunConfig, target: Target, run: &Run, rules: &Rules) -> Self {
        let started = Instant::now();
        let checks: Vec<CheckResult> = config
            .checks
            .iter()
            .map(|check| check_result(check, config, run))
            .collect();
        let verdict = verdict(&checks, run.stop.as_ref(), rules);
        Self {
            schema: SCHEMA,
            verdict,
            exit_code: verdict.exit_code(),
            target,
            seed: config.seed,
            cases: config.cases,
            stopped: run.stop.as_ref().map(ToString::to_string),
            totals: Totals {
                exchanges: run.exchanges.len(),
                jobs: run.jobs,
                seconds: (run.took + started.elapsed()).as_secs_f64(),
                waited: run.waited.as_secs_f64(),
            },
            checks,
        }
    }
}

fn check_result(check: &Check, config: &RunConfig, run: &Run) -> CheckResult {
    let (mut kept, mut broken) = (0, 0);
    let mut status_if_broken = Status::Warn;
    let mut smallest: Option<(&Exchange, String, String)> = None;
    let (mut silent, mut untried) = (None, None);
    for observation in check.judge(&run.exchanges) {
        let exchange = observation.exchange.and_then(|n| run.exchanges.get(n));
        let (expected, got) = match observation.judgement {
            Judgement::Kept => {
                kept += 1;
                continue;
            }
            Judgement::Silent(why) => {
                silent = silent.or(Some(why));
                continue;
            }
            Judgement::Untried(what) => {
                untried = untried.or(Some(what));
                continue;
            }
            Judgement::Doubtful { expected, got } => (expected, got),
            Judgement::Broken { expected, got } => {
                if check.level <= Level::Doc {
                    status_if_broken = Status::Fail;
                }
                (expected, got)
            }
        };
        broken += 1;
        let size = |exchange: &Exchange| exchange.request.body.len();
        if let Some(exchange) = exchange
            && smallest
                .as_ref()
                .is_none_or(|(other, ..)| size(exchange) < size(other))
        {
            smallest = Some((exchange, expected, got));
        }
    }
    let (status, reason) = if broken > 0 {
        (status_if_broken, None)
    } else if kept > 0 && untried.is_none() {
        (Status::Pass, None)
    } else {
        let limit = limit(check, config, run);
        let status = if limit.is_some() {
            Status::Untestable
        } else {
            Status::Vacuous
        };
        let seen = untried.or(silent);
        (
            status,
            limit
                .or(seen)
                .or_else(|| Some("nothing was sent that shows it".to_owned())),
        )
    };
    CheckResult {
        id: check.id,
        level: check.level,
        clause: check.clause(),
        status,
        reason,
        kept,
        broken,
        findings: smallest
            .map(|(exchange, expected, got)| finding(config, exchange, expected, got))
            .into_iter()
            .collect(),
    }
}

/// The limit of the run that kept the check from being judged.
fn limit(check: &Check, config: &RunConfig, run: &Run) -> Option<String> {
    if let Some(stop) = &run.stop {
        return Some(stop.to_string());
    }
    let ruled_out = run.skipped.iter().any(|request| (check.applies)(request));
    match config.max_jobs {
        Some(0) if ruled_out && run.jobs == 0 => {
            Some("needs an accepted job: allow some with --max-jobs".to_owned())
        }
        Some(most) if ruled_out => Some(format!(
            "needs more accepted jobs than --max-jobs {most} leaves"
        )),
        _ => None,
    }
}

fn finding(config: &RunConfig, exchange: &Exchange, expected: String, got: String) -> Finding {
    let response = exchange.outcome.as_ref().ok();
    Finding {
        expected,
        got,
        sent: exchange.request.to_string(),
        curl: curl::command(&config.base_url, &exchange.request),
        status: exchange.status().map(|status| status.as_u16()),
        body: response.map(|response| {
            let text = String::from_utf8_lossy(&response.body);
            text.chars().take(MOST_BODY).collect()
        }),
    }
}

fn verdict(checks: &[CheckResult], stop: Option<&Stop>, rules: &Rules) -> Verdict {
    let any = |status| checks.iter().any(|check| check.status == status);
    if stop == Some(&Stop::Interrupted) {
        return Verdict::Interrupted;
    }
    if any(Status::Fail) || (rules.strict && any(Status::Warn)) {
        return Verdict::Violated;
    }
    let unjudged = |check: &CheckResult| match check.status {
        Status::Pass | Status::Fail | Status::Warn => false,
        Status::Vacuous => check.level <= Level::Doc || rules.by_name.contains(&check.id),
        Status::Untestable => rules.by_name.contains(&check.id),
    };
    if stop.is_some() || !any(Status::Pass) && !any(Status::Warn) || checks.iter().any(unjudged) {
        return Verdict::Inconclusive;
    }
    Verdict::Conformant
}

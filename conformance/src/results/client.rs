//! From a client that was driven through the scenarios to results: what its clauses come to over all of them, with a
//! finding for each scenario that shows a violation.

use chrono::SecondsFormat;

use super::outcome::{finding, outcome};
use super::repeat::Repeat;
use super::rules::Rules;
use super::verdict::verdict;
use super::{CheckResult, Finding, Results, SCHEMA, Target, Totals};
use crate::checks::{Check, Tally, Violation};
use crate::exchange::Exchange;
use crate::mask::Mask;
use crate::recording::Recorder;
use crate::scenarios::{Driven, Played};

impl Results {
    /// Sums up a client that was driven, which `command` calls.
    pub fn of_client(
        command: &str,
        checks: &[&'static Check],
        driven: &Driven,
        rules: &Rules,
        mut recorder: Option<Recorder>,
    ) -> Self {
        let target = Target::named(format!("the client {command}"));
        let mut mask = Mask::default();
        for (number, exchange) in driven.exchanges.iter().enumerate() {
            if let Some(recorder) = &mut recorder {
                let mut exchange = Exchange::clone(exchange);
                if let Some(masked) = mask.exchange(&exchange) {
                    masked.put_into(&mut exchange);
                }
                recorder.push(number, &exchange);
            }
        }
        let repeat = Repeat {
            rules,
            target: &target,
            config: None,
            first_job: None,
        };
        let results: Vec<CheckResult> = checks
            .iter()
            .map(|check| {
                let run = |scenario: &str| {
                    let (program, clause) = (&rules.program, check.id);
                    format!("{program} client --only {clause} --scenario {scenario} -- {command}")
                };
                of_check(check, driven, &run, &repeat)
            })
            .collect();
        let stopped = driven.unjudged.clone();
        let interrupted = driven.interrupted;
        let (verdict, because) = verdict(&results, stopped.as_deref(), interrupted, true, rules);
        Self {
            schema: SCHEMA,
            verdict,
            because,
            exit_code: verdict.exit_code(),
            started_at: rules.now.to_rfc3339_opts(SecondsFormat::Secs, true),
            seed: None,
            cases: None,
            strict: rules.strict,
            stopped,
            cut_once: Vec::new(),
            notes: Vec::new(),
            checks: results,
            jobs: Vec::new(),
            left_running: Vec::new(),
            cost: None,
            target,
            totals: Totals {
                exchanges: driven.exchanges.len(),
                jobs: driven.jobs as u64,
                seconds: driven.took.as_secs_f64(),
                waited: 0.0,
                server: (driven.exchanges.iter())
                    .map(|exchange| exchange.took.as_secs_f64())
                    .sum(),
            },
            recorder,
        }
    }
}

fn of_check(
    check: &Check,
    driven: &Driven,
    run: &dyn Fn(&str) -> String,
    repeat: &Repeat<'_>,
) -> CheckResult {
    let mut merged = Tally::default();
    let mut findings = Vec::new();
    for played in &driven.played {
        let Some((_, tally)) = played.tallies.iter().find(|(one, _)| one.id == check.id) else {
            continue;
        };
        merged.satisfied += tally.satisfied;
        merged.violations.extend(&tally.violations);
        merged.not_applicable = merged.not_applicable.or(tally.not_applicable.clone());
        if let Some(violation) = tally.violations.smallest.clone() {
            findings.push(of_scenario(check, played, violation, run, repeat));
        }
    }
    CheckResult {
        findings,
        ..outcome(check, merged, || unjudged(driven), repeat)
    }
}

fn unjudged(driven: &Driven) -> Option<String> {
    let unjudged = driven.unjudged.is_some();
    unjudged.then(|| "nothing was judged: see the verdict".to_owned())
}

/// The request can't be sent again: the mock is gone, and it is the client that errs.
fn of_scenario(
    check: &Check,
    played: &Played,
    violation: Violation,
    run: &dyn Fn(&str) -> String,
    repeat: &Repeat<'_>,
) -> Finding {
    let name = played.scenario.name;
    let violation = Violation {
        against: None,
        got: format!("{} (scenario {name})", violation.got),
        ..violation
    };
    Finding {
        run: Some(run(name)),
        serve: None,
        curl: None,
        ..finding(repeat, check, 0, violation)
    }
}

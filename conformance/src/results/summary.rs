//! From exchanges to a verdict: what each check observed, what that comes to, and the exit code.

use std::time::{Duration, Instant};

use chrono::SecondsFormat;

use super::mask::Mask;
use super::outcome::Outcome;
use super::repeat::Repeat;
use super::{CheckResult, Results, Rules, SCHEMA, Status, Target, Totals, Verdict, jobs};
use crate::checks::{self, Check, Level, Submissions, judge};
use crate::evidence::Evidence;
use crate::exchange::Exchange;
use crate::readable::{self, MOST_TEXT};
use crate::runner::{Run, RunConfig, Stop};

impl Results {
    /// Judges a run and sums it up.
    pub fn of(config: &RunConfig, target: Target, mut run: Run, rules: &Rules) -> Self {
        let exchanges = std::mem::take(&mut run.exchanges);
        summary(
            &config.checks,
            target,
            exchanges,
            rules,
            Some((config, &run)),
        )
    }

    /// Judges exchanges of which no more is known than what is in them: those of a recording, or of other
    /// people's traffic. What only a run knows is left out.
    pub fn of_exchanges(
        checks: &[&'static Check],
        target: Target,
        exchanges: Vec<Exchange>,
        rules: &Rules,
    ) -> Self {
        summary(checks, target, exchanges, rules, None)
    }
}

/// What `mask` masks is masked first, so that nothing that is made from the results, and nothing that a check
/// quotes, can hold any.
fn summary(
    checks: &[&'static Check],
    target: Target,
    mut exchanges: Vec<Exchange>,
    rules: &Rules,
    source: Option<(&RunConfig, &Run)>,
) -> Results {
    let started = Instant::now();
    let mut mask = Mask::default();
    for exchange in &mut exchanges {
        mask.exchange(exchange);
    }
    let run = source.map(|(_, run)| run);
    let stop = run.and_then(|run| run.stop.as_ref());
    let stopped = stop.map(|stop| readable::line(&mask.line(&stop.to_string()), MOST_TEXT));
    let evidence = Evidence::of(&exchanges);
    let jobs = jobs::histories(&evidence);
    let repeat = Repeat {
        rules,
        target: &target,
        config: source.map(|(config, _)| config),
    };
    let checks: Vec<CheckResult> = judge(checks, &evidence)
        .into_iter()
        .map(|(check, observations)| {
            let limit = || limit(check, source, stopped.as_ref());
            let outcome = Outcome::of(check, &exchanges, observations);
            outcome.into_result(check, limit, &repeat)
        })
        .collect();
    let (verdict, because) = verdict(
        &checks,
        stopped.as_deref(),
        stop == Some(&Stop::Interrupted),
        rules,
    );
    let server: Duration = exchanges.iter().map(|exchange| exchange.took).sum();
    let active = run.filter(|_| !target.embedded).map(|run| &run.active);
    let took = run.map(|run| run.took).unwrap_or_default();
    Results {
        schema: SCHEMA,
        verdict,
        because,
        exit_code: verdict.exit_code(),
        started_at: rules.now.to_rfc3339_opts(SecondsFormat::Secs, true),
        seed: source.map(|(config, _)| config.seed),
        cases: source.map(|(config, _)| config.cases),
        strict: rules.strict,
        stopped,
        checks,
        left_running: active
            .into_iter()
            .flatten()
            .map(|job| readable::line(&mask.line(job), MOST_TEXT))
            .collect(),
        target,
        totals: Totals {
            exchanges: exchanges.len(),
            jobs: run.map_or(jobs.len() as u64, |run| run.jobs),
            seconds: (took + started.elapsed()).as_secs_f64(),
            waited: run.map(|run| run.waited).unwrap_or_default().as_secs_f64(),
            server: server.as_secs_f64(),
        },
        jobs,
        exchanges,
    }
}

/// The limit of the run that kept the check from being judged.
fn limit(
    check: &Check,
    source: Option<(&RunConfig, &Run)>,
    stopped: Option<&String>,
) -> Option<String> {
    let (config, run) = source?;
    if let Some(stopped) = stopped {
        return Some(stopped.clone());
    }
    if check.needs.deliveries && config.webhook.is_none() {
        return Some("the server can't reach this machine: see --webhook-base".to_owned());
    }
    let ruled_out = run.skipped.iter().any(|request| check.wants(request));
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

/// The verdict, and what it rests on where it is not `conformant`.
fn verdict(
    checks: &[CheckResult],
    stopped: Option<&str>,
    interrupted: bool,
    rules: &Rules,
) -> (Verdict, Option<String>) {
    let stopped = stopped.map(str::to_owned);
    if interrupted {
        return (Verdict::Interrupted, stopped);
    }
    let ids = |wanted: &dyn Fn(&CheckResult) -> bool| -> Option<String> {
        let ids: Vec<&str> = checks
            .iter()
            .filter(|check| wanted(check))
            .map(|check| check.id)
            .collect();
        (!ids.is_empty()).then(|| ids.join(", "))
    };
    let stale = ids(&|check| check.stale().is_some())
        .map(|ids| format!("known failures out of date: {ids}"));
    let violated = ids(&|check| check.is_violation(rules.strict) && check.stale().is_none())
        .map(|ids| format!("violated: {ids}"));
    let violated: Vec<String> = violated.into_iter().chain(stale).collect();
    if !violated.is_empty() {
        return (Verdict::Violated, Some(violated.join("; ")));
    }
    if stopped.is_some() {
        return (Verdict::Inconclusive, stopped);
    }
    if let Some(unjudged) = ids(&|check| had_to_be_judged(check, rules)) {
        let because = format!("not judged: {unjudged}");
        return (Verdict::Inconclusive, Some(because));
    }
    let judged =
        |check: &CheckResult| !matches!(check.status, Status::Untestable | Status::Vacuous);
    if !checks.iter().any(judged) {
        let because = "no check could be judged".to_owned();
        return (Verdict::Inconclusive, Some(because));
    }
    (Verdict::Conformant, None)
}

/// Whether a check that was not judged keeps the verdict open. Every server that takes submissions shows those that
/// judge them; what jobs deliver, no server has to show: they may fail, find nothing, or be over at once.
fn had_to_be_judged(check: &CheckResult, rules: &Rules) -> bool {
    let by_name = rules.by_name.contains(&check.id);
    let judges_submissions = |check: &Check| {
        matches!(
            check.needs.submissions,
            Submissions::Judged | Submissions::Compared
        )
    };
    match check.status {
        Status::Pass | Status::Fail | Status::Warn | Status::Known => false,
        Status::Vacuous => {
            by_name
                || check.level == Level::Must
                    && checks::find(check.id).is_some_and(judges_submissions)
        }
        Status::Untestable => by_name,
    }
}

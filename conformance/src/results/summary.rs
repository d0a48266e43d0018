//! From what the checks say to results: what that comes to for each check. The verdict is in `verdict`.

use std::time::Instant;

use chrono::SecondsFormat;

use super::outcome::outcome;
use super::repeat::Repeat;
use super::rules::Rules;
use super::verdict::verdict;
use super::{CheckResult, Cost, Results, SCHEMA, Target, Totals, jobs};
use crate::assessment::Assessment;
use crate::checks::{Check, Tally};
use crate::readable::{self, MOST_TEXT};
use crate::runner::{End, Plan, Run, RunConfig, Stop};

impl Results {
    /// Sums up a run.
    pub fn of(config: &RunConfig, run: Run, rules: &Rules) -> Self {
        let Run { assessment, end } = run;
        let target = Target::of_run(config);
        summary(target, assessment, rules, Some((config, &end)))
    }

    /// Sums up exchanges with this server of which no more is known than what is in them: those of a recording, or of
    /// other people's traffic. What only a run knows is left out.
    pub fn of_exchanges(server: impl Into<String>, assessment: Assessment, rules: &Rules) -> Self {
        summary(Target::named(server), assessment, rules, None)
    }
}

/// What the exchanges hold is masked already; what is said about them is masked here.
fn summary(
    target: Target,
    mut assessment: Assessment,
    rules: &Rules,
    source: Option<(&RunConfig, &End)>,
) -> Results {
    let started = Instant::now();
    let end = source.map(|(_, end)| end);
    let stop = end.and_then(|end| end.stop.as_ref());
    let stopped = stop.map(|stop| readable::line(&assessment.masked(&stop.to_string()), MOST_TEXT));
    assessment.settle_all();
    // What is not this API has no jobs, and violates nothing.
    let judged = !stop.is_some_and(Stop::nothing_to_judge);
    let jobs = if judged {
        jobs::histories(assessment.evidence())
    } else {
        Vec::new()
    };
    let accepted = if judged {
        assessment.evidence().accepted() as u64
    } else {
        0
    };
    let repeat = Repeat {
        rules,
        target: &target,
        config: source.map(|(config, _)| config),
        first_job: assessment.evidence().jobs().next().map(|job| job.exchange),
    };
    let checks: Vec<CheckResult> = assessment
        .judged()
        .into_iter()
        .map(|(check, tally)| {
            let limit = || limit(check, source, stopped.as_ref());
            let tally = if judged { tally } else { Tally::default() };
            outcome(check, tally, limit, &repeat)
        })
        .collect();
    let (verdict, because) = verdict(
        &checks,
        stopped.as_deref(),
        stop == Some(&Stop::Interrupted),
        source.is_some(),
        rules,
    );
    let cost = source
        .filter(|_| judged && !target.embedded)
        .map(|(config, _)| Cost::of(&Plan::of(config), assessment.evidence()));
    // Masked already, since it is made of what was judged.
    let cut_once = assessment.cut_once().to_vec();
    let active = end.filter(|_| !target.embedded).map(|end| &end.active);
    let took = end.map(|end| end.took).unwrap_or_default();
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
            .map(|job| readable::line(&assessment.masked(job), MOST_TEXT))
            .collect(),
        cut_once: cut_once
            .iter()
            .map(|read| readable::line(read, MOST_TEXT))
            .collect(),
        notes: Vec::new(),
        target,
        totals: Totals {
            exchanges: assessment.exchanges(),
            jobs: end.map_or(accepted, |end| end.jobs),
            seconds: (took + started.elapsed()).as_secs_f64(),
            waited: end.map(|end| end.waited).unwrap_or_default().as_secs_f64(),
            server: assessment.server().as_secs_f64(),
        },
        jobs,
        cost,
        recorder: assessment.take_recorder(),
    }
}

/// The limit of the run that kept the check from being judged.
fn limit(
    check: &Check,
    source: Option<(&RunConfig, &End)>,
    stopped: Option<&String>,
) -> Option<String> {
    let (config, end) = source?;
    if end.stop.as_ref().is_some_and(Stop::nothing_to_judge) {
        return Some("nothing was judged: see the verdict".to_owned());
    }
    if let Some(stopped) = stopped {
        return Some(stopped.clone());
    }
    if check.needs.deliveries && config.webhook.is_none() {
        return Some("the server can't reach this machine: see --webhook-base".to_owned());
    }
    if end.left_open.contains(check.id) {
        return Some(
            "a submission of --profile-url failed so that it may have been accepted; it is not repeated, since it \
             could be billed twice"
                .to_owned(),
        );
    }
    let ruled_out = end.skipped.contains(check.id);
    match config.max_jobs {
        Some(0) if ruled_out && end.jobs == 0 => {
            Some("needs an accepted job: allow some with --max-jobs".to_owned())
        }
        Some(most) if ruled_out => Some(format!(
            "needs more accepted jobs than --max-jobs {most} leaves"
        )),
        _ => None,
    }
}

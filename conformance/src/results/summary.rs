//! From what the checks say to results: what that comes to for each check. The verdict is in `verdict`.

use std::time::Instant;

use chrono::SecondsFormat;

use super::rules::Rules;
use super::verdict::verdict;
use super::{CheckResult, Finding, Known, Results, SCHEMA, Stale, Status, Target, Totals, jobs};
use crate::assessment::Assessment;
use crate::checks::{Check, Level, Tally, Violation};
use crate::curl;
use crate::runner::{End, Run, RunConfig, Stop};

/// The most text from a server or about it that a finding quotes, in characters.
const MOST_TEXT: usize = 2_000;

impl Results {
    /// Sums up a run.
    pub fn of(config: &RunConfig, target: Target, run: Run, rules: &Rules) -> Self {
        let Run {
            assessment, end, ..
        } = run;
        summary(target, assessment, rules, Some((config, &end)))
    }

    /// Sums up exchanges of which no more is known than what is in them: those of a recording, or of other
    /// people's traffic. What only a run knows is left out.
    pub fn of_exchanges(target: Target, assessment: Assessment, rules: &Rules) -> Self {
        summary(target, assessment, rules, None)
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
    let stopped = stop.map(|stop| assessment.masked(&stop.to_string()));
    assessment.settle_all();
    // What is not this API has no jobs, and violates nothing.
    let judged = !stop.is_some_and(Stop::nothing_to_judge);
    let jobs = if judged {
        jobs::histories(assessment.evidence())
    } else {
        Vec::new()
    };
    let checks: Vec<CheckResult> = assessment
        .judged()
        .into_iter()
        .map(|(check, tally)| {
            let limit = || limit(check, source, stopped.as_ref());
            let run_alone = source.map(|(config, _)| run_alone(check, config, &target));
            let tally = if judged { tally } else { Tally::default() };
            result(check, tally, &target, rules, limit, run_alone)
        })
        .collect();
    let (verdict, because) = verdict(
        &checks,
        stopped.as_deref(),
        stop == Some(&Stop::Interrupted),
        rules,
    );
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
            .map(|job| assessment.masked(job))
            .collect(),
        target,
        totals: Totals {
            exchanges: assessment.exchanges(),
            jobs: end.map_or(jobs.len() as u64, |end| end.jobs),
            seconds: (took + started.elapsed()).as_secs_f64(),
            waited: end.map(|end| end.waited).unwrap_or_default().as_secs_f64(),
            server: assessment.server().as_secs_f64(),
        },
        jobs,
        recorder: assessment.take_recorder(),
    }
}

/// What the tally of one check comes to.
fn result(
    check: &Check,
    tally: Tally,
    target: &Target,
    rules: &Rules,
    limit: impl FnOnce() -> Option<String>,
    run_alone: Option<String>,
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
        let limit = limit();
        let status = if limit.is_some() {
            Status::Untestable
        } else {
            Status::Vacuous
        };
        let reason = limit
            .or(tally.not_covered)
            .or(tally.not_applicable)
            .unwrap_or_else(|| "nothing was sent that shows it".to_owned());
        (status, Some(excerpt(&reason)))
    };
    let (status, known) = known(check, status, rules);
    let finding = (violations.smallest).map(|violation| finding(target, violation, run_alone));
    CheckResult {
        id: check.id,
        level: check.level,
        clause: check.clause(),
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
        reason: entry.reason.clone(),
        expires: entry.expires.map(|day| day.to_string()),
        stale,
    };
    (status, Some(known))
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

/// The command that runs one check alone, with the values of this run.
fn run_alone(check: &Check, config: &RunConfig, target: &Target) -> String {
    let mut command = format!(
        "conformance run --only {} --seed {} --cases {}",
        check.id, config.seed, config.cases
    );
    if !target.embedded {
        command += &format!(" --base-url {}", target.base_url);
    }
    if let Some(most) = config.max_jobs {
        command += &format!(" --max-jobs {most}");
    }
    for fault in &target.faults {
        command += &format!(" --fault {fault}");
    }
    command
}

fn finding(target: &Target, violation: Violation, run: Option<String>) -> Finding {
    let exchange = violation.exchange;
    let response = exchange.outcome.as_ref().ok();
    Finding {
        expected: excerpt(&violation.expected),
        got: excerpt(&violation.got),
        sent: excerpt(&exchange.request.to_string()),
        curl: curl::command(&target.base_url, &exchange.request),
        run,
        exchange: violation.number,
        status: exchange.status().map(|status| status.as_u16()),
        body: response.map(|response| {
            // A character takes four bytes at most.
            let most = response.body.len().min(4 * MOST_TEXT);
            excerpt(&String::from_utf8_lossy(&response.body[..most]))
        }),
        shown: exchange,
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(MOST_TEXT).collect()
}

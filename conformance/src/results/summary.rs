//! From exchanges to results: what each check observed, and what that comes to. The verdict is in `verdict`.

use std::time::{Duration, Instant};

use chrono::SecondsFormat;

use super::mask::Mask;
use super::rules::Rules;
use super::verdict::verdict;
use super::{CheckResult, Finding, Known, Results, SCHEMA, Stale, Status, Target, Totals, jobs};
use crate::checks::{Check, Judgement, Level, Observation, judge};
use crate::curl;
use crate::evidence::Evidence;
use crate::exchange::Exchange;
use crate::runner::{Run, RunConfig, Stop};

/// The most text from a server or about it that a finding quotes, in characters.
const MOST_TEXT: usize = 2_000;

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
    let stopped = stop.map(|stop| mask.line(&stop.to_string()));
    // What is not this API violates nothing.
    let judged = if stop.is_some_and(Stop::nothing_to_judge) {
        &[]
    } else {
        &exchanges[..]
    };
    let evidence = Evidence::of(judged);
    let jobs = jobs::histories(&evidence);
    let checks: Vec<CheckResult> = judge(checks, &evidence)
        .into_iter()
        .map(|(check, observations)| {
            let limit = || limit(check, source, stopped.as_ref());
            let run_alone = source.map(|(config, _)| run_alone(check, config, &target));
            let outcome = Outcome::of(check, &exchanges, observations);
            outcome.into_result(check, &target, rules, limit, run_alone)
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
            .map(|job| mask.line(job))
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

/// What the observations of one check come to.
#[derive(Default)]
struct Outcome<'a> {
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
    fn of(check: &Check, exchanges: &'a [Exchange], observations: Vec<Observation>) -> Self {
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

    fn into_result(
        self,
        check: &Check,
        target: &Target,
        rules: &Rules,
        limit: impl FnOnce() -> Option<String>,
        run_alone: Option<String>,
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
            (status, Some(excerpt(&reason)))
        };
        let (status, known) = known(check, status, rules);
        let findings = self.smallest.map(|(n, exchange, expected, got)| {
            finding(target, n, exchange, &expected, &got, run_alone)
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
        reason: entry.reason.clone(),
        expires: entry.expires.map(|day| day.to_string()),
        stale,
    };
    (status, Some(known))
}

/// The limit of the run that kept the check from being judged.
fn limit(
    check: &Check,
    source: Option<(&RunConfig, &Run)>,
    stopped: Option<&String>,
) -> Option<String> {
    let (config, run) = source?;
    if run.stop.as_ref().is_some_and(Stop::nothing_to_judge) {
        return Some("nothing was judged: see the verdict".to_owned());
    }
    if let Some(stopped) = stopped {
        return Some(stopped.clone());
    }
    if check.needs.deliveries && config.webhook.is_none() {
        return Some("the server can't reach this machine: see --webhook-base".to_owned());
    }
    if run.left_open.iter().any(|request| check.wants(request)) {
        return Some(
            "a submission of --profile-url failed so that it may have been accepted; it is not repeated, since it \
             could be billed twice"
                .to_owned(),
        );
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

fn finding(
    target: &Target,
    n: usize,
    exchange: &Exchange,
    expected: &str,
    got: &str,
    run: Option<String>,
) -> Finding {
    let response = exchange.outcome.as_ref().ok();
    Finding {
        expected: excerpt(expected),
        got: excerpt(got),
        sent: excerpt(&exchange.request.to_string()),
        curl: curl::command(&target.base_url, &exchange.request),
        run,
        exchange: n,
        status: exchange.status().map(|status| status.as_u16()),
        body: response.map(|response| {
            // A character takes four bytes at most.
            let most = response.body.len().min(4 * MOST_TEXT);
            excerpt(&String::from_utf8_lossy(&response.body[..most]))
        }),
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(MOST_TEXT).collect()
}

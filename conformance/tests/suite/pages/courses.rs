//! What a client does in a scenario, request by request, for clauses that are about several of them or about how it ends:
//! the reference client with a mistake, and as it should be.

use std::fmt::Write as _;
use std::time::Duration;

use crustdata_conformance::checks::Check;
use crustdata_conformance::exchange::Exchange;
use crustdata_conformance::results::{Finding, Results, Rules};
use crustdata_conformance::scenarios::reference::Mistake;
use crustdata_conformance::scenarios::{Driven, SCENARIOS, Scenario};
use http::Method;

use super::clients::driven;

/// Of scenarios those are played whose client may take so long, where there are some.
const QUICK: Duration = Duration::from_secs(60);

/// A client that breaks a clause in a scenario, and one that keeps it there.
pub(super) struct Courses {
    pub(super) scenario: &'static Scenario,
    pub(super) mistake: Mistake,
    pub(super) broken: String,
    pub(super) finding: Finding,
    pub(super) kept: String,
}

/// The first mistake against the clause that shows in one of its scenarios, in the first of those where it does.
pub(super) async fn of(clause: &'static Check) -> Courses {
    let about = |scenario: &&Scenario| scenario.clauses.contains(&clause.id);
    let mut scenarios: Vec<_> = SCENARIOS.iter().filter(about).collect();
    let is_quick = |scenario: &Scenario| scenario.limit <= QUICK;
    if scenarios.iter().any(|scenario| is_quick(scenario)) {
        scenarios.retain(|scenario| is_quick(scenario));
    }
    for mistake in Mistake::ALL.iter().copied() {
        if mistake.clause() != clause.id {
            continue;
        }
        let broken = driven(Some(mistake), &[clause], &scenarios).await;
        let shows = broken
            .played
            .iter()
            .find(|played| played.violated().next().is_some());
        let Some(scenario) = shows.map(|played| played.scenario) else {
            continue;
        };
        let results = Results::of_client("CLIENT", &[clause], &broken, &Rules::default(), None);
        let findings = results.checks.into_iter().flat_map(|check| check.findings);
        let finding = findings.into_iter().next();
        let kept = driven(None, &[clause], &[scenario]).await;
        return Courses {
            scenario,
            mistake,
            broken: course(&broken, scenario),
            finding: finding.expect("what is violated has a finding"),
            kept: course(&kept, scenario),
        };
    }
    panic!("no mistake against {} shows", clause.id);
}

/// A line for each request, and how the client ends. Those of one kind that follow each other are one line, which says so of
/// submissions only: how often a job is polled depends on the machine.
fn course(driven: &Driven, scenario: &Scenario) -> String {
    let mut played = driven.played.iter();
    let played = played.find(|played| played.scenario.name == scenario.name);
    let played = played.expect("it was played");
    let exchanges = &driven.exchanges[played.exchanges.clone()];
    let mut text = String::new();
    for alike in exchanges.chunk_by(|one, next| line(one) == line(next)) {
        let (first, is_one) = (&alike[0], alike.len() == 1);
        let more = match is_one || first.request.method != Method::POST {
            true => "",
            false => ", and again",
        };
        writeln!(text, "{}{more}", line(first)).expect("a text can be written to");
    }
    text + &format!("({})\n", played.ended)
}

fn line(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let came = match &exchange.outcome {
        Ok(response) => response.status.as_str().to_owned(),
        Err(_) => "no whole response".to_owned(),
    };
    let path = request.destination.as_str().split('?').next();
    let path = path.unwrap_or_default();
    format!("{:<4} {path}  →  {came}", request.method.as_str())
}

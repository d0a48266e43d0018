//! Judges a client in one scenario: by its traffic first, and where that explains how it ended, by nothing else.

use std::sync::Arc;

use super::ending;
use super::records;
use super::scenario::{Ends, Scenario};
use super::stage::Staged;
use super::task::Ended;
use crate::checks::{Check, Judgement, Judging, Tally, find_client};
use crate::contract::request::Operation;
use crate::exchange::Exchange;

/// Clauses that, violated, keep a client from doing its task: how it ends says nothing more then.
const DERAILING: &[&str] = &[
    "client.authorization",
    "client.version",
    "client.valid-request",
    "client.key-origin",
    "client.submits-once",
];

/// What the clauses say of a client in a scenario.
pub(super) type Tallies = Vec<(&'static Check, Tally)>;

/// What is known of a client from other scenarios.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// Whether it writes its records.
    pub(super) writes: bool,
    /// Whether it ended with success in the scenario that this one comes after.
    pub(super) after: bool,
    /// Number of the first exchange in the recording.
    pub(super) first: usize,
}

/// What the traffic shows.
pub(super) fn of_traffic(
    checks: &[&'static Check],
    exchanges: &[Arc<Exchange>],
    first: usize,
) -> Tallies {
    let mut judging = Judging::new(checks);
    for (number, exchange) in exchanges.iter().enumerate() {
        judging.push(first + number, exchange);
    }
    judging.judged()
}

/// Whether one of the clauses that explain a bad end is violated.
pub(super) fn is_derailed(tallies: &Tallies) -> bool {
    let violated = |(check, tally): &(&'static Check, Tally)| {
        DERAILING.contains(&check.id) && tally.violations.count > 0
    };
    tallies.iter().any(violated)
}

/// Adds to what the traffic shows what else is known of a client in a scenario.
pub(super) fn of_end(scenario: &Scenario, staged: &Staged, known: Known, tallies: &mut Tallies) {
    if is_derailed(tallies) || !known.after {
        return;
    }
    let says = |clause, judgement| Say { clause, judgement };
    let success = staged.ended == Ended::Success;
    let ended = || staged.ended.text(scenario.limit);
    let mut said = Vec::new();
    match scenario.ends {
        Ends::Either => {}
        Ends::Fails(clause) if success => {
            said.push(says(
                clause,
                Judgement::violated("an exit status that is not 0", ended()),
            ));
        }
        // Who never ends says nothing, unless its traffic is at fault.
        Ends::Fails(clause) if staged.ended == Ended::Stopped => {
            if tallies.iter().all(|(_, tally)| tally.violations.count == 0) {
                let expected = "an end, with an exit status that is not 0";
                said.push(says(clause, Judgement::violated(expected, ended())));
            }
        }
        Ends::Fails(clause) => said.push(says(clause, Judgement::Satisfied)),
        Ends::Works(clause) if !success => {
            said.push(says(clause, Judgement::violated("exit status 0", ended())));
        }
        Ends::Works(clause) => {
            said.push(says(clause, Judgement::Satisfied));
            said.extend(done(scenario, staged, known));
        }
        Ends::Honest if !success => {}
        Ends::Honest => said.extend(done(scenario, staged, known)),
        Ends::Unknown => {
            let judgement = match unadopted(staged, known).filter(|_| success) {
                Some(got) => Judgement::violated(
                    "the job found, waited for and read, or an exit status that is not 0",
                    got,
                ),
                None if staged.ended == Ended::Stopped => Judgement::violated("an end", ended()),
                None => Judgement::Satisfied,
            };
            said.push(says("client.adopts", judgement));
        }
    }
    for Say { clause, judgement } in said {
        add(scenario, staged, known.first, clause, judgement, tallies);
    }
}

/// What is said of a clause.
struct Say {
    clause: &'static str,
    judgement: Judgement,
}

/// What a client did that says that all is done.
fn done(scenario: &Scenario, staged: &Staged, known: Known) -> Vec<Say> {
    let says = |clause, judgement| Say { clause, judgement };
    if let Some(got) = ending::identifiers(staged) {
        let expected = "every identifier in one job";
        return vec![says(
            "client.all-identifiers",
            Judgement::violated(expected, got),
        )];
    }
    let mut said = vec![says("client.all-identifiers", Judgement::Satisfied)];
    if let Some(id) = ending::left(staged) {
        let got = format!("success, and job {id} was never seen to be over");
        let expected = "polls until the job is over";
        said.push(says("client.terminal", Judgement::violated(expected, got)));
        return said;
    }
    said.push(says("client.terminal", Judgement::Satisfied));
    if let Some(clause) = scenario.records.filter(|_| known.writes) {
        let expected = "the records of its jobs, each once";
        said.push(match unread(staged) {
            None => says(clause, Judgement::Satisfied),
            Some(got) if staged.output.is_none() => {
                says(clause, Judgement::violated(expected, got))
            }
            // Whatever happened, something was read.
            Some(got) => says("client.results", Judgement::violated(expected, got)),
        });
    }
    said
}

/// How the records that a client wrote differ from those of its jobs.
fn unread(staged: &Staged) -> Option<String> {
    let records: Vec<_> = staged.jobs.iter().flat_map(|job| &job.records).collect();
    records::difference(staged.output.as_deref().unwrap_or_default(), &records)
}

/// What a client that ends with success left out after an answer was lost.
fn unadopted(staged: &Staged, known: Known) -> Option<String> {
    if let Some(got) = ending::identifiers(staged) {
        return Some(format!("success, and {got}"));
    }
    if let Some(id) = ending::left(staged) {
        return Some(format!("success, and job {id} was never seen to be over"));
    }
    let nothing = known.writes && staged.output.is_none();
    nothing.then(|| "success, and no record of it was written".to_owned())
}

/// Adds what is said of a clause, shown by the last submission of the scenario, or else by the last exchange.
fn add(
    scenario: &Scenario,
    staged: &Staged,
    first: usize,
    clause: &str,
    judgement: Judgement,
    tallies: &mut Tallies,
) {
    let exchanges = &staged.exchanges;
    let submission = exchanges
        .iter()
        .rposition(|exchange| exchange.request.operation() == Operation::Submit);
    let shown = submission.or(exchanges.len().checked_sub(1));
    let Some(tally) = tallies
        .iter_mut()
        .find(|(check, _)| check.id == clause)
        .map(|(_, tally)| tally)
    else {
        return;
    };
    match shown.and_then(|shown| Some((shown, exchanges.get(shown)?))) {
        Some((shown, exchange)) => tally.add_of(first + shown, exchange, judgement),
        None => {
            let nothing = format!("nothing was sent in the scenario {}", scenario.name);
            let exchange = Arc::new(Exchange::nothing(&nothing));
            tally.add_of(first, &exchange, judgement);
        }
    }
    debug_assert!(find_client(clause).is_some());
}

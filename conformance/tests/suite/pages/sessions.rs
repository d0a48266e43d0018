//! Where the exchanges on the pages come from: runs on the embedded mock with a fixed seed, one on the compliant mock for
//! all clauses, and for each clause one on a fault that trips its check.

use std::cmp::Reverse;
use std::io::BufReader;
use std::sync::Arc;

use crustdata_conformance::checks::{CHECKS, Check, Judging};
use crustdata_conformance::contract::request::Operation;
use crustdata_conformance::embedded;
use crustdata_conformance::exchange::{Exchange, Request};
use crustdata_conformance::recording::{self, Recorder};
use crustdata_conformance::results::{Finding, Results, Rules};
use crustdata_conformance::runner::RunConfig;
use crustdata_mock::Fault;

/// The seed of all runs.
pub(super) const SEED: u64 = 1;
/// The command line's own number, so that what is printed on a page does what was done for it.
const REFUSALS: usize = 200;
/// Faults that are tried for a clause until one is found: some show in generated cases only.
const MOST_TRIED: usize = 8;

/// A run on the compliant mock, and what it shows of each clause.
pub(super) struct Compliant {
    exchanges: Vec<Arc<Exchange>>,
    /// For each clause, the exchanges with which it was seen to be kept.
    kept: Vec<(&'static str, Vec<usize>)>,
}

/// A run on a mock with a fault.
pub(super) struct Broken {
    pub(super) fault: &'static Fault,
    pub(super) finding: Finding,
}

async fn run(
    checks: &[&'static Check],
    fault: Option<&'static Fault>,
    file: Option<std::fs::File>,
) -> Results {
    let config = RunConfig {
        checks: checks.to_vec(),
        seed: SEED,
        refusals: Some(REFUSALS),
        faults: fault.into_iter().collect(),
        ..RunConfig::of_mock(embedded::base_url())
    };
    let record = |url: &url::Url| Some(Recorder::new(file?, url.as_str()));
    let rules = Rules::default();
    let run = embedded::run_recorded(config, &rules, record, std::future::pending(), &|_| {});
    run.await.expect("the mock starts")
}

/// Runs these checks on the compliant mock. The exchanges come in the order of sending.
async fn recorded(checks: &[&'static Check]) -> Vec<Arc<Exchange>> {
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    let mut results = run(checks, None, Some(file.reopen().expect("it can be opened"))).await;
    let recorder = results.recorder.take().expect("it was recorded");
    recorder.finish(None).expect("it can be written");
    let read = recording::read(BufReader::new(file.reopen().expect("it can be opened")));
    let exchanges = read.expect("it is a recording");
    let exchanges = exchanges.map(|exchange| Arc::new(exchange.expect("it can be read")));
    let mut exchanges: Vec<_> = exchanges.collect();
    exchanges.sort_by_key(|exchange| exchange.sent_after);
    exchanges
}

/// Runs the suite on the compliant mock.
pub(super) async fn compliant() -> Compliant {
    let exchanges = recorded(CHECKS).await;
    let mut judging = Judging::new(CHECKS);
    let mut kept: Vec<(&str, Vec<usize>)> = CHECKS
        .iter()
        .map(|clause| (clause.id, Vec::new()))
        .collect();
    let mut before = vec![0; CHECKS.len()];
    for (number, exchange) in exchanges.iter().enumerate() {
        judging.push(number, exchange);
        for (n, (clause, tally)) in judging.judged().into_iter().enumerate() {
            assert_eq!(tally.violations.count, 0, "{}", clause.id);
            if tally.satisfied > before[n] {
                kept[n].1.push(number);
            }
            before[n] = tally.satisfied;
        }
    }
    Compliant { exchanges, kept }
}

/// Runs the clause's check on a mock with one of the faults that trip it: the first of those that break the fewest clauses.
pub(super) async fn broken(clause: &'static Check) -> Broken {
    let mut faults: Vec<&'static Fault> = crustdata_mock::faults()
        .filter(|fault| fault.breaks.contains(&clause.id))
        .collect();
    faults.sort_by_key(|fault| fault.breaks.len());
    for fault in faults.into_iter().take(MOST_TRIED) {
        let mut results = run(&[clause], Some(fault), None).await;
        let finding = (results.checks.iter_mut())
            .flat_map(|check| check.findings.drain(..))
            .next();
        if let Some(finding) = finding {
            return Broken { fault, finding };
        }
    }
    panic!("no fault of the first {MOST_TRIED} trips {}", clause.id);
}

impl Compliant {
    /// An exchange that keeps the clause: the one that is most like the one that breaks it, of those the smallest.
    /// Where the clause is decided by the whole run, it is how the same request is answered in a run without the fault.
    pub(super) async fn keeps(&self, clause: &'static Check, broken: &Broken) -> Arc<Exchange> {
        let kept = self.kept.iter().find(|(id, _)| *id == clause.id);
        let (_, kept) = kept.expect("every clause is among them");
        let other = &broken.finding.shown.request;
        let best = kept.iter().max_by_key(|number| {
            let request = &self.exchanges[**number].request;
            (
                likeness(request, other),
                Reverse(request.body.len()),
                Reverse(**number),
            )
        });
        let best = best.unwrap_or_else(|| panic!("nothing shows that {} is kept", clause.id));
        let best = self.exchanges[*best].clone();
        if operation(&best.request) == operation(other) {
            return best;
        }
        let mut same = recorded(&[clause]).await.into_iter().filter(|exchange| {
            let request = &exchange.request;
            request.destination == other.destination && request.body == other.body
        });
        same.next().unwrap_or(best)
    }
}

/// How much two requests have in common.
pub(super) fn likeness(one: &Request, other: &Request) -> usize {
    let same = [
        operation(one) == operation(other),
        one.headers.len() == other.headers.len(),
        one.body == other.body,
        query(one).split('=').next() == query(other).split('=').next(),
        query(one) == query(other),
    ];
    same.iter().take_while(|same| **same).count()
}

fn query(request: &Request) -> &str {
    let destination = request.destination.as_str();
    destination.split_once('?').map_or("", |(_, query)| query)
}

/// The operation without what it is about.
fn operation(request: &Request) -> &'static str {
    match request.operation() {
        Operation::Submit => "submit",
        Operation::Job(_) => "job",
        Operation::List => "list",
        Operation::Download(_) => "download",
        Operation::Delivery(_) => "delivery",
        Operation::Credits => "credits",
        Operation::Endpoints => "endpoints",
        Operation::Events => "events",
        Operation::Event(_) => "event",
        Operation::Other => "other",
    }
}

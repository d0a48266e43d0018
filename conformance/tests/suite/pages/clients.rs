//! Where the exchanges on the pages of clients' clauses come from: the reference client, driven with a mistake, and as it
//! should be.

use std::cmp::Reverse;
use std::sync::Arc;

use crustdata_conformance::checks::{CLIENT_CHECKS, Check};
use crustdata_conformance::exchange::Exchange;
use crustdata_conformance::results::{Finding, Results, Rules};
use crustdata_conformance::scenarios::reference::{Mistake, Reference};
use crustdata_conformance::scenarios::{Driven, Options, Scenario, drive};

use super::sessions::likeness;

/// How many times as fast as outside the time of the scenarios passes, and how many are played at once: as in the self-test.
const SPEED: u32 = 10;
const AT_ONCE: usize = 12;

/// A client with a mistake, and what the suite says of it.
pub(super) struct Mistaken {
    pub(super) mistake: Mistake,
    pub(super) finding: Finding,
}

pub(super) async fn driven(
    mistake: Option<Mistake>,
    checks: &[&'static Check],
    scenarios: &[&'static Scenario],
) -> Driven {
    let client = Reference::new(mistake).expect("requests can be sent");
    let options = Options {
        checks: checks.to_vec(),
        scenarios: scenarios.to_vec(),
        speed: SPEED,
        at_once: AT_ONCE,
    };
    let driven = drive(&client, &options, std::future::pending(), &|_, _| {}).await;
    driven.expect("it is driven")
}

/// The exchanges of the client as it should be, where what every exchange shows is judged.
pub(super) async fn as_it_should_be() -> Vec<Arc<Exchange>> {
    let everywhere = CLIENT_CHECKS
        .iter()
        .filter(|clause| clause.id == "client.valid-request");
    let checks: Vec<_> = everywhere.copied().collect();
    driven(None, &checks, &[]).await.exchanges
}

/// The client with the first mistake against the clause.
pub(super) async fn mistaken(clause: &'static Check) -> Mistaken {
    let mut against = Mistake::ALL
        .iter()
        .filter(|mistake| mistake.clause() == clause.id);
    let mistake = *against.next().expect("there are two");
    let driven = driven(Some(mistake), &[clause], &[]).await;
    let mut results = Results::of_client("CLIENT", &[clause], &driven, &Rules::default(), None);
    let mut findings = results
        .checks
        .iter_mut()
        .flat_map(|check| check.findings.drain(..));
    let finding = findings.next();
    let finding = finding.unwrap_or_else(|| panic!("{mistake:?} is not seen"));
    Mistaken { mistake, finding }
}

/// What the client as it should be sends in the place of this exchange.
pub(super) fn instead(all: &[Arc<Exchange>], of: &Exchange) -> Arc<Exchange> {
    let best = all.iter().enumerate().max_by_key(|(number, exchange)| {
        (likeness(&exchange.request, &of.request), Reverse(*number))
    });
    best.expect("it sends something").1.clone()
}

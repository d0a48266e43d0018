//! Recordings of sessions with servers of all kinds, judged: what a recording shows is found, and a compliant server is
//! blamed for nothing.

use std::collections::BTreeSet;
use std::io::Write;

use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks::CHECKS;
use crustdata_conformance::results::{Results, Rules, Status, Target};
use crustdata_conformance::traffic::{Sources, Traffic};
use crustdata_mock::{Fault, faults, variants};
use reqwest::Client;
use serde_json::Value;

use crate::mock_fixture::client;
use crate::session::Session;

/// The clauses that a client's recording can't show: nothing in it is the server's own request.
const NOT_SHOWN: &[&str] = &["webhook.post"];

/// It refuses what it likes: whoever sends each thing once can't tell that from a rule.
const AT_RANDOM: &str = "fails-now-and-then";

/// Whether a session meets this fault for sure: it has a few bad requests of each kind, and not each bad request.
fn is_met(fault: &Fault) -> bool {
    !fault.breaks.iter().any(|id| id.starts_with("reject."))
}

pub(crate) fn judged(har: &Value) -> Results {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(har.to_string().as_bytes()).unwrap();
    let mut traffic = Traffic::new(Assessment::new(CHECKS, None), None);
    let mut sources = Sources::open(&[file.path().to_owned()], false).unwrap();
    sources.read(&mut traffic).unwrap();
    let (assessment, _) = traffic.finish();
    let target = Target {
        base_url: String::new(),
        embedded: false,
        faults: Vec::new(),
    };
    Results::of_exchanges(target, assessment, &Rules::default())
}

/// What is blamed on a server: the clauses, whatever their level.
async fn blamed(
    client: &Client,
    faults: &[&'static Fault],
    tester: bool,
) -> BTreeSet<&'static str> {
    let results = judged(&Session::har(client, faults, tester).await);
    let violated = |status| matches!(status, Status::Fail | Status::Warn);
    let checks = results.checks.iter().filter(|check| violated(check.status));
    checks.map(|check| check.id).collect()
}

/// A line for each server that is judged wrong.
async fn wrong(servers: impl Iterator<Item = &'static Fault>, tester: bool) -> Vec<String> {
    let client = client();
    let mut wrong = Vec::new();
    for fault in servers.filter(|fault| fault.name != AT_RANDOM) {
        let blamed = blamed(&client, &[fault], tester).await;
        let shown = (fault.breaks.iter()).filter(|clause| !NOT_SHOWN.contains(clause));
        let breaks: BTreeSet<&str> = shown.copied().collect();
        let missed: Vec<_> = breaks.difference(&blamed).collect();
        let extra: Vec<_> = blamed.difference(&breaks).collect();
        if (is_met(fault) && !missed.is_empty()) || !extra.is_empty() {
            wrong.push(format!(
                "{}: missed {missed:?}, wrongly blamed {extra:?}",
                fault.name
            ));
        }
    }
    wrong
}

/// Whether no more than the account is wrong, which the client of these sessions does not read.
fn is_of_account(fault: &Fault) -> bool {
    let is = |clause: &&str| clause.starts_with("account.") || clause.starts_with("usage.");
    fault.breaks.iter().any(is)
}

/// Enough of them to see that recordings are judged at all; each costs as much as a run.
#[tokio::test]
async fn some_servers() {
    let some = faults()
        .filter(|fault| !is_of_account(fault))
        .skip(3)
        .step_by(40)
        .chain(variants().skip(3).step_by(16));
    let wrong = wrong(some, true).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
#[ignore = "all of them take minutes: run it when a check or the reading of recordings has changed"]
async fn every_server() {
    let all = || {
        faults()
            .filter(|fault| !is_of_account(fault))
            .chain(variants())
    };
    let wrong = wrong(all(), true).await;
    let right = all().count() - wrong.len();
    assert!(
        wrong.is_empty(),
        "{right} right, but not\n{}",
        wrong.join("\n")
    );
}

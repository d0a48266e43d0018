//! Recordings of sessions with servers of all kinds, judged: what a recording shows is found, and a compliant server is
//! blamed for nothing.

#![allow(clippy::print_stdout)]

use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;

use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks::CHECKS;
use crustdata_conformance::results::{Results, Rules, Status};
use crustdata_conformance::traffic::{Sources, Traffic};
use crustdata_mock::{Fault, faults, find, variants};
use reqwest::Client;
use serde_json::Value;

use crate::mock_fixture::client;
use crate::session::{Session, Whose};

/// The clauses that a client's recording can't show: nothing in it is the server's own request.
const NOT_SHOWN: &[&str] = &["webhook.post"];

/// How many requests that a server refuses are enough for a look, and how many are all.
const SOME: usize = 10;
const ALL: usize = 2_000;

pub(crate) fn judged(har: &Value) -> Results {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(har.to_string().as_bytes()).unwrap();
    let mut traffic = Traffic::new(Assessment::new(CHECKS, None), None);
    let mut sources = Sources::open(&[file.path().to_owned()], false).unwrap();
    sources.read(&mut traffic).unwrap();
    let (assessment, _) = traffic.finish();
    Results::of_exchanges("", assessment, &Rules::default())
}

/// What a recording says of a server.
struct Judged {
    name: &'static str,
    /// The clauses that it breaks, and that a recording can show, of which it is not blamed for all.
    missed: Vec<&'static str>,
    /// What it is blamed for, and does not break.
    extra: Vec<&'static str>,
    /// Whether anything is right of what it is blamed for.
    is_found: bool,
}

impl Judged {
    /// Whatever the level of a clause.
    async fn of(client: &Client, server: &'static Fault, whose: Whose) -> Self {
        let results = judged(&Session::har(client, &[server], whose).await);
        let violated = |status| matches!(status, Status::Fail | Status::Warn);
        let checks = results.checks.iter().filter(|check| violated(check.status));
        let blamed: BTreeSet<&str> = checks.map(|check| check.id).collect();
        let shown = (server.breaks.iter()).filter(|clause| !NOT_SHOWN.contains(clause));
        let breaks: BTreeSet<&str> = shown.copied().collect();
        Self {
            name: server.name,
            missed: breaks.difference(&blamed).copied().collect(),
            extra: blamed.difference(&breaks).copied().collect(),
            is_found: !breaks.is_disjoint(&blamed),
        }
    }

    fn is_clean(&self) -> bool {
        self.extra.is_empty()
    }
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            missed,
            extra,
            ..
        } = self;
        write!(f, "{name}: missed {missed:?}, wrongly blamed {extra:?}")
    }
}

fn lines<'a>(judged: impl Iterator<Item = &'a Judged>) -> String {
    judged.map(|judged| format!("{judged}\n")).collect()
}

/// Faults of which a recording can show something.
fn shown() -> impl Iterator<Item = &'static Fault> {
    faults().filter(|fault| !fault.breaks.iter().all(|clause| NOT_SHOWN.contains(clause)))
}

/// Enough of them to see that recordings are judged at all; each costs as much as a run.
#[tokio::test]
async fn some_servers() {
    let client = client();
    let at_random = find("fails-now-and-then").unwrap();
    let some = shown().skip(3).step_by(180).chain([at_random]);
    let mut wrong = Vec::new();
    for fault in some {
        let judged = Judged::of(&client, fault, Whose::Tester(SOME)).await;
        let is_of_a_refusal = fault.breaks.iter().any(|id| id.starts_with("reject."));
        // A session asks for few of the sets of fields.
        let is_of_a_set = fault.name.contains("-among-");
        let is_right = judged.missed.is_empty() || is_of_a_refusal || is_of_a_set;
        wrong.extend((!is_right || !judged.is_clean()).then_some(judged));
    }
    for variant in variants().skip(3).step_by(64) {
        let judged = Judged::of(&client, variant, Whose::User).await;
        wrong.extend((!judged.is_clean()).then_some(judged));
    }
    assert!(wrong.is_empty(), "{}", lines(wrong.iter()));
}

/// A refused request may have several things that no accepted one has.
#[tokio::test]
async fn a_refusal_is_blamed_on_what_explains_the_others() {
    let client = client();
    for name in [
        "refuses-string-fields",
        "refuses-second-field-alone",
        "refuses-all-fields",
        "refuses-smallest-chunk",
    ] {
        let judged = Judged::of(&client, find(name).unwrap(), Whose::User).await;
        assert!(judged.missed.is_empty() && judged.is_clean(), "{judged}");
    }
}

/// `RECORDED_STEP=10` takes every tenth server only.
#[tokio::test]
#[ignore = "all of them take minutes: run it when a check or the reading of recordings has changed"]
async fn every_server() {
    let client = client();
    let step = std::env::var("RECORDED_STEP")
        .ok()
        .and_then(|step| step.parse().ok());
    let step = step.unwrap_or(1);
    let mut wrong = String::new();
    for whose in [Whose::Tester(ALL), Whose::User] {
        let (mut broken, mut compliant) = (Vec::new(), Vec::new());
        for fault in shown().step_by(step) {
            broken.push(Judged::of(&client, fault, whose).await);
        }
        for variant in variants().step_by(step) {
            compliant.push(Judged::of(&client, variant, whose).await);
        }
        let is_right = |judged: &&Judged| judged.is_found && judged.is_clean();
        println!(
            "{whose:?}: {} of {} broken servers found by a right clause and no wrong one, {} by each clause that they \
             break; {} of {} compliant ones clean",
            broken.iter().filter(is_right).count(),
            broken.len(),
            broken
                .iter()
                .filter(is_right)
                .filter(|judged| judged.missed.is_empty())
                .count(),
            compliant.iter().filter(|judged| judged.is_clean()).count(),
            compliant.len(),
        );
        // What no request of a session meets is missed in it.
        println!("{}", lines(broken.iter().filter(|judged| !judged.is_found)));
        wrong += &lines(broken.iter().filter(|judged| !judged.is_clean()));
        wrong += &lines(compliant.iter().filter(|judged| !judged.is_clean()));
    }
    assert!(wrong.is_empty(), "{wrong}");
}

//! The gate that exchanges go through: in which order they are judged, when, and which of those that are cut off.

use std::sync::Arc;
use std::time::Duration;

use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks::find_client;
use crustdata_conformance::exchange::{Exchange, FailureKind, Request};
use serde_json::json;

use super::{Answer, SECOND, get, page, poll, submission};

/// A gate behind which each request of the API is blamed for its missing key.
fn gate() -> Assessment {
    Assessment::new(&[find_client("client.authorization").unwrap()], None)
}

fn exchange(at: u64, request: Request, answer: Answer) -> Arc<Exchange> {
    Arc::new(Exchange {
        request,
        outcome: answer.outcome,
        sent_after: Duration::from_micros(at),
        took: Duration::from_micros(answer.took),
    })
}

fn judged(gate: &Assessment) -> usize {
    gate.judged()[0].1.violations.count
}

fn ok() -> Answer {
    Answer::new(401, &json!({})).after(SECOND)
}

#[test]
fn exchanges_are_numbered_as_they_come_and_judged_as_they_were_sent() {
    let mut gate = gate();
    assert_eq!(gate.push(exchange(3, page(), ok())), 0);
    assert_eq!(gate.push(exchange(1, submission(&["a"]), ok())), 1);
    assert_eq!(gate.push(exchange(2, page(), ok())), 2);
    assert_eq!((gate.exchanges(), judged(&gate)), (3, 0));
    assert_eq!(gate.server(), Duration::from_secs(3));
    gate.settle(Duration::from_micros(2));
    assert_eq!(judged(&gate), 1);
    let first = gate.violated().next().unwrap().1;
    assert_eq!(first.number, 1);
    gate.settle(Duration::from_micros(3));
    assert_eq!(judged(&gate), 2);
    gate.settle_all();
    assert_eq!(judged(&gate), 3);
    assert_eq!(gate.checks().count(), 1);
}

#[test]
fn a_thousand_wait_for_what_may_have_been_sent_before_them() {
    let mut gate = gate();
    for at in 0..1_000 {
        gate.push(exchange(at, page(), ok()));
    }
    assert_eq!(judged(&gate), 0);
    gate.push(exchange(1_000, page(), ok()));
    assert_eq!(judged(&gate), 1);
}

/// A network cuts a read off now and then: it is judged when the same read is cut off again.
#[test]
fn a_read_that_is_cut_off_once_is_named_and_not_judged() {
    let cut = || Answer::failed(FailureKind::Broken, None);
    let mut gate = gate();
    let mut then = |at, request: Request, answer| {
        gate.push(exchange(at, request, answer));
        gate.settle_all();
        (judged(&gate), gate.cut_once().len())
    };
    assert_eq!(then(0, page(), ok()), (1, 0));
    assert_eq!(then(1, page(), cut()), (1, 1));
    assert_eq!(then(2, page(), cut()), (2, 1));
    assert_eq!(then(3, poll("a"), cut()), (2, 2));
    // Another one that goes well is no sign of this one.
    assert_eq!(then(4, poll("a"), ok()), (3, 2));
    assert_eq!(then(5, page(), cut()), (4, 2));
    assert_eq!(then(6, poll("a"), cut()), (4, 3));
    // What may have made a job is judged at once.
    assert_eq!(then(7, submission(&["a"]), cut()), (5, 3));
    assert_eq!(gate.cut_once()[0], "GET /batch: it failed");
}

#[test]
fn a_score_of_reads_that_were_cut_off_are_named() {
    let mut gate = gate();
    for n in 0..21 {
        let cut = Answer::failed(FailureKind::Timeout, None);
        gate.push(exchange(n, get(format!("/batch/{n}")), cut));
    }
    gate.settle_all();
    assert_eq!((gate.cut_once().len(), judged(&gate)), (20, 0));
}

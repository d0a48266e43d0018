//! `client.submits-once`: which outcomes are unknown, and which look tells of a job.

use crustdata_conformance::exchange::{FailureKind, Request};
use crustdata_conformance::generated::contract::usage;
use http::{StatusCode, header};
use serde_json::{Value, json};

use super::{Answer, SECOND, Timeline, get, page, poll, submission};

const WITHOUT: &str = "they were submitted again, without a look at the list or the usage events";
const FOUND: &str = "they were submitted again, after a look that found a job like it";
/// When the server sends its list, two seconds after the submission was sent.
const DATE: &str = "Thu, 01 Jan 2026 00:00:10 GMT";

fn unknown() -> Answer {
    Answer::new(500, &json!({})).after(SECOND)
}

fn accepted(id: &str) -> Answer {
    Answer::new(200, &json!({"batch_id": id, "status": "pending"}))
}

/// A client that submits two people without a readable answer, looks so, and submits them again.
fn looked(look: Request, answer: Answer) -> (usize, String) {
    let mut client = Timeline::of("client.submits-once");
    client.send(0, submission(&["x"]), accepted("known"));
    client.send(SECOND, submission(&["a", "b"]), unknown());
    client.send(3 * SECOND, look, answer);
    client.send(4 * SECOND, submission(&["b", "a"]), accepted("new"));
    (client.told().0, client.got())
}

fn listed(jobs: Value) -> (usize, String) {
    let answer = Answer::new(200, &json!({"jobs": jobs}));
    looked(page(), answer.with(header::DATE, DATE))
}

fn found() -> (usize, String) {
    (0, FOUND.to_owned())
}

fn nothing() -> (usize, String) {
    (1, String::new())
}

fn without() -> (usize, String) {
    (0, WITHOUT.to_owned())
}

#[test]
fn some_outcomes_are_unknown() {
    let again = |answer: Answer| {
        let mut client = Timeline::of("client.submits-once");
        client.send(0, submission(&["a", "b"]), answer);
        // One of them is enough.
        client.send(SECOND, submission(&["c", "b"]), accepted("new"));
        client.told()
    };
    let failed = |kind| again(Answer::failed(kind, None));
    assert_eq!(failed(FailureKind::Timeout), (0, 1));
    assert_eq!(failed(FailureKind::Broken), (0, 1));
    assert_eq!(failed(FailureKind::Connect), (0, 0));
    assert_eq!(failed(FailureKind::TooLarge), (0, 0));
    assert_eq!(failed(FailureKind::NotRecorded), (0, 0));
    assert_eq!(again(Answer::new(500, &json!({}))), (0, 1));
    assert_eq!(
        again(Answer::new(200, &json!({"status": "pending"}))),
        (0, 1)
    );
    assert_eq!(again(accepted("a")), (0, 0));
    assert_eq!(again(Answer::new(400, &json!({}))), (0, 0));
}

#[test]
fn others_may_be_submitted_and_so_may_these_before_the_answer_is_due() {
    let mut client = Timeline::of("client.submits-once");
    client.send(0, submission(&["a"]), unknown());
    client.send(SECOND - 1, submission(&["a"]), accepted("1"));
    client.send(SECOND, submission(&["b"]), accepted("2"));
    assert_eq!(client.told(), (1, 0), "it was left at that");
    client.send(SECOND, submission(&["a"]), accepted("3"));
    assert_eq!(client.told(), (0, 1));
}

#[test]
fn a_look_at_the_list_finds_a_job_of_that_size_and_time_that_is_no_other() {
    let job = |id: &str, count: Value, created: &str| {
        listed(json!([{"batch_id": id, "identifier_count": count, "created_at": created}]))
    };
    assert_eq!(listed(json!([])), nothing());
    assert_eq!(job("new", json!(2), "2026-01-01T00:00:08Z"), found());
    assert_eq!(job("new", json!(3), "2026-01-01T00:00:08Z"), nothing());
    assert_eq!(job("known", json!(2), "2026-01-01T00:00:08Z"), nothing());
    // Clocks may be five seconds apart.
    assert_eq!(job("new", json!(2), "2026-01-01T00:00:03Z"), found());
    assert_eq!(job("new", json!(2), "2026-01-01T00:00:02.999Z"), nothing());
    // One that has no size may have any; one that has no time or no id is none that anybody can tell.
    assert_eq!(job("new", json!(null), "2026-01-01T00:00:08Z"), found());
    assert_eq!(job("new", json!(2), "yesterday"), nothing());
    let nameless = json!([{"identifier_count": 2, "created_at": "2026-01-01T00:00:08Z"}]);
    assert_eq!(listed(nameless), nothing());
    let other =
        json!({"batch_id": "o", "identifier_count": 9, "created_at": "2026-01-01T00:00:08Z"});
    let same =
        json!({"batch_id": "n", "identifier_count": 2, "created_at": "2026-01-01T00:00:08Z"});
    assert_eq!(listed(json!([other, same])), found());
}

#[test]
fn a_look_that_shows_no_list_is_none() {
    let jobs = json!({"jobs": []});
    assert_eq!(looked(page(), Answer::new(500, &jobs)), without());
    assert_eq!(
        looked(page(), Answer::new(200, &json!({"jobs": 1}))),
        without()
    );
    assert_eq!(looked(poll("known"), Answer::new(200, &jobs)), without());
}

#[test]
fn a_look_at_the_usage_events_finds_the_same_identifiers() {
    let events = |value: Value| looked(get(usage::PATH), Answer::new(200, &json!({"data": value})));
    assert_eq!(events(json!([{"body": {"urls": ["b", " a "]}}])), found());
    assert_eq!(events(json!([{"body": {"urls": "a, b"}}])), found());
    assert_eq!(events(json!([{"body": {"urls": ["a", "c"]}}])), nothing());
    assert_eq!(events(json!([])), nothing());
    let of_one = get(format!("{}/1", usage::PATH));
    let answer = Answer::new(200, &json!({"body": ["a", "b"]}));
    assert_eq!(looked(of_one, answer), found());
}

#[test]
fn only_a_look_after_the_answer_was_due_counts_and_one_that_found_it_stays() {
    let at = |looks: &[(u64, bool)]| {
        let mut client = Timeline::of("client.submits-once");
        client.send(0, submission(&["a"]), unknown());
        for (at, is_found) in looks {
            let job = json!({"batch_id": "n", "created_at": "2026-01-01T00:00:09Z"});
            let jobs = if *is_found { vec![job] } else { Vec::new() };
            let answer = Answer::new(200, &json!({"jobs": jobs})).with(header::DATE, DATE);
            client.send(*at, page(), answer);
        }
        client.send(9 * SECOND, submission(&["a"]), accepted("1"));
        (client.told().0, client.got())
    };
    assert_eq!(at(&[]), without());
    assert_eq!(at(&[(SECOND - 1, false)]), without());
    assert_eq!(at(&[(SECOND, false)]), nothing());
    assert_eq!(at(&[(SECOND, true)]), found());
    assert_eq!(at(&[(SECOND, true), (2 * SECOND, false)]), found());
    assert_eq!(at(&[(SECOND, false), (2 * SECOND, true)]), found());
}

#[test]
fn what_was_cut_off_with_a_status_is_unknown_too() {
    let mut client = Timeline::of("client.submits-once");
    let cut = Answer::failed(FailureKind::Broken, Some(StatusCode::OK));
    client.send(0, submission(&["a"]), cut);
    client.send(1, submission(&["a"]), accepted("1"));
    assert_eq!(client.got(), WITHOUT);
}

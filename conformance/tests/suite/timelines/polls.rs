//! `client.terminal` and `client.expired-link`: who asks for a job that is over, and why.

use crustdata_conformance::exchange::{FailureKind, Request};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use super::{Answer, SECOND, Timeline, file, page, poll};

const MINUTE: u64 = 60 * SECOND;

fn completed() -> Answer {
    let link = "https://store.example/results.jsonl.gz";
    Answer::new(200, &json!({"status": "completed", "download_url": link}))
}

/// A client that saw that a job is over a second after the start.
fn over(answer: Answer) -> Timeline {
    let mut polls = Timeline::of("client.terminal");
    polls.send(0, poll("a"), answer.after(SECOND));
    assert_eq!(polls.told(), (1, 0));
    polls
}

#[test]
fn a_job_that_is_over_is_not_polled_for_a_minute() {
    let again = |sent| over(completed()).send(sent, poll("a"), completed()).told();
    // Sent before the answer had come.
    assert_eq!(again(SECOND), (2, 0));
    assert_eq!(again(SECOND + 1), (1, 1));
    assert_eq!(again(SECOND + MINUTE - 1), (1, 1));
    assert_eq!(again(SECOND + MINUTE), (2, 0));
    assert_eq!(
        over(completed())
            .send(2 * SECOND, poll("b"), completed())
            .told(),
        (2, 0)
    );
    let failed = Answer::new(200, &json!({"status": "failed"}));
    assert_eq!(
        over(failed).send(2 * SECOND, poll("a"), completed()).told(),
        (1, 1)
    );
    let mut polls = Timeline::of("client.terminal");
    polls.send(
        0,
        poll("a"),
        Answer::new(200, &json!({"status": "processing"})),
    );
    assert_eq!(polls.send(1, poll("a"), completed()).told(), (1, 0));
}

/// An answer that links to nothing leaves something to ask for.
#[test]
fn who_has_no_link_may_ask_again() {
    let again = |job: Value| {
        over(Answer::new(200, &job))
            .send(2 * SECOND, poll("a"), completed())
            .told()
    };
    assert_eq!(again(json!({"status": "completed"})), (2, 0));
    let empty = json!({"status": "completed", "download_url": "", "download_urls": []});
    assert_eq!(again(empty), (2, 0));
    let parts = json!({"status": "completed", "download_urls": ["https://store.example/1"]});
    assert_eq!(again(parts), (1, 1));
}

#[test]
fn who_has_trouble_with_a_file_may_ask_again() {
    let cut = Answer::failed(FailureKind::Broken, Some(StatusCode::OK));
    for answer in [Answer::new(403, &json!({})), cut] {
        let mut polls = over(completed());
        polls.send(2 * SECOND, file(), answer);
        assert_eq!(
            polls.send(3 * SECOND, poll("a"), completed()).told(),
            (2, 0)
        );
        // Once.
        assert_eq!(
            polls.send(4 * SECOND, poll("a"), completed()).told(),
            (2, 1)
        );
    }
}

/// To fetch a file once more takes a fresh link.
#[test]
fn a_poll_after_a_file_is_fine_if_a_file_follows() {
    let mut polls = over(completed());
    polls.send(2 * SECOND, file(), Answer::new(200, &json!({})));
    assert_eq!(polls.told(), (1, 0));
    polls.send(3 * SECOND, poll("a"), completed());
    assert_eq!(polls.told(), (1, 1), "if nothing more comes");
    polls.send(4 * SECOND, file(), Answer::new(200, &json!({})));
    assert_eq!(polls.told(), (1, 0));
    polls.send(5 * SECOND, poll("a"), completed());
    polls.send(6 * SECOND, poll("a"), completed());
    assert_eq!(polls.told(), (1, 2));
    // However long nothing comes.
    polls.send(9 * MINUTE, page(), Answer::new(200, &json!({})));
    assert_eq!(polls.told(), (1, 2));
}

#[test]
fn a_link_that_was_refused_is_asked_for_anew() {
    let refused = |status, request| {
        let mut links = Timeline::of("client.expired-link");
        links.send(0, poll("a"), completed());
        assert_eq!(links.told(), (0, 0));
        links.send(SECOND, request, Answer::new(status, &json!({})));
        let is_open = links.tally().not_applicable.is_some();
        links.send(2 * SECOND, poll("a"), completed());
        links.send(3 * SECOND, poll("a"), completed());
        (is_open, links.told())
    };
    assert_eq!(refused(403, file()), (true, (1, 0)));
    assert_eq!(refused(404, file()), (false, (0, 0)));
    // A store that gets a key refuses that.
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    let with_key = Request::new(Method::GET, file().destination, headers, "".into());
    assert_eq!(refused(403, with_key), (false, (0, 0)));
}

//! `client.pace`: how soon after a poll, and after a refusal.

use crustdata_conformance::generated::contract::{header, limits};
use serde_json::json;

use super::{Answer, SECOND, Timeline, file, get, page, poll, submission};

fn pace() -> Timeline {
    Timeline::of("client.pace")
}

fn working() -> Answer {
    Answer::new(200, &json!({"status": "processing"}))
}

fn ok() -> Answer {
    Answer::new(200, &json!({}))
}

#[test]
fn polls_of_a_job_are_a_second_apart_as_far_as_clocks_tell() {
    let apart = |time| {
        let mut pace = pace();
        pace.send(0, poll("a"), working());
        pace.send(time, poll("a"), working()).told()
    };
    assert_eq!(apart(900_000 - 1), (0, 1));
    assert_eq!(apart(900_000), (1, 0));
    let mut pace = pace();
    pace.send(0, poll("a"), working());
    assert_eq!(pace.send(1, poll("b"), working()).told(), (0, 0));
    // From the last one, not from the first.
    pace.send(2 * SECOND, poll("a"), working());
    assert_eq!(pace.told(), (1, 0));
    pace.send(2 * SECOND + 500_000, poll("a"), working());
    assert_eq!(pace.told(), (1, 1));
    assert_eq!(pace.got(), "500 ms");
}

#[test]
fn a_job_that_is_over_may_be_asked_for_at_once() {
    for status in ["completed", "failed"] {
        let mut pace = pace();
        pace.send(0, poll("a"), Answer::new(200, &json!({"status": status})));
        assert_eq!(pace.send(1, poll("a"), working()).told(), (0, 0));
        // Which says that it was not.
        assert_eq!(pace.send(2, poll("a"), working()).told(), (0, 1));
    }
}

/// Clocks may be apart by a tenth of a second.
#[test]
fn nothing_is_sent_before_a_reset_is_over() {
    let later = |sent| {
        let mut pace = pace();
        // It comes after a second, and lasts two.
        pace.send(0, page(), Answer::refusal(2).after(SECOND));
        pace.send(sent, page(), ok()).told()
    };
    // Sent before the refusal had come.
    assert_eq!(later(SECOND), (1, 0));
    assert_eq!(later(SECOND + 1), (0, 1));
    assert_eq!(later(3 * SECOND - 100_000 - 1), (0, 1));
    assert_eq!(later(3 * SECOND - 100_000), (1, 0));
    let mut pace = pace();
    pace.send(0, page(), Answer::refusal(2));
    // A store is another server.
    assert_eq!(pace.send(1, file(), ok()).told(), (0, 0));
    assert_eq!(pace.send(2, get("/elsewhere"), ok()).told(), (0, 1));
    assert_eq!(pace.got(), "a request 1999 ms before that");
}

#[test]
fn a_reset_is_a_number_of_seconds_within_a_day() {
    const DAY: u64 = 24 * 60 * 60;
    let next = |reset| {
        let mut pace = pace();
        pace.send(0, page(), Answer::refusal(reset));
        pace.send(1, page(), ok()).told()
    };
    assert_eq!(next(0), (0, 0));
    assert_eq!(next(1), (0, 1));
    assert_eq!(next(DAY), (0, 1));
    assert_eq!(next(DAY + 1), (0, 0));
    let mut pace = pace();
    let unavailable = Answer::new(503, &json!({})).with(header::RATE_LIMIT_RESET, 9);
    pace.send(0, page(), unavailable);
    assert_eq!(pace.send(1, page(), ok()).told(), (0, 0));
}

#[test]
fn the_longest_reset_counts() {
    let mut pace = pace();
    pace.send(0, page(), Answer::refusal(10));
    assert_eq!(
        pace.send(5 * SECOND, page(), Answer::refusal(1)).told(),
        (0, 1)
    );
    assert_eq!(pace.send(8 * SECOND, page(), ok()).told(), (0, 2));
    assert_eq!(
        pace.send(10 * SECOND, page(), Answer::refusal(2)).told(),
        (1, 2)
    );
    assert_eq!(pace.send(11 * SECOND, page(), ok()).told(), (1, 3));
}

/// Of two that end at the same moment, the one that came first.
#[test]
fn a_second_refusal_takes_nothing_back() {
    let mut pace = pace();
    pace.send(0, page(), Answer::refusal(4));
    pace.send(SECOND, page(), Answer::refusal(2).after(SECOND));
    assert_eq!(pace.told(), (0, 1));
    // Sent when the second refusal had not come.
    assert_eq!(pace.send(SECOND + 1, page(), ok()).told(), (0, 2));
}

/// As many jobs are active as may be: that is no reason not to ask for them.
#[test]
fn a_refusal_for_too_many_jobs_holds_up_submissions_only() {
    let jobs = limits::ACTIVE_JOBS as u64;
    let refused = |limit: Option<u64>| {
        let answer = Answer::refusal(4);
        match limit {
            Some(limit) => answer.with(header::RATE_LIMIT_LIMIT, limit),
            None => answer,
        }
    };
    for limit in [None, Some(jobs), Some(jobs + 1)] {
        let mut pace = pace();
        pace.send(0, submission(&["a"]), refused(limit));
        let speaks_of_jobs = limit != Some(jobs + 1);
        let expected = if speaks_of_jobs { (0, 0) } else { (0, 1) };
        assert_eq!(
            pace.send(SECOND, page(), ok()).told(),
            expected,
            "{limit:?}"
        );
        pace.send(2 * SECOND, submission(&["b"]), ok());
        assert_eq!(pace.told(), (0, expected.1 + 1), "{limit:?}");
    }
    // Who is refused a look is refused for the rate.
    let mut pace = pace();
    pace.send(0, page(), refused(Some(jobs)));
    assert_eq!(pace.send(1, page(), ok()).told(), (0, 1));
}

#[test]
fn of_two_resets_the_later_one_is_told() {
    let mut pace = pace();
    let jobs = Answer::refusal(4).with(header::RATE_LIMIT_LIMIT, limits::ACTIVE_JOBS);
    pace.send(0, submission(&["a"]), jobs);
    pace.send(0, page(), Answer::refusal(2));
    pace.send(SECOND, submission(&["b"]), ok());
    assert_eq!(pace.got(), "a request 3000 ms before that");
}

#[test]
fn a_poll_may_be_too_early_after_a_reset_and_after_a_poll() {
    let mut pace = pace();
    pace.send(0, page(), Answer::refusal(1));
    pace.send(2 * SECOND, poll("a"), working());
    assert_eq!(pace.told(), (1, 0));
    // What it keeps to does not make good what it doesn't.
    assert_eq!(
        pace.send(2 * SECOND + 1, poll("a"), working()).told(),
        (1, 1)
    );
    pace.send(4 * SECOND, poll("a"), Answer::refusal(9));
    pace.send(4 * SECOND + 1, poll("a"), working());
    assert_eq!(pace.told(), (2, 2));
}

//! Which of the account's events a search reads, and since when they are the whole record of a submission's time. What a
//! record proves is in `record`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use crustdata_batch::{Reconciliation, Submission};
use serde_json::json;

use crate::account_of_events::{Account, event, noon, of, request};
use crate::reconcile::at;
use crate::server::{BATCH_ID, Reply, Server, batch_id, builder, hurried, patient, unknown};

/// By so many minutes the events are asked for that may bear the submission's time, and no more; of one that was sent too
/// long ago, some of them.
#[tokio::test]
async fn the_events_of_the_submissions_time_are_read() {
    for (days, is_whole) in [(0, true), (29, true), (31, false)] {
        let account = Account::with([], []);
        let sent = noon() - TimeDelta::days(days);
        let server = Server::start(move |request| match request.line() {
            line if line.contains(BATCH_ID) => at(sent, "{}"),
            _ => account.reply(request, || Reply::Close),
        })
        .await;
        let client = server.client();
        let _ = client.job(batch_id()).await;
        let error = unknown(client.submit(&request()).await);
        let outcome = client.reconcile(error.submission()).await.unwrap();
        assert_eq!(
            matches!(outcome, Reconciliation::NeverArrived(_)),
            is_whole,
            "{days} days: {outcome:?}"
        );
        let requests = server.requests();
        let time = |key: &str| {
            let line = requests.iter().rev().find_map(|request| {
                let (_, query) = request.line().split_once("?")?;
                query.contains("end=").then_some(query)
            });
            let url = format!("http://a/?{}", line.unwrap());
            let url = url::Url::parse(&url).unwrap();
            let (_, text) = url.query_pairs().find(|(name, _)| name == key).unwrap();
            text.parse::<DateTime<Utc>>().unwrap() - sent
        };
        // A minute for the clocks, and one until what arrives is recorded.
        assert_eq!(time("end").num_minutes(), 2, "{days} days");
        if is_whole {
            let start = time("start").num_seconds();
            assert!((-60..-30).contains(&start), "{days} days: {start}");
        }
    }
}

/// The clock was wrong when it was sent, and nobody knows by how much.
#[tokio::test]
async fn a_submission_of_the_future_is_not_lost_however_long_it_is_looked_for() {
    for (hours_ahead, is_lost) in [(0, true), (1_000, false)] {
        let account = Account::with([], []);
        let server = Server::start(move |request| account.reply(request, || Reply::Close)).await;
        let hours = |hours: u64| Duration::from_secs(60 * 60 * hours);
        let client = patient(&server).submit_timeout(hours(1)).build().unwrap();
        let mut submission = Submission::new(&request());
        submission.sent_at += hours(hours_ahead);
        // What is lost is found out sooner or later; what is not, never.
        let limit = if is_lost { Duration::MAX } else { hours(3) };
        let outcome = hurried(client.reconcile(&submission).for_up_to(limit))
            .await
            .unwrap();
        assert_eq!(
            matches!(outcome, Reconciliation::NeverArrived(_)),
            is_lost,
            "{hours_ahead} hours ahead: {outcome:?}"
        );
    }
}

/// It waits for its turn, or the process is paused.
#[tokio::test]
async fn a_submission_that_may_leave_later_is_not_lost_before() {
    let cases = [
        // By its events, and by the list alone.
        (1, None, true),
        (15, None, false),
        (1, Some(404), true),
        (15, Some(404), false),
        // For ever.
        (u64::MAX / 60, None, false),
        (u64::MAX / 60, Some(404), false),
    ];
    for (minutes, refusal, is_lost) in cases {
        let mut account = Account::with([], []);
        account.refusal = refusal;
        let server = Server::start(move |request| account.reply(request, || Reply::Close)).await;
        let client = server.client();
        let _ = client.job(batch_id()).await;
        let error = unknown(client.submit(&request()).await);
        let submission = error.submission().clone();
        let submission = submission.leaves_within(Duration::from_secs(60 * minutes));
        let outcome = client.reconcile(&submission).await.unwrap();
        let is_right = match (refusal, is_lost) {
            (None, true) => matches!(outcome, Reconciliation::NeverArrived(_)),
            (Some(_), true) => matches!(outcome, Reconciliation::NotFound(_)),
            (_, false) => matches!(outcome, Reconciliation::Unproved(_)),
        };
        assert!(is_right, "{minutes} minutes, {refusal:?}: {outcome:?}");
    }
}

/// So many requests that not all of them are read.
#[tokio::test]
async fn a_record_of_which_a_part_is_read_is_not_whole() {
    let requests = |count: u32| {
        let events = (0..count).map(|n| event(&format!("other-{n}"), 400, &of([3, 4])));
        Account::with(events, [])
    };
    let outcome = requests(50).reconcile().await;
    assert!(
        matches!(outcome, Reconciliation::NeverArrived(_)),
        "{outcome:?}"
    );
    let outcome = requests(51).reconcile().await;
    let Reconciliation::NotFound(evidence) = outcome else {
        panic!("{outcome:?}")
    };
    let usage = evidence.usage.expect("the events were read");
    assert!(!usage.is_complete);
    assert_eq!((usage.events_read, usage.requests_compared), (51, 50));
}

/// Of the list, which may be long: the submission may be among what is left.
#[tokio::test]
async fn no_more_than_so_many_events_are_listed() {
    for (count, is_whole) in [(10_000, true), (10_001, false)] {
        let events = (0..count).map(|n| json!({"event_id": n.to_string(), "endpoint": "/batch"}));
        let outcome = Account::with(events, []).reconcile().await;
        assert_eq!(
            matches!(outcome, Reconciliation::NeverArrived(_)),
            is_whole,
            "{count}"
        );
    }
}

/// In a URL it would lead elsewhere: a request of which nothing is known, and no reason to read no others.
#[tokio::test]
async fn an_event_whose_id_cannot_be_asked_for_leaves_the_record() {
    for id in ["", ".", ".."] {
        let account = Account::with([event(id, 200, &of([1, 3]))], []);
        let outcome = account.reconcile().await;
        let Reconciliation::NotFound(evidence) = outcome else {
            panic!("{id:?}: {outcome:?}")
        };
        assert_eq!(
            evidence.usage.map(|usage| usage.events_read),
            Some(1),
            "{id:?}"
        );
    }
}

/// It is gone, or can't be read: what is not there any more leaves the rest, what fails leaves nothing.
#[tokio::test]
async fn an_event_that_cannot_be_read_leaves_the_record_in_part_or_none() {
    for (status, is_read) in [(404, true), (500, false)] {
        let account = Account::with([event("a", 200, &of([1, 3]))], []);
        let server = Server::start(move |request| match request.line() {
            "GET /account/usage/events/a" => Reply::new(status, "{}"),
            _ => account.reply(request, || Reply::Close),
        })
        .await;
        let client = server.client();
        let _ = client.job(batch_id()).await;
        let error = unknown(client.submit(&request()).await);
        let outcome = client.reconcile(error.submission()).await.unwrap();
        let Reconciliation::NotFound(evidence) = outcome else {
            panic!("{outcome:?}")
        };
        let is_complete = evidence.usage.map(|usage| usage.is_complete);
        assert_eq!(is_complete, is_read.then_some(false), "{status}");
    }
}

/// A server that fails may not fail again; one without events stays without.
#[tokio::test]
async fn events_that_could_not_be_read_are_worth_another_look() {
    for (status, looks) in [(500, 2), (404, 1)] {
        let account = Account::with([], []);
        let is_first = AtomicBool::new(true);
        let server = Server::start(move |request| {
            let is_of_events = request.line().starts_with("GET /account/usage/events");
            match is_of_events && is_first.swap(false, Ordering::Relaxed) {
                true => Reply::new(status, "{}"),
                false => account.reply(request, || Reply::Close),
            }
        })
        .await;
        let client = patient(&server).build().unwrap();
        let _ = client.job(batch_id()).await;
        let error = unknown(client.submit(&request()).await);
        let search = client.reconcile(error.submission());
        let outcome = hurried(search.for_up_to(Duration::MAX)).await.unwrap();
        assert_eq!(
            matches!(outcome, Reconciliation::NeverArrived(_)),
            status == 500,
            "{outcome:?}"
        );
        let requests = server.requests();
        let lists = requests
            .iter()
            .filter(|request| request.line().starts_with("GET /batch?"));
        assert_eq!(lists.count(), looks, "{status}");
    }
}

/// How long a response was waited for, and not how long it would have been.
#[tokio::test]
async fn a_submission_that_broke_off_at_once_is_lost_sooner_than_its_time_would_be_over() {
    let account = Account::with([], []);
    let server = Server::start(move |request| account.reply(request, || Reply::Close)).await;
    let builder = builder(server.url()).submit_timeout(Duration::from_secs(60 * 60));
    let client = builder.build().unwrap();
    let _ = client.job(batch_id()).await;
    let error = unknown(client.submit(&request()).await);
    let outcome = client.reconcile(error.submission()).await.unwrap();
    assert!(
        matches!(outcome, Reconciliation::NeverArrived(_)),
        "{outcome:?}"
    );
}

/// The time of sending is this machine's, which may have been wrong then: only the time since the search began counts.
#[tokio::test]
async fn a_submission_made_beforehand_is_not_lost_at_once() {
    let account = Account::with([], []);
    let server = Server::start(move |request| account.reply(request, || Reply::Close)).await;
    let mut submission = Submission::new(&request());
    submission.sent_at = noon().into();
    let outcome = server.client().reconcile(&submission).await.unwrap();
    assert!(
        matches!(outcome, Reconciliation::Unproved(_)),
        "{outcome:?}"
    );
}

/// A later request that is recorded by now says nothing of what was not recorded when the events were read.
#[tokio::test]
async fn what_is_recorded_while_the_events_are_read_did_arrive() {
    let account = Account::with([event("own", 400, &request())], []);
    account.pages_before.store(1, Ordering::Relaxed);
    let outcome = account.reconcile().await;
    assert!(
        !matches!(outcome, Reconciliation::NeverArrived(_)),
        "{outcome:?}"
    );
}

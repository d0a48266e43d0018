//! The proxy's seat belt: what would be paid twice or too dearly is answered by the proxy itself.

use std::io::{Read, Write};

use crustdata_conformance::checks::CLIENT_CHECKS;
use crustdata_conformance::generated::contract::{prices, submit};
use crustdata_conformance::proxy::Limits;
use crustdata_conformance::results::Status;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::between::{Between, mock, results};
use crate::mock_fixture::{read, submission};
use crate::targets::{respond, serve};

#[tokio::test]
async fn what_would_be_paid_twice_is_not_passed_on() {
    let mock = mock(&[]).await;
    let limits = Limits {
        max_jobs: Some(2),
        max_credits: Some(20.0),
    };
    let between = Between::with(mock.base_url(), Some(limits), false).await;
    let received = || {
        mock.requests()
            .iter()
            .filter(|request| request.method == "POST")
            .count()
    };
    let blocked = async |body: &Value| {
        let before = received();
        let response = between.submit(body).await;
        let own = response.headers().get("x-conformance-proxy").cloned();
        let (status, error) = read(response).await;
        assert_eq!(own.unwrap(), "blocked");
        assert!(error["error"]["message"].is_string() && error["error"]["metadata"].is_object());
        assert_eq!(received(), before);
        status
    };
    assert!(between.submit(&submission(2)).await.status().is_success());
    // The same identifiers, written in another way.
    let mut again = submission(2);
    let urls = &mut again["professional_network_profile_urls"];
    urls.as_array_mut().unwrap().reverse();
    assert_eq!(blocked(&again).await, StatusCode::CONFLICT);
    assert_eq!(blocked(&submission(3)).await, StatusCode::PAYMENT_REQUIRED);
    // What is refused costs nothing.
    assert_eq!(
        between.submit(&json!({"fields": ["x"]})).await.status(),
        StatusCode::PAYMENT_REQUIRED
    );
    assert!(between.submit(&submission(1)).await.status().is_success());
    let other = json!({"professional_network_profile_urls": ["https://www.linkedin.com/in/else"], "fields": ["x"]});
    assert_eq!(blocked(&other).await, StatusCode::PAYMENT_REQUIRED);
    let (passed, _, told) = between.stop().await;
    assert_eq!(passed.spent, Some((2, 15.0)));
    assert_eq!(
        told.text()
            .lines()
            .filter(|line| line.starts_with("blocked: "))
            .count(),
        4
    );
    // What the proxy answers itself is not judged.
    assert_eq!(results(passed).totals.exchanges, 2);
}

#[tokio::test]
async fn a_job_that_is_over_may_be_submitted_again_and_an_observer_stops_nobody() {
    let mock = mock(&[]).await;
    let between = Between::with(mock.base_url(), Some(Limits::default()), false).await;
    for _ in 0..2 {
        between.job(&submission(1)).await;
    }
    between.stop().await;
    let between = Between::with(mock.base_url(), None, false).await;
    for _ in 0..2 {
        assert!(between.submit(&submission(1)).await.status().is_success());
    }
    between.stop().await;
}

#[tokio::test]
async fn a_refusal_counts_before_its_body_comes() {
    let upstream = serve(|stream, _| {
        let head = "HTTP/1.1 429 -\r\nContent-Length: 2\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        // Until the proxy goes away.
        let _ = stream.read(&mut [0]);
    });
    let limits = Some(Limits::default());
    let between = Between::with(upstream.parse().unwrap(), limits, false).await;
    let first = between.submit(&submission(1)).await;
    let second = between.submit(&submission(1)).await;
    assert_eq!(
        [first.status(), second.status()].map(|it| it.as_u16()),
        [429; 2]
    );
    drop((first, second));
    assert_eq!(between.stop().await.0.spent, Some((0, 0.0)));
}

#[tokio::test]
async fn what_was_answered_decides_whether_the_same_may_be_submitted_again() {
    let unknown = [
        ("500 -", "{}"),
        ("502 -", "<html>"),
        ("200 -", "<html>"),
        ("202 -", "{}"),
    ];
    let refused = [("400 -", "{}"), ("402 -", "{}"), ("429 -", "")];
    let all = unknown.map(|answer| (answer, StatusCode::CONFLICT));
    let all = all.into_iter().chain(refused.map(|answer| {
        let (status, _) = answer;
        (answer, status[..3].parse().unwrap())
    }));
    for ((status, body), second) in all {
        let upstream = serve(move |stream, _| respond(stream, status, "application/json", body));
        let limits = Some(Limits::default());
        let between = Between::with(upstream.parse().unwrap(), limits, false).await;
        let first = between.submit(&submission(1)).await.status();
        assert_eq!(first.as_str(), &status[..3]);
        let again = between.submit(&submission(1)).await.status();
        assert_eq!(again, second, "after {status} {body:?}");
        let jobs = u64::from(second == StatusCode::CONFLICT);
        assert_eq!(
            between.stop().await.0.spent,
            Some((jobs, 5.0 * jobs as f64)),
            "{status}"
        );
    }
}

/// What can't be read may name as many people as there may be.
#[tokio::test]
async fn a_submission_counts_for_the_most_that_it_may_cost() {
    let most = submit::identifiers::MAX as f64;
    let each = prices::PERSON + prices::VERIFIED;
    let mut verified = submission(2);
    verified[submit::VERIFIED_KEY] = json!(true);
    let cases = [
        (submission(2), 2.0 * prices::PERSON),
        (verified, 2.0 * each),
        (json!({"fields": ["x"]}), most * prices::PERSON),
        (json!({submit::VERIFIED_KEY: true}), most * each),
        (json!([1]), most * prices::PERSON),
    ];
    for (body, cost) in cases {
        // What became of it, nobody knows, so it counts.
        let upstream = serve(|stream, _| respond(stream, "500 -", "application/json", "{}"));
        let upstream: url::Url = upstream.parse().unwrap();
        for (allowed, status) in [(cost, 500), (cost - 0.1, 402)] {
            let limits = Limits {
                max_credits: Some(allowed),
                ..Limits::default()
            };
            let between = Between::with(upstream.clone(), Some(limits), false).await;
            assert_eq!(between.submit(&body).await.status(), status, "{body}");
            let spent = if status == 500 { (1, cost) } else { (0, 0.0) };
            assert_eq!(between.stop().await.0.spent, Some(spent), "{body}");
        }
    }
}

#[tokio::test]
async fn a_client_that_gives_up_leaves_an_outcome_that_nobody_knows() {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let upstream = serve(move |stream, _| {
        let _ = tell.send("it has arrived");
        // It never answers, and ends with the connection.
        let _ = std::io::Read::read(stream, &mut [0]);
        let _ = tell.send("nobody waits any more");
    });
    for limits in [Some(Limits::default()), None] {
        let has_belt = limits.is_some();
        let upstream = upstream.parse().unwrap();
        let between = Between::start(upstream, limits, false, CLIENT_CHECKS, None).await;
        for _ in 0..2 {
            let body = submission(1).to_string();
            let mut stream = between.connect().await;
            let request = format!(
                "POST /batch/person/contact/enrich HTTP/1.1\r\nHost: proxy\r\nAuthorization: Bearer some-key\r\n\
                 X-Api-Version: 2025-11-01\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(request.as_bytes()).await.unwrap();
            assert_eq!(told.recv().await, Some("it has arrived"));
            drop(stream);
            assert_eq!(told.recv().await, Some("nobody waits any more"));
            if has_belt {
                let again = between.submit(&submission(1)).await.status();
                assert_eq!(again, StatusCode::CONFLICT);
                break;
            }
        }
        let (passed, ..) = between.stop().await;
        assert_eq!(passed.spent, has_belt.then_some((1, 5.0)));
        let results = results(passed);
        // What the client sent is judged, though nobody waited for what became of it.
        assert_eq!(results.totals.exchanges, if has_belt { 1 } else { 2 });
        let submits_once = results
            .checks
            .iter()
            .find(|check| check.id == "client.submits-once");
        let status = submits_once.unwrap().status;
        assert_eq!(status == Status::Fail, !has_belt, "{status:?}");
    }
}

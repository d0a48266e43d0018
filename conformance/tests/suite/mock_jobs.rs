//! The mock's jobs: their phases, their status, their list and their webhooks.

use std::future::IntoFuture;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use crustdata_conformance::generated::contract;
use crustdata_mock::{Clock, JobOutcome, JobTiming, MockConfig, TEST_PROFILES, find};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::mock_fixture::{Fixture, submission};

fn status_path(id: &str) -> String {
    contract::job::PATH.replace("{batch_id}", id)
}

impl Fixture {
    async fn job(&self, id: &str) -> Value {
        let (status, job) = self.json(&status_path(id)).await;
        assert_eq!(status, StatusCode::OK, "{job}");
        job
    }
}

#[tokio::test]
async fn a_job_goes_through_its_phases() {
    let server = Fixture::compliant().await;
    let mut body = submission(3);
    body[contract::submit::identifiers::KEY][1] = json!(TEST_PROFILES[0]);
    let id = server.accepted(&body).await;
    let timing = JobTiming::default();

    for (wait, status) in [(Duration::ZERO, "pending"), (timing.pending, "processing")] {
        server.mock.advance(wait);
        let job = server.job(&id).await;
        assert_eq!(job["status"], status);
        assert_eq!(job["completed_at"], Value::Null);
        assert!(
            job.get("download_url").is_none() && job.get("download_urls").is_none(),
            "{job}"
        );
    }

    server.mock.advance(timing.processing);
    let job = server.job(&id).await;
    assert_eq!(job["status"], "completed");
    assert_eq!(job["batch_id"], id);
    assert_eq!(job["entity"], contract::submit::accepted::ENTITY);
    assert_eq!(job["action"], contract::submit::accepted::ACTION);
    assert_eq!(job["identifier_count"], 3);
    assert_eq!(job["entities_requested"], 3);
    assert_eq!(job["entities_fulfilled"], 1);
    assert_eq!(job["result_count"], 3);
    let date =
        |key: &str| chrono::DateTime::parse_from_rfc3339(job[key].as_str().unwrap()).unwrap();
    let taken = (date("completed_at") - date("created_at"))
        .to_std()
        .unwrap();
    assert_eq!(taken, timing.pending + timing.processing);
}

#[tokio::test]
async fn a_job_that_fails_says_so_and_has_no_links() {
    let config = MockConfig {
        outcome: JobOutcome::Failed,
        timing: JobTiming::AT_ONCE,
        ..Default::default()
    };
    let server = Fixture::start(config).await;
    let id = server.accepted(&submission(1)).await;
    let job = server.job(&id).await;
    assert_eq!(job["status"], "failed");
    assert!(job["error_message"].is_string(), "{job}");
    assert!(job.get("download_url").is_none(), "{job}");
}

#[tokio::test]
async fn a_job_may_take_forever() {
    let timing = JobTiming {
        pending: Duration::MAX,
        processing: Duration::MAX,
    };
    let server = Fixture::start(MockConfig {
        timing,
        ..Default::default()
    })
    .await;
    let id = server.accepted(&submission(1)).await;
    for _ in 0..2 {
        server.mock.advance(Duration::MAX);
    }
    assert_eq!(server.job(&id).await["status"], "pending");
}

#[tokio::test]
async fn unknown_jobs_and_keys_are_refused() {
    let server = Fixture::compliant().await;
    let id = server.accepted(&submission(1)).await;
    let unknown = uuid::Uuid::new_v4().to_string();
    assert_eq!(
        server.json(&status_path(&unknown)).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        server.json(&status_path("not-a-uuid")).await.0,
        StatusCode::BAD_REQUEST
    );
    for path in [status_path(&id), contract::list::PATH.to_owned()] {
        let url = server.mock.base_url().join(&path).unwrap();
        assert_eq!(
            server
                .client
                .get(url.clone())
                .send()
                .await
                .unwrap()
                .status(),
            StatusCode::UNAUTHORIZED
        );
        let other = server
            .client
            .get(url)
            .bearer_auth("other")
            .send()
            .await
            .unwrap();
        assert_eq!(other.status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn the_list_is_read_page_by_page_from_the_newest() {
    let server = Fixture::roomy().await;
    let mut expected = Vec::new();
    for _ in 0..5 {
        expected.insert(0, server.accepted(&submission(1)).await);
    }
    let mut listed = Vec::new();
    let mut sizes = Vec::new();
    let mut cursor = String::new();
    loop {
        let (status, page) = server
            .json(&format!("{}?limit=2{cursor}", contract::list::PATH))
            .await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let jobs = page["jobs"].as_array().unwrap();
        assert!(
            jobs.iter().all(|job| job.get("download_url").is_none()),
            "{page}"
        );
        listed.extend(
            jobs.iter()
                .map(|job| job["batch_id"].as_str().unwrap().to_owned()),
        );
        sizes.push(jobs.len());
        if page["has_more"] == json!(false) {
            assert_eq!(page["next_cursor"], Value::Null);
            break;
        }
        assert_eq!(page["next_cursor"], *listed.last().unwrap());
        cursor = format!("&cursor={}", listed.last().unwrap());
    }
    assert_eq!(listed, expected);
    assert_eq!(sizes, [2, 2, 1]);
}

#[tokio::test]
async fn the_limit_of_a_page_is_clamped() {
    let server = Fixture::start(MockConfig {
        timing: JobTiming::AT_ONCE,
        ..Default::default()
    })
    .await;
    let (default, max) = (
        contract::list::limit::DEFAULT as usize,
        contract::list::limit::MAX as usize,
    );
    for _ in 0..=max {
        server.accepted(&submission(1)).await;
    }
    for (query, expected) in [
        ("", default),
        ("?limit=3", 3),
        ("?limit=0", contract::list::limit::MIN as usize),
        ("?limit=-5", contract::list::limit::MIN as usize),
        ("?limit=100000", max),
        ("?limit=99999999999999999999", max),
        (
            "?limit=-99999999999999999999",
            contract::list::limit::MIN as usize,
        ),
    ] {
        let (_, page) = server
            .json(&format!("{}{query}", contract::list::PATH))
            .await;
        assert_eq!(page["jobs"].as_array().unwrap().len(), expected, "{query}");
    }
}

#[tokio::test]
async fn the_list_is_filtered_by_status() {
    let server = Fixture::compliant().await;
    let done = server.accepted(&submission(1)).await;
    server.mock.advance(Duration::from_secs(3600));
    let pending = server.accepted(&submission(1)).await;
    for (status, expected) in [
        ("pending", vec![&pending]),
        ("processing", vec![]),
        ("completed", vec![&done]),
        ("failed", vec![]),
    ] {
        let (_, page) = server
            .json(&format!("{}?status={status}", contract::list::PATH))
            .await;
        let ids: Vec<_> = page["jobs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|job| &job["batch_id"])
            .collect();
        assert_eq!(ids, expected, "{status}");
    }
    for query in [
        "status=done",
        "limit=many",
        "cursor=first",
        &format!("cursor={}", uuid::Uuid::new_v4()),
    ] {
        let (status, response) = server
            .json(&format!("{}?{query}", contract::list::PATH))
            .await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {response}");
    }
}

#[tokio::test]
async fn a_ticking_clock_moves_with_each_request() {
    let clock = Clock::Ticking(Duration::from_secs(100));
    let server = Fixture::start(MockConfig {
        clock,
        ..Default::default()
    })
    .await;
    let id = server.accepted(&submission(1)).await;
    assert_eq!(server.job(&id).await["status"], "processing");
    assert_eq!(server.job(&id).await["status"], "completed");
}

/// A listener for webhooks: its URL, and the bodies that it receives.
async fn receiver() -> (String, mpsc::UnboundedReceiver<Bytes>) {
    let (send, receive) = mpsc::unbounded_channel();
    let app = Router::new().route(
        "/hook",
        post(async move |body: Bytes| {
            let _ = send.send(body);
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, app).into_future());
    (url, receive)
}

#[tokio::test]
async fn the_webhook_is_called_once_when_the_job_is_final() {
    for (clock, timing) in [
        (Clock::Manual, JobTiming::default()),
        (Clock::Manual, JobTiming::AT_ONCE),
        (
            Clock::Ticking(Duration::from_secs(100)),
            JobTiming::default(),
        ),
        (
            Clock::Real,
            JobTiming {
                pending: Duration::from_millis(1),
                processing: Duration::from_millis(1),
            },
        ),
        (Clock::Fast(10_000), JobTiming::default()),
    ] {
        let (url, mut calls) = receiver().await;
        let server = Fixture::start(MockConfig {
            clock,
            timing,
            ..Default::default()
        })
        .await;
        let mut body = submission(1);
        body["webhook_url"] = json!(url);
        let id = server.accepted(&body).await;
        match clock {
            Clock::Manual => server.mock.advance(timing.pending + timing.processing),
            Clock::Ticking(_) => while server.job(&id).await["status"] != "completed" {},
            Clock::Real | Clock::Fast(_) => {}
        }
        let call: Value = serde_json::from_slice(&calls.recv().await.unwrap()).unwrap();
        assert_eq!(call, json!({"batch_id": id, "status": "completed"}));

        server.mock.advance(Duration::from_secs(3600));
        server.mock.stop().await;
        assert!(calls.try_recv().is_err());
    }
}

#[tokio::test]
async fn a_webhook_that_can_not_be_reached_disturbs_nobody() {
    let server = Fixture::start(MockConfig {
        timing: JobTiming::AT_ONCE,
        ..Default::default()
    })
    .await;
    for url in [
        "http://127.0.0.1:1/refused",
        contract::submit::webhook_url::EXAMPLE,
        "mailto:nobody@example.com",
    ] {
        let mut body = submission(1);
        body["webhook_url"] = json!(url);
        let id = server.accepted(&body).await;
        assert_eq!(server.job(&id).await["status"], "completed");
    }
}

#[tokio::test]
async fn variants_of_webhooks_call_it_too() {
    for (name, calls) in [
        ("webhook-twice", 2),
        ("webhook-empty", 1),
        ("webhook-with-form", 1),
    ] {
        let (url, mut received) = receiver().await;
        let server = Fixture::start(MockConfig {
            timing: JobTiming::AT_ONCE,
            faults: vec![find(name).unwrap()],
            ..Default::default()
        })
        .await;
        let mut body = submission(1);
        body["webhook_url"] = json!(url);
        let id = server.accepted(&body).await;
        for _ in 0..calls {
            let call = received.recv().await.unwrap();
            let text = String::from_utf8(call.to_vec()).unwrap();
            assert!(text.is_empty() == (name == "webhook-empty"), "{text}");
            assert!(text.is_empty() || text.contains(&id), "{text}");
        }
    }
}

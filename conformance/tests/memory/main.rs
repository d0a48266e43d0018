//! What is kept of exchanges follows the jobs, not the traffic. A binary of its own, since it counts what is
//! allocated.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks::CHECKS;
use crustdata_conformance::exchange::{Exchange, Request, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};
use uuid::Uuid;

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// Identifiers of each submission, so that its body is much larger than what may be kept of it.
const IDENTIFIERS: usize = 50;

fn exchange(
    at: u64,
    method: Method,
    path: &str,
    body: &Value,
    status: u16,
    answer: &Value,
) -> Exchange {
    let header = |name, value| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    let headers: HeaderMap = HeaderMap::from_iter([
        header("authorization", "Bearer $CRUSTDATA_API_KEY"),
        header("x-api-version", "2025-11-01"),
        header("content-type", "application/json"),
    ]);
    let body = match body {
        Value::Null => Bytes::new(),
        body => body.to_string().into(),
    };
    let status = StatusCode::from_u16(status).expect("it is a status");
    let response = Response::new(status, HeaderMap::new(), answer.to_string().into());
    Exchange {
        request: Request::new(method, path.to_owned(), headers, body),
        outcome: Ok(response),
        sent_after: Duration::from_millis(at),
        took: Duration::from_micros(500),
    }
}

/// A job from its submission to its end, with `polls` polls while it is processed, and a refused submission.
fn job(case: u64, polls: u64) -> Vec<Exchange> {
    let urls: Vec<String> = (0..IDENTIFIERS)
        .map(|n| format!("https://www.linkedin.com/in/nobody-{case}-{n}"))
        .collect();
    let id = Uuid::from_u128(u128::from(case) << 64 | 0x4000_8000_0000_0000_0000).to_string();
    let state = |status: &str| {
        json!({
            "batch_id": id, "status": status, "entity": "person", "action": "contact_enrich",
            "identifier_count": IDENTIFIERS, "entities_requested": IDENTIFIERS,
            "status_url": format!("/batch/{id}"),
        })
    };
    let submission =
        |fields: &str| json!({"professional_network_profile_urls": urls, "fields": [fields]});
    let submit = "/batch/person/contact/enrich";
    let poll = format!("/batch/{id}");
    let mut at = case * 1_000;
    let mut next = |method: Method, path: &str, body: &Value, status: u16, answer: &Value| {
        at += 1;
        exchange(at, method, path, body, status, answer)
    };
    let refused = json!({"error": {"type": "x", "message": "no such field", "metadata": {}}});
    let mut exchanges = vec![
        next(Method::POST, submit, &submission("x"), 400, &refused),
        next(
            Method::POST,
            submit,
            &submission("business_email"),
            200,
            &state("pending"),
        ),
    ];
    for _ in 0..polls {
        exchanges.push(next(
            Method::GET,
            &poll,
            &Value::Null,
            200,
            &state("processing"),
        ));
    }
    let mut end = state("completed");
    end["result_count"] = 1.into();
    end["download_url"] = format!("https://store.test/{id}").into();
    exchanges.push(next(Method::GET, &poll, &Value::Null, 200, &end));
    exchanges
}

/// The bytes that are kept of so many jobs.
fn kept(jobs: u64, polls: u64) -> usize {
    let before = PeakAlloc.current_usage();
    let mut assessment = Assessment::new(CHECKS, None);
    for exchange in (0..jobs).flat_map(|case| job(case, polls)) {
        assessment.push(Arc::new(exchange));
    }
    assessment.settle_all();
    assert_eq!(assessment.evidence().jobs().len() as u64, jobs);
    let kept = PeakAlloc.current_usage() - before;
    drop(assessment);
    kept
}

#[test]
fn a_job_that_is_over_costs_little_and_a_poll_of_it_nothing() {
    let (few, many) = (kept(200, 1), kept(1_200, 1));
    let each = many.saturating_sub(few) / 1_000;
    println!("{each} bytes a job");
    assert!(each < 1_500, "{each} bytes a job");
    let polled = kept(200, 20);
    assert!(
        polled < few + few / 10,
        "{few} bytes, polled more often {polled}"
    );
}

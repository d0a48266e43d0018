//! Webhook calls, whose payload nobody documents.

use crustdata_batch::{JobStatus, WebhookHint};
use serde_json::json;

use crate::server::{BATCH_ID, Reply, Server, batch_id, job};

#[test]
fn a_job_is_found_wherever_it_stands() {
    for body in [
        json!({"batch_id": BATCH_ID}).to_string(),
        json!({"event": "finished", "data": {"job": {"batch_id": BATCH_ID, "status": 7}}})
            .to_string(),
        json!({"status_url": format!("/batch/{BATCH_ID}")}).to_string(),
        json!({"id": BATCH_ID, "url": format!("https://api.example.com/batch/{BATCH_ID}/x")})
            .to_string(),
        format!("job={BATCH_ID}&status=completed"),
        format!("{{\"batch_id\": \"{BATCH_ID}\", \"cut"),
        // The key decides, even among others.
        json!({"event_id": "00000000-0000-0000-0000-000000000001", "batch_id": BATCH_ID})
            .to_string(),
    ] {
        let hint = WebhookHint::parse(body.as_bytes()).unwrap_or_else(|| panic!("{body}"));
        assert_eq!(hint.batch_id(), batch_id());
    }
}

#[test]
fn a_body_that_names_no_job_or_several_is_no_hint() {
    for body in [
        "",
        "{}",
        "<html>",
        "\u{0}\u{ff}",
        r#"{"batch_id": "job-17"}"#,
        r#"{"a": "00000000-0000-0000-0000-000000000001", "b": "00000000-0000-0000-0000-000000000002"}"#,
    ] {
        assert_eq!(WebhookHint::parse(body.as_bytes()), None, "{body}");
    }
}

#[tokio::test]
async fn only_the_status_confirms_it() {
    let server =
        Server::start(|_| Reply::new(200, &job("processing", json!({})).to_string())).await;
    let body = json!({"batch_id": BATCH_ID, "status": "completed"}).to_string();
    let hint = WebhookHint::parse(body.as_bytes()).unwrap();
    let job = hint.confirm(&server.client()).await.unwrap();
    assert_eq!(job.status, JobStatus::Processing);
    assert_eq!(
        server.requests()[0].line(),
        format!("GET /batch/{BATCH_ID}")
    );
}

/// Which of the two an unknown id gives, nobody says. A sender who asks again hears nothing else.
#[tokio::test]
async fn a_job_that_nobody_knows_is_told_from_a_failure() {
    for (status, is_unknown) in [(400, true), (404, true), (401, false), (503, false)] {
        let server = Server::responding(status, "{}").await;
        let hint = WebhookHint::parse(BATCH_ID.as_bytes()).unwrap();
        let error = hint.confirm(&server.client()).await.unwrap_err();
        assert_eq!(error.is_not_found(), is_unknown, "{error}");
        assert_eq!(
            error.to_string().contains("Check the job's id"),
            is_unknown,
            "{error}"
        );
    }
}

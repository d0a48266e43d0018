//! A receiver of webhook deliveries with axum. A delivery is a hint, which anybody can send: the job's status confirms it.
#![allow(clippy::print_stderr)]

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use crustdata_batch::{Client, JobStatus, WebhookHint};

/// Responds with what makes a sender that tries again do so only where that helps.
async fn job_finished(State(client): State<Client>, body: Bytes) -> StatusCode {
    let Some(hint) = WebhookHint::parse(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    match hint.confirm(&client).await {
        Ok(job) if job.status == JobStatus::Completed => {
            // Here the results would be read, by a task of their own: the sender waits for the response.
            eprintln!("job {} has {:?} records", job.batch_id, job.result_count);
            StatusCode::NO_CONTENT
        }
        Ok(job) => {
            eprintln!("job {} is {}", job.batch_id, job.status);
            StatusCode::NO_CONTENT
        }
        Err(error) if error.is_not_found() => StatusCode::NOT_FOUND,
        Err(error) => {
            eprintln!("{error}");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let receiver = Router::new()
        .route("/webhooks/crustdata-batch", post(job_finished))
        .with_state(Client::from_env()?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, receiver).await?;
    Ok(())
}

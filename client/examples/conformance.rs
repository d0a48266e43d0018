//! A client for `conformance client -- target/debug/examples/conformance`: what it is to do is in its environment.
//!
//! `CONFORMANCE_IDENTIFIERS` is a file with one profile URL a line, `CONFORMANCE_FIELDS` names the fields, with commas
//! between them, and `CONFORMANCE_OUTPUT` is the file that the records are written to. The rest is as in `enrich`.
#![allow(clippy::print_stderr)]

use std::fs::{self, File};
use std::io::Write;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::Duration;

use crustdata_batch::{
    BatchJob, Client, ClientBuilder, ContactEnrichRequest, ContactField, JobStatus, ProfileUrls,
    Reconciliation, SubmitError, Uuid,
};

/// How often a submission is tried.
const SUBMIT_ATTEMPTS: NonZeroU32 = NonZeroU32::new(8).unwrap();

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match enrich().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            let causes = std::iter::successors(error.source(), |cause| cause.source());
            causes.for_each(|cause| eprintln!("  because: {cause}"));
            ExitCode::FAILURE
        }
    }
}

async fn enrich() -> Result<(), Failure> {
    // A submission that gets 429 was not accepted, and is sent again when there is room.
    let client = ClientBuilder::from_env()?
        .submit_attempts(SUBMIT_ATTEMPTS)
        .build()?;
    let identifiers = fs::read_to_string(std::env::var("CONFORMANCE_IDENTIFIERS")?)?;
    let identifiers: Vec<&str> = identifiers.lines().collect();
    let fields = std::env::var("CONFORMANCE_FIELDS")?;
    let fields: Vec<ContactField> = fields
        .split(',')
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let mut output = File::create(std::env::var("CONFORMANCE_OUTPUT")?)?;
    let mut known = Vec::new();
    // One job at a time is never one too many.
    for chunk in identifiers.chunks(ProfileUrls::MAX) {
        let request = ContactEnrichRequest::builder()
            .profile_urls(chunk.iter().copied())
            .fields(fields.clone())
            .build()?;
        let job = job(&client, &request, &known).await?;
        known.push(job.batch_id);
        let mut records = client.results(&job);
        while let Some(record) = records.next().await {
            writeln!(output, "{}", serde_json::to_string(&record?)?)?;
        }
    }
    Ok(())
}

/// The job of the request when it is over, also where its answer was lost.
async fn job(
    client: &Client,
    request: &ContactEnrichRequest,
    known: &[Uuid],
) -> Result<BatchJob, Failure> {
    let batch_id = match client.submit(request).await {
        Ok(accepted) => accepted.batch_id,
        Err(SubmitError::OutcomeUnknown(unknown)) => {
            let search = client.reconcile(unknown.submission());
            match search.all_others(known.iter().copied(), []).await? {
                Reconciliation::Found(job, _) if job.status == JobStatus::Completed => {
                    return Ok(*job);
                }
                Reconciliation::Found(job, _) => job.batch_id,
                other => return Err(format!("nobody knows if a job was made: {other:?}").into()),
            }
        }
        Err(error) => return Err(error.into()),
    };
    let wait = client.wait(batch_id);
    let wait = wait.intervals(Duration::from_secs(2), Duration::from_secs(5));
    Ok(wait.await?)
}

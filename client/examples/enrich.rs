//! From profile URLs to contacts: `cargo run -p crustdata-batch --example enrich -- PROFILE_URL…`
//!
//! The key is in `CRUSTDATA_API_KEY`; `CRUSTDATA_BASE_URL` leads to another server than the live one. One JSON line for
//! each record goes to stdout, progress goes to stderr.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use crustdata_batch::{Client, ContactEnrichRequest, ContactField};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match enrich(std::env::args().skip(1)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            let causes = std::iter::successors(error.source(), |cause| cause.source());
            causes.for_each(|cause| eprintln!("  because: {cause}"));
            ExitCode::FAILURE
        }
    }
}

async fn enrich(
    profile_urls: impl Iterator<Item = String>,
) -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let request = ContactEnrichRequest::builder()
        .profile_urls(profile_urls)
        .fields([
            ContactField::BusinessEmail,
            ContactField::PersonalContactInfo,
        ])
        .build()?;

    let accepted = client.submit(&request).await?;
    eprintln!("accepted as job {}", accepted.batch_id);

    let wait = client.wait(accepted.batch_id).on_progress(|job| {
        let (done, all) = (job.entities_fulfilled, job.entities_requested);
        eprintln!(
            "{}: {} of {}",
            job.status,
            done.unwrap_or(0),
            all.unwrap_or(0)
        );
    });
    let job = wait.await?;

    let mut records = client.results(&job);
    while let Some(record) = records.next().await {
        match record {
            Ok(record) => println!("{}", serde_json::to_string(&record)?),
            Err(error) if error.is_unreadable_line() => eprintln!("{error}"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

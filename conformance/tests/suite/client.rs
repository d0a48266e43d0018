//! The client crate against the mock: two readings of one document that share no type. It is tested here
//! because the client depends on nothing of the suite, not even in its own tests.

use std::time::Duration;

use crustdata_batch::{
    ApiKey, Client, ContactEnrichRequest, ContactField, JobStatus, ListQuery, PageLimit,
    SubmitError,
};
use crustdata_conformance::generated::contract::limits;
use crustdata_conformance::probes::profile_urls::profile_urls;
use crustdata_mock::{Clock, MOCK_KEY, Mock, MockConfig};

async fn mock_and_client(config: MockConfig) -> (Mock, Client) {
    let mock = config.start().await.expect("the mock starts");
    let client = Client::builder()
        .api_key(ApiKey::new(MOCK_KEY).expect("the mock's key can be sent"))
        .base_url(mock.base_url())
        .build()
        .expect("the client can be built");
    (mock, client)
}

fn request(salt: u64) -> ContactEnrichRequest {
    ContactEnrichRequest::builder()
        .profile_urls(profile_urls(salt, 3))
        .fields([ContactField::BusinessEmail])
        .build()
        .expect("the request is valid")
}

#[tokio::test]
async fn a_job_is_submitted_followed_and_listed() {
    let (mock, client) = mock_and_client(MockConfig::default()).await;
    let accepted = client.submit(&request(1)).await.expect("it is accepted");
    let details = accepted.details.expect("the response is whole");
    assert_eq!(
        (details.identifier_count, details.entities_requested),
        (3, 3)
    );

    let job = client
        .job(accepted.batch_id)
        .await
        .expect("the job is found");
    assert_eq!(
        (job.batch_id, job.status),
        (accepted.batch_id, JobStatus::Pending)
    );
    mock.advance(Duration::from_secs(3600));
    let job = client
        .job(accepted.batch_id)
        .await
        .expect("the job is found");
    assert_eq!(job.status, JobStatus::Completed);
    assert!(job.download_url.is_some());

    let page = client.list(&ListQuery::default()).await.expect("it lists");
    assert_eq!(page.jobs.len(), 1);
    assert_eq!(page.jobs[0].batch_id, accepted.batch_id);
}

#[tokio::test]
async fn one_job_too_many_is_refused_for_now() {
    let (_mock, client) = mock_and_client(MockConfig::default()).await;
    for salt in 0..limits::ACTIVE_JOBS as u64 {
        assert!(client.submit(&request(salt)).await.is_ok());
    }
    let result = client.submit(&request(99)).await;
    assert!(
        matches!(&result, Err(SubmitError::NotAccepted(error)) if error.is_rate_limited()),
        "{result:?}"
    );
}

#[tokio::test]
async fn the_list_is_followed_page_by_page() {
    let (_mock, client) = mock_and_client(MockConfig {
        clock: Clock::Ticking(Duration::from_secs(600)),
        ..MockConfig::default()
    })
    .await;
    let mut submitted = Vec::new();
    for salt in 0..7 {
        submitted.push(
            client
                .submit(&request(salt))
                .await
                .expect("it is accepted")
                .batch_id,
        );
    }
    submitted.reverse();
    let mut listed = Vec::new();
    let limit = PageLimit::new(3).expect("3 is in range");
    let mut query = ListQuery::default().limit(limit);
    loop {
        let page = client.list(&query).await.expect("it lists");
        listed.extend(page.jobs.iter().map(|job| job.batch_id));
        match page.next_cursor {
            Some(cursor) if page.has_more => {
                query = ListQuery::default().limit(limit).cursor(cursor)
            }
            _ => break,
        }
    }
    assert_eq!(listed, submitted);
}

/// Whatever an accepted response looks like, the id of a job that is there can be had.
#[tokio::test]
async fn no_fault_of_the_mock_costs_an_accepted_job() {
    for name in [
        "no-status",
        "no-status-url-with-webhook",
        "status-processing",
        "status-url-object",
        "status-null-when-large",
    ] {
        let fault = crustdata_mock::find(name).expect("the fault is known");
        let (_mock, client) = mock_and_client(MockConfig {
            faults: vec![fault],
            ..MockConfig::default()
        })
        .await;
        let accepted = client.submit(&request(1)).await.expect(name);
        let job = client.job(accepted.batch_id).await.expect(name);
        assert_eq!(job.batch_id, accepted.batch_id, "{name}");
    }
}

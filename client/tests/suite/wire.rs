//! What the client sends, byte for byte where it matters.

use crustdata_batch::{ContactEnrichRequest, ContactField, JobStatus, ListQuery, PageLimit};
use serde_json::{Value, json};

use crate::server::{BATCH_ID, KEY, Request, Server, client, request};

/// The only request that the server saw.
#[track_caller]
fn only(server: &Server) -> Request {
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests[0].clone()
}

#[tokio::test]
async fn a_submission_is_what_the_contract_says() {
    let server = Server::responding(400, "{}").await;
    let request = ContactEnrichRequest::builder()
        .profile_urls([
            "https://www.linkedin.com/in/a/",
            "https://www.linkedin.com/in/b/",
        ])
        .fields([
            ContactField::PersonalContactInfo,
            ContactField::BusinessEmail,
        ])
        .webhook_url("https://example.com/hook?job=1")
        .chunk_size(20)
        .build()
        .unwrap();
    server.client().submit(&request).await.unwrap_err();

    let sent = only(&server);
    assert_eq!(sent.line(), "POST /batch/person/contact/enrich");
    assert_eq!(
        sent.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(sent.header("x-api-version"), Some("2025-11-01"));
    assert_eq!(sent.header("api-version"), None);
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(
        serde_json::from_str::<Value>(&sent.body).unwrap(),
        json!({
            "professional_network_profile_urls": ["https://www.linkedin.com/in/a/", "https://www.linkedin.com/in/b/"],
            "fields": ["personal_contact_info", "business_email"],
            "webhook_url": "https://example.com/hook?job=1",
            "chunk_size": 20,
        })
    );
}

#[tokio::test]
async fn what_is_not_given_is_not_sent() {
    let server = Server::responding(400, "{}").await;
    server.client().submit(&request()).await.unwrap_err();
    let body: Value = serde_json::from_str(&only(&server).body).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
}

#[tokio::test]
async fn a_path_in_the_base_url_stays() {
    let server = Server::responding(404, "{}").await;
    let client = client(&format!("{}/proxy/crustdata/", server.url()));
    client.job(BATCH_ID.parse().unwrap()).await.unwrap_err();
    assert_eq!(
        only(&server).line(),
        format!("GET /proxy/crustdata/batch/{BATCH_ID}")
    );
}

#[tokio::test]
async fn the_list_is_asked_for_in_query_parameters() {
    let server = Server::responding(400, "{}").await;
    let query = ListQuery::new()
        .limit(PageLimit::MAX)
        .status(JobStatus::from("in review"))
        .cursor(BATCH_ID.parse().unwrap());
    server.client().list(&query).await.unwrap_err();
    let limit = PageLimit::MAX;
    assert_eq!(
        only(&server).line(),
        format!("GET /batch?cursor={BATCH_ID}&limit={limit}&status=in+review")
    );
}

#[tokio::test]
async fn a_list_without_settings_has_no_query() {
    let server = Server::responding(400, "{}").await;
    server.client().list(&ListQuery::new()).await.unwrap_err();
    assert_eq!(only(&server).line().trim_end_matches('?'), "GET /batch");
}

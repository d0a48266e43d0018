//! The test vectors: that they are of the form that their schema says, and that the client crate satisfies them.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use crustdata_batch::{
    ApiKey, Client, ContactEnrichRequest, ContactField, JobStatus, ListQuery, ProfileUrls,
    SubmitError, Uuid,
};
use crustdata_conformance::vectors::{
    self, Answer, Given, Outcome, RecordOf, RequestCase, Sent, Understood,
};
use crustdata_mock::{JobTiming, MOCK_KEY, Mock, ReceivedRequest, TEST_PROFILES};
use serde_json::{Value, json};

use crate::process::conformance;

#[test]
fn they_are_of_the_form_of_their_schema() {
    let folder = tempfile::tempdir().unwrap();
    let printed = conformance(&format!("vectors --output {}", folder.path().display()));
    assert_eq!(printed.code, 0, "{}", printed.err);
    let read = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(folder.path().join(name)).unwrap()).unwrap()
    };
    let schema = jsonschema::validator_for(&read("vectors.schema.json")).unwrap();
    let all: Value = serde_json::from_str(&conformance("vectors").out).unwrap();
    for name in ["requests.json", "responses.json"] {
        let file = read(name);
        assert!(schema.is_valid(&file), "{name}");
        assert_eq!(all[name], file);
    }
    let mut broken = read("requests.json");
    broken["requests"][0]["given"] = json!(1);
    assert!(!schema.is_valid(&broken));
}

#[test]
fn each_case_has_a_name_of_its_own_and_a_clause_that_exists() {
    let (requests, responses) = (vectors::requests(), vectors::responses());
    let requests = requests.requests.into_iter();
    let responses = responses.responses.into_iter();
    let requests = requests.map(|case| (case.name, case.clause));
    let all: Vec<_> = requests
        .chain(responses.map(|case| (case.name, case.clause)))
        .collect();
    let names: std::collections::HashSet<_> = all.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), all.len());
    for (name, clause) in &all {
        let check = crustdata_conformance::checks::find_client(clause);
        assert!(check.is_some(), "{name}: {clause}");
    }
}

fn client(base_url: impl Into<String>) -> Client {
    Client::builder()
        .api_key(ApiKey::new(MOCK_KEY).unwrap())
        .base_url(base_url)
        .no_proxy()
        .build()
        .unwrap()
}

fn request(given: &Given, chunk: &[String]) -> Option<ContactEnrichRequest> {
    let Given::Submit {
        fields,
        chunk_size,
        webhook_url,
        ..
    } = given
    else {
        return None;
    };
    let fields: Option<Vec<ContactField>> = fields.iter().map(|one| one.parse().ok()).collect();
    let mut builder = ContactEnrichRequest::builder()
        .profile_urls(chunk)
        .fields(fields?);
    if let Some(size) = chunk_size {
        builder = builder.chunk_size(*size);
    }
    if let Some(url) = webhook_url {
        builder = builder.webhook_url(url);
    }
    builder.build().ok()
}

#[tokio::test]
async fn the_client_crate_sends_what_it_must() {
    for case in vectors::requests().requests {
        let mock = Mock::start().await.unwrap();
        let client = client(mock.base_url());
        match &case.given {
            Given::Submit { identifiers, .. } => {
                for chunk in identifiers.chunks(ProfileUrls::MAX) {
                    if let Some(request) = request(&case.given, chunk) {
                        drop(client.submit(&request).await.unwrap());
                    }
                }
                assert!(request(&case.given, identifiers).is_some() == (case.sends.len() == 1));
            }
            // There is none such, and it is asked for all the same.
            Given::Job(id) => drop(client.job(id.parse::<Uuid>().unwrap()).await),
            // A link of its own is read below.
            Given::Download(_) => continue,
        }
        let received = mock.requests();
        assert_eq!(received.len(), case.sends.len(), "{}", case.name);
        for (received, sent) in received.iter().zip(&case.sends) {
            assert_sent(received, sent, &case);
        }
    }
}

fn assert_sent(received: &ReceivedRequest, sent: &Sent, case: &RequestCase) {
    let name = &case.name;
    assert_eq!(received.method, sent.method, "{name}");
    assert_eq!(received.path, sent.path, "{name}");
    for (header, value) in &sent.headers {
        let value = value.replace("<key>", MOCK_KEY);
        let found = received.headers.get(*header);
        assert_eq!(found.unwrap(), &*value, "{name}: {header}");
    }
    if let Some(body) = &sent.body {
        assert_eq!(received.json().unwrap(), *body, "{name}");
    }
}

#[tokio::test]
async fn the_client_crate_keeps_the_key_from_the_store() {
    let cases = vectors::requests().requests;
    let case = cases
        .iter()
        .find(|case| matches!(case.given, Given::Download(_)));
    let without = &case.unwrap().sends[0].without;
    let mut config = Mock::builder().timing(JobTiming::AT_ONCE);
    config.separate_store = true;
    let mock = config.start().await.unwrap();
    let client = client(mock.base_url());
    let request = ContactEnrichRequest::builder()
        .profile_urls(TEST_PROFILES.iter().take(1).copied())
        .fields([ContactField::BusinessEmail])
        .build()
        .unwrap();
    let accepted = client.submit(&request).await.unwrap();
    let job = client.job(accepted.batch_id).await.unwrap();
    client.results(&job).next().await.unwrap().unwrap();
    let requests = mock.requests();
    let download = requests.last().unwrap();
    assert!(download.path.starts_with("/store/"), "{}", download.path);
    for name in without {
        assert!(!download.headers.contains_key(*name), "{name}");
    }
}

/// A server that has this one answer: to whatever is asked for, or as the file of a job that is over.
async fn server(answer: Answer, is_file: bool) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let job = json!({
        "batch_id": ID, "status": "completed", "entity": "person", "action": "contact_enrich",
        "download_url": format!("{root}/file"),
    });
    let state = Arc::new((answer, is_file, job.to_string()));
    let app = Router::new().fallback(respond).with_state(state);
    tokio::spawn(async move { axum::serve(listener, app).await });
    root
}

async fn respond(
    State(state): State<Arc<(Answer, bool, String)>>,
    request: Request,
) -> Response<Body> {
    let (answer, is_file, job) = &*state;
    if *is_file && request.uri().path() != "/file" {
        let response = Response::builder().header("content-type", "application/json");
        return response.body(Body::from(job.clone())).unwrap();
    }
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    let body = match &answer.body {
        vectors::Body::Text(text) => text.clone().into_bytes(),
        vectors::Body::Base64(text) => BASE64_STANDARD.decode(text).unwrap(),
    };
    response.body(Body::from(body)).unwrap()
}

const ID: &str = "7e96a0d7-0ea6-463c-8937-dfa59365c2e9";

#[tokio::test]
async fn the_client_crate_understands_what_it_must() {
    let id: Uuid = ID.parse().unwrap();
    for case in vectors::responses().responses {
        let name = &case.name;
        let is_file = matches!(case.means, Understood::Results { .. });
        let client = client(server(case.response.clone(), is_file).await);
        match case.means {
            Understood::Submit(outcome) => {
                assert_eq!(submitted(&client).await, outcome, "{name}");
            }
            Understood::Job { over, completed } => {
                let job = client.job(id).await.unwrap();
                let is_completed = job.status == JobStatus::Completed;
                assert_eq!(is_completed, completed, "{name}");
                assert_eq!(
                    is_completed || job.status == JobStatus::Failed,
                    over,
                    "{name}"
                );
            }
            Understood::List { ids } => {
                let page = client.list(&ListQuery::default()).await.unwrap();
                let found: Vec<_> = page
                    .jobs
                    .iter()
                    .map(|job| job.batch_id.to_string())
                    .collect();
                assert_eq!(found, ids, "{name}");
            }
            Understood::Results { readable, records } => {
                let job = client.job(id).await.unwrap();
                let (mut results, mut found, mut failed) =
                    (client.results(&job), Vec::new(), false);
                while let Some(record) = results.next().await {
                    match record {
                        Ok(record) => {
                            let emails = record.data.business_email.into_iter().flatten();
                            found.push(RecordOf {
                                identifier: record.original_identifier,
                                business_email: emails.map(|one| one.email).next(),
                            });
                        }
                        Err(_) => failed = true,
                    }
                }
                assert_eq!(!failed, readable, "{name}");
                if readable {
                    assert_eq!(found, records, "{name}");
                }
            }
        }
    }
}

async fn submitted(client: &Client) -> Outcome {
    let request = ContactEnrichRequest::builder()
        .profile_urls(["https://www.linkedin.com/in/example-vector-1/"])
        .fields([ContactField::BusinessEmail])
        .build()
        .unwrap();
    match client.submit(&request).await {
        Ok(accepted) => Outcome::Accepted(accepted.batch_id.to_string()),
        Err(SubmitError::OutcomeUnknown(_)) => Outcome::Unknown,
        Err(SubmitError::NotAccepted(error)) if error.is_rate_limited() => {
            let wait = error.response().and_then(|response| response.retry_after());
            Outcome::Throttled(wait.unwrap_or_default().as_secs())
        }
        Err(_) => Outcome::Refused,
    }
}

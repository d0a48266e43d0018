//! The mock's results files: what is in them, and who may read them.

use std::io::Read;
use std::time::Duration;

use crustdata_conformance::generated::contract;
use crustdata_mock::{JobTiming, MOCK_KEY, MockConfig, TEST_PROFILES, find};
use flate2::read::MultiGzDecoder;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::mock_fixture::{Fixture, submission, urls};

/// A server on which a job with this body is completed, and the job's status.
async fn completed(body: &Value) -> (Fixture, Value) {
    completed_by(body, MockConfig::default()).await
}

/// The same, for a server with this set-up.
async fn completed_by(body: &Value, config: MockConfig) -> (Fixture, Value) {
    let server = Fixture::start(MockConfig {
        timing: JobTiming::AT_ONCE,
        ..config
    })
    .await;
    let id = server.accepted(body).await;
    let (_, job) = server
        .json(&contract::job::PATH.replace("{batch_id}", &id))
        .await;
    assert_eq!(job["status"], "completed");
    (server, job)
}

impl Fixture {
    async fn download(&self, link: &Value) -> Response {
        self.client
            .get(link.as_str().unwrap())
            .send()
            .await
            .unwrap()
    }

    async fn records(&self, link: &Value) -> Vec<Value> {
        let response = self.download(link).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(!response.headers().contains_key("content-encoding"));
        let mut text = String::new();
        MultiGzDecoder::new(&*response.bytes().await.unwrap())
            .read_to_string(&mut text)
            .unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

#[tokio::test]
async fn a_file_is_gzip_by_its_type_and_not_by_its_coding() {
    let (server, job) = completed(&submission(1)).await;
    let response = server.download(&job["download_url"]).await;
    assert_eq!(response.headers()["content-type"], "application/gzip");
    assert!(!response.headers().contains_key("content-encoding"));
}

#[tokio::test]
async fn the_test_profiles_differ_in_what_is_found() {
    let body = json!({contract::submit::identifiers::KEY: TEST_PROFILES, "fields": contract::submit::fields::VALUES});
    let (server, job) = completed(&body).await;
    assert_eq!(job["entities_fulfilled"], TEST_PROFILES.len() - 1);
    let records = server.records(&job["download_url"]).await;
    let filled = |record: &Value| {
        let leaf = |leaf: &str| {
            record["data"]
                .pointer(&format!("/{}", leaf.replace('.', "/")))
                .cloned()
        };
        let leaves = contract::submit::fields::LEAVES.iter();
        leaves
            .filter(|(path, _)| leaf(path) != Some(json!([])))
            .count()
    };
    let [everything @ .., without_phone, without_contacts] = &records[..] else {
        panic!("there are several test profiles")
    };
    let kinds = contract::submit::fields::LEAVES.len();
    assert!(everything.iter().all(|record| filled(record) == kinds));
    let phones = contract::submit::fields::LEAVES
        .iter()
        .filter(|(_, holds)| *holds != "emails");
    assert_eq!(filled(without_phone), kinds - phones.count());
    assert_eq!(filled(without_contacts), 0);
}

#[tokio::test]
async fn variants_of_files_hold_the_same_records() {
    let body = json!({
        contract::submit::identifiers::KEY: TEST_PROFILES,
        "fields": contract::submit::fields::VALUES,
        "chunk_size": contract::submit::chunk_size::MIN,
    });
    for name in [
        "store-on-localhost",
        "links-of-each-look",
        "parts-in-other-order",
        "records-in-other-order",
        "records-in-other-order-in-parts",
        "gzip-of-several-members",
        "lines-end-with-crlf",
        "last-line-without-end",
        "file-of-other-type",
    ] {
        let faults = vec![find(name).unwrap()];
        let config = MockConfig {
            faults,
            ..Default::default()
        };
        let (server, job) = completed_by(&body, config).await;
        let mut parts = Vec::new();
        for link in job["download_urls"].as_array().unwrap() {
            parts.extend(server.records(link).await);
        }
        for records in [parts, server.records(&job["download_url"]).await] {
            let identifiers = records.iter().map(|record| &record["original_identifier"]);
            let mut identifiers: Vec<_> = identifiers.map(|id| id.as_str().unwrap()).collect();
            let mut sent = TEST_PROFILES.to_vec();
            identifiers.sort_unstable();
            sent.sort_unstable();
            assert_eq!(identifiers, sent, "{name}");
        }
    }
}

#[tokio::test]
async fn a_record_comes_for_each_identifier_found_or_not() {
    let mut body = submission(3);
    body[contract::submit::identifiers::KEY][1] = json!(TEST_PROFILES[0]);
    let (server, job) = completed(&body).await;
    let records = server.records(&job["download_url"]).await;
    let identifiers: Vec<_> = records
        .iter()
        .map(|record| &record["original_identifier"])
        .collect();
    assert_eq!(json!(identifiers), body[contract::submit::identifiers::KEY]);
    for (place, record) in records.iter().enumerate() {
        for (leaf, holds) in contract::submit::fields::LEAVES {
            let contacts = leaf
                .split('.')
                .fold(&record["data"], |value, key| &value[key])
                .as_array()
                .unwrap();
            assert_eq!(
                contacts.len(),
                usize::from(place == 1),
                "{leaf} of {record}"
            );
            for contact in contacts {
                let (text, mark) = match *holds {
                    "emails" => (&contact["email"], "@example.com"),
                    _ => (contact, " 555 "),
                };
                assert!(text.as_str().unwrap().contains(mark), "{contact}");
            }
        }
    }
}

#[tokio::test]
async fn only_the_requested_kinds_come() {
    for field in contract::submit::fields::VALUES {
        let mut body = submission(1);
        body["fields"] = json!([field]);
        let (server, job) = completed(&body).await;
        let [record] = &server.records(&job["download_url"]).await[..] else {
            panic!("one identifier was sent")
        };
        for (leaf, _) in contract::submit::fields::LEAVES {
            let found = leaf
                .split('.')
                .try_fold(&record["data"], |value, key| value.get(key));
            let requested = leaf == field || leaf.starts_with(&format!("{field}."));
            assert_eq!(
                found,
                requested.then_some(&json!([])),
                "{leaf} after {field}"
            );
        }
    }
}

#[tokio::test]
async fn the_parts_hold_the_records_of_the_merged_file() {
    let count = contract::submit::chunk_size::MIN as usize * 2 + 1;
    let mut body = submission(count);
    body["chunk_size"] = json!(contract::submit::chunk_size::MIN);
    let (server, job) = completed(&body).await;
    let merged = server.records(&job["download_url"]).await;
    let mut parts = Vec::new();
    for link in job["download_urls"].as_array().unwrap() {
        parts.push(server.records(link).await);
    }
    assert_eq!(parts.len(), 3);
    assert_eq!(parts.concat(), merged);
    assert_eq!(merged.len(), urls(count).len());
    assert_eq!(server.mock.stats().downloads, 4);
}

#[tokio::test]
async fn the_store_refuses_a_key_and_a_link_that_is_not_its_own() {
    let (server, job) = completed(&submission(1)).await;
    let link = job["download_url"].as_str().unwrap();
    let keyed = server
        .client
        .get(link)
        .bearer_auth(MOCK_KEY)
        .send()
        .await
        .unwrap();
    assert_eq!(keyed.status(), StatusCode::FORBIDDEN);
    assert_eq!(keyed.headers()["content-type"], "application/xml");

    let unsigned = link.split_once('?').unwrap().0.to_owned();
    let later = link.replace("expires=", "expires=9");
    let other_file = link.replace("results", "part-0");
    let forged = format!("{}0", &link[..link.len() - 1]).replace("signature=", "signature=f");
    for link in [unsigned, later, other_file, forged] {
        let response = server.download(&json!(link)).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{link}");
        assert!(response.text().await.unwrap().contains("<Error>"));
    }
}

/// A link that was spoilt on the way is refused as a store does, and is among the requests that came.
#[tokio::test]
async fn a_link_to_no_job_is_refused_by_the_store() {
    let server = Fixture::compliant().await;
    let url = server.url("/store/no-id/results.jsonl.gz?expires=1&signature=2");
    let response = server.client.get(url).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(response.headers()["content-type"], "application/xml");
    assert_eq!(server.mock.requests().len(), 1);
}

#[tokio::test]
async fn a_link_expires_and_the_status_gives_a_new_one() {
    let (server, job) = completed(&submission(1)).await;
    let day = Duration::from_secs(24 * 60 * 60);
    server
        .mock
        .advance(day * contract::limits::DOWNLOAD_LINK_DAYS - Duration::from_secs(10));
    assert_eq!(
        server.download(&job["download_url"]).await.status(),
        StatusCode::OK
    );
    server.mock.advance(Duration::from_secs(10));
    assert_eq!(
        server.download(&job["download_url"]).await.status(),
        StatusCode::FORBIDDEN
    );

    let (_, job) = server
        .json(&contract::job::PATH.replace("{batch_id}", job["batch_id"].as_str().unwrap()))
        .await;
    assert_eq!(
        server.download(&job["download_url"]).await.status(),
        StatusCode::OK
    );
}

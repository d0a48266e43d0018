//! The proxy: what it says of what passed, and the links that lead through it.

use crustdata_conformance::proxy::Limits;
use crustdata_conformance::results::Status;
use crustdata_mock::MOCK_KEY;
use reqwest::StatusCode;

use crate::between::{Between, mock, results};
use crate::mock_fixture::submission;
use crate::recorded::judged;

#[tokio::test]
async fn traffic_is_judged_and_recorded_without_its_key_and_without_persons() {
    let mock = mock(&[]).await;
    let between = Between::with(mock.base_url(), Some(Limits::default()), false).await;
    let job = between.job(&submission(2)).await;
    let link = job["download_url"].as_str().unwrap();
    assert!(
        link.starts_with(mock.base_url().as_str()),
        "{link} is left as it is"
    );
    between.get("/batch?note=jane.doe%40acme.example").await;
    let (passed, har, told) = between.stop().await;
    assert_eq!((passed.lost, passed.spent), (0, Some((1, 10.0))));
    let results = results(passed);
    assert_eq!(results.count(Status::Fail) + results.count(Status::Warn), 0);
    assert_eq!(results.jobs.len(), 1);
    assert_eq!(told.text(), "");
    let har = har.text();
    let (_, signature) = link.split_once("signature=").expect("it is signed");
    for secret in [MOCK_KEY, signature, "jane.doe"] {
        assert!(!har.contains(secret), "{secret} in {har}");
    }
    let again = judged(&serde_json::from_str(&har).expect("it is whole"));
    // Times in HAR are taken for rounded, so that a little less follows from them.
    assert_eq!(again.count(Status::Fail) + again.count(Status::Warn), 0);
    assert_eq!(again.totals.exchanges, results.totals.exchanges);
}

#[tokio::test]
async fn findings_are_told_as_they_come() {
    let mock = mock(&["entity-company"]).await;
    let between = Between::with(mock.base_url(), None, false).await;
    between.job(&submission(1)).await;
    let (passed, _, told) = between.stop().await;
    assert!(
        told.text()
            .contains("violated: submit.entity: expected `entity`"),
        "{}",
        told.text()
    );
    assert_eq!(results(passed).count(Status::Fail), 1);
}

#[tokio::test]
async fn links_can_lead_through() {
    let mock = mock(&[]).await;
    let between = Between::with(mock.base_url(), None, true).await;
    let job = between.job(&submission(2)).await;
    let link = job["download_url"].as_str().unwrap();
    assert!(
        link.starts_with(between.proxy.base_url().as_str()),
        "{link}"
    );
    let file = between.client.get(link).send().await.unwrap();
    assert_eq!(file.status(), StatusCode::OK);
    // By the name that the client has for it, which a container does not know.
    let path = format!("/batch/{}", job["batch_id"].as_str().unwrap());
    let asked = between.client.get(between.url(&path));
    let asked = asked
        .bearer_auth(MOCK_KEY)
        .header("host", "proxy.test:9090");
    let again = asked.send().await.unwrap().text().await.unwrap();
    assert!(
        again.contains("\"download_url\":\"http://proxy.test:9090/.conformance-proxy/"),
        "{again}"
    );
    // Nobody gets anywhere else.
    let elsewhere = link.replace("/store/", "/other/");
    let refused = between.client.get(elsewhere).send().await.unwrap();
    assert!(refused.status().is_client_error());
    let (passed, ..) = between.stop().await;
    let results = results(passed);
    let pass = |id: &str| {
        results
            .checks
            .iter()
            .any(|check| check.id == id && check.status == Status::Pass)
    };
    assert!(pass("result.count") && pass("job.download-links"));
}

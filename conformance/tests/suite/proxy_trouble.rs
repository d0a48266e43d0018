//! What goes wrong beside the traffic: it flows all the same, and what is not whole is said.

use std::io::{self, Write};
use std::sync::mpsc::sync_channel;

use crustdata_conformance::checks::CHECKS;
use crustdata_conformance::proxy::{Limits, Tell};
use crustdata_conformance::results::Status;
use crustdata_mock::MOCK_KEY;
use reqwest::StatusCode;

use crate::between::{Between, mock, results};
use crate::mock_fixture::{read, submission};
use crate::targets::{EMPTY_LIST, respond, serve};

#[tokio::test]
async fn a_server_that_is_not_there_is_told_as_a_bad_gateway() {
    // A port that is given to nobody who asks for a free one, as other tests do meanwhile.
    let nobody = "http://127.0.0.1:1/";
    let between = Between::with(nobody.parse().unwrap(), Some(Limits::default()), false).await;
    let (status, error) = read(between.submit(&submission(1)).await).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(error["error"]["message"].is_string());
    // Whatever became of it, it is not known.
    let again = between.submit(&submission(1)).await.status();
    assert_eq!(again, StatusCode::CONFLICT);
    let (passed, ..) = between.stop().await;
    assert_eq!(results(passed).count(Status::Fail), 0);
}

/// Megabytes of the responses that do not find room together.
const MEGABYTES: usize = 12;

#[tokio::test]
async fn what_judging_can_not_keep_up_with_is_passed_on_and_counted() {
    let upstream = serve(
        |stream, request| match !request.starts_with("GET /batch ") {
            // Too little for an accepted job: the judge has something to tell, and waits until it is heard.
            true => respond(stream, "200 OK", "application/json", "{}"),
            false => {
                let blanks = " ".repeat(MEGABYTES << 20);
                respond(stream, "200 OK", "application/json", &(blanks + EMPTY_LIST));
            }
        },
    );
    let (go_on, wait) = sync_channel::<()>(0);
    let tell: Tell = Box::new(move |_| {
        let _ = wait.recv();
        panic!("on purpose: what waits need not be judged")
    });
    let between = Between::start(upstream.parse().unwrap(), None, false, CHECKS, Some(tell)).await;
    between.submit(&submission(1)).await;
    // The judge may want to see one more before it tells.
    between.get("/batch/none").await;
    // So many find room together, and these are more.
    let (room, more) = (64 / MEGABYTES, 3);
    for _ in 0..room + more {
        let list = between.client.get(between.url("/batch")).send();
        let body = list.await.unwrap().bytes().await.unwrap();
        assert_eq!(body.len(), (MEGABYTES << 20) + EMPTY_LIST.len());
    }
    drop(go_on);
    let lost = between.stop().await.0.lost;
    assert!((1..=more).contains(&lost), "{lost}");
}

#[tokio::test]
async fn traffic_flows_where_judging_fails() {
    let mock = mock(&["entity-company"]).await;
    let tell: Tell = Box::new(|_| panic!("on purpose"));
    let limits = Some(Limits::default());
    let between = Between::start(mock.base_url(), limits, false, CHECKS, Some(tell)).await;
    for _ in 0..2 {
        between.job(&submission(1)).await;
    }
    assert_eq!(
        between.get("/batch").await["jobs"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let (passed, ..) = between.stop().await;
    assert!(passed.traffic.is_none());
    // The seat belt is no part of it.
    assert_eq!(passed.spent, Some((2, 10.0)));
}

/// A disk without room.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_full_disk_stops_no_traffic_and_is_told_in_the_end() {
    let mock = mock(&[]).await;
    let between = Between::recording(mock.base_url(), Full).await;
    for count in 1..4 {
        between.job(&submission(count)).await;
    }
    let (passed, ..) = between.stop().await;
    let mut traffic = passed.traffic.unwrap();
    let error = traffic.finish_recording().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    assert_eq!(passed.lost, 0);
    let judged = traffic.violated().count();
    assert_eq!(judged, 0);
    assert_eq!(mock.stats().accepted, 3);
}

#[tokio::test]
async fn a_key_that_a_server_repeats_is_not_written_either() {
    let upstream = serve(|stream, request| {
        // It says everything it was told, in a header and in the body.
        let lines: Vec<&str> = request.lines().collect();
        let body = serde_json::json!({"error": {"type": "x", "message": lines, "metadata": {}}})
            .to_string();
        let _ = write!(
            stream,
            "HTTP/1.1 400 -\r\nX-Key: {MOCK_KEY}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
    });
    let between = Between::with(upstream.parse().unwrap(), None, false).await;
    let (status, said) = read(between.submit(&submission(1)).await).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        said.to_string().contains(MOCK_KEY),
        "it is passed on as it is"
    );
    let (passed, har, told) = between.stop().await;
    let results = results(passed);
    assert_eq!(results.totals.exchanges, 1);
    let report = serde_json::to_string(&results).unwrap();
    for text in [har.text(), told.text(), report] {
        assert!(!text.contains(MOCK_KEY), "{text}");
    }
}

//! Job status and list, with everything in them that may be odd.

use std::time::SystemTime;

use crustdata_batch::{BatchJob, JobStatus, ListQuery, Uuid};
use serde_json::{Value, json};

use crate::server::{BATCH_ID, Reply, Server, batch_id};

async fn job(body: Value) -> Result<BatchJob, crustdata_batch::Error> {
    let server = Server::responding(200, &body.to_string()).await;
    server.client().job(BATCH_ID.parse().unwrap()).await
}

fn bare() -> Value {
    json!({"batch_id": BATCH_ID, "status": "pending", "entity": "person", "action": "contact_enrich"})
}

/// `value` with `more`'s keys.
fn with(mut value: Value, more: Value) -> Value {
    let Value::Object(more) = more else {
        panic!("{more} is no object")
    };
    value.as_object_mut().unwrap().extend(more);
    value
}

#[tokio::test]
async fn a_completed_job_is_read_whole() {
    let body = with(
        bare(),
        json!({
            "status": "completed",
            "identifier_count": 3,
            "entities_requested": 3,
            "entities_fulfilled": 2,
            "result_count": 3,
            "created_at": "2026-01-15T10:00:00+00:00",
            "completed_at": "2026-01-15T10:02:30+00:00",
            "download_url": "https://store.example.com/a?signature=b",
            "download_urls": ["https://store.example.com/a/0"],
        }),
    );
    let job = job(body.clone()).await.unwrap();
    assert_eq!(job.status, JobStatus::Completed);
    assert_eq!(serde_json::to_value(job).unwrap(), body);
}

/// A link is as good as a key to the results, and jobs are logged.
#[test]
fn a_job_does_not_show_its_link() {
    for (link, shown) in [
        (
            "https://store.example.com/s3cr3t?s3cr3t#s3cr3t",
            "DownloadLink(https://store.example.com/...)",
        ),
        (
            "http://s3cr3t:s3cr3t@127.0.0.1:8080/s3cr3t",
            "DownloadLink(http://127.0.0.1/...)",
        ),
        ("https://[::1]/s3cr3t", "DownloadLink(https://[::1]/...)"),
        ("/s3cr3t", "DownloadLink(...)"),
        ("s3cr3t://s3cr3t", "DownloadLink(...)"),
        ("", "DownloadLink(...)"),
    ] {
        let links = json!({"download_url": link, "download_urls": [link]});
        let job: BatchJob = serde_json::from_value(with(bare(), links)).unwrap();
        let text = format!("{job:?}");
        assert!(!text.contains("s3cr3t"), "{text}");
        assert_eq!(text.matches(shown).count(), 2, "{text}");
        assert!(!format!("{job:#?}").contains("s3cr3t"));
        assert_eq!(job.download_url.unwrap().as_str(), link);
    }
}

#[tokio::test]
async fn the_job_in_an_error_does_not_show_its_link() {
    let link = "https://store.example.com/a?signature=s3cr3t";
    let failed = with(bare(), json!({"status": "failed", "download_url": link}));
    let server = Server::responding(200, &failed.to_string()).await;
    let error = server.client().wait(batch_id()).await.unwrap_err();
    assert_eq!(
        error.job().unwrap().download_url.as_ref().unwrap().as_str(),
        link
    );
    assert!(
        !format!("{error} {error:?} {error:#?}").contains("s3cr3t"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_job_needs_only_its_four_keys() {
    assert_eq!(job(bare()).await.unwrap().status, JobStatus::Pending);
    for key in ["batch_id", "status", "entity", "action"] {
        let mut body = bare();
        body.as_object_mut().unwrap().remove(key);
        let error = job(body).await.unwrap_err();
        assert!(error.is_unreadable(), "{error}");
        let reason = std::error::Error::source(&error).unwrap().to_string();
        assert!(reason.contains(key), "{reason}");
    }
}

#[tokio::test]
async fn absent_null_and_unknown_are_all_read() {
    let keys = [
        "identifier_count",
        "entities_requested",
        "entities_fulfilled",
        "result_count",
        "created_at",
        "completed_at",
        "download_url",
        "download_urls",
        "error_message",
    ];
    for key in keys {
        assert_eq!(
            job(with(bare(), json!({ key: null }))).await.unwrap(),
            job(bare()).await.unwrap()
        );
    }
    let odd = json!({"status": "archived", "entity": "company_v2024", "action": "enrich_v3", "extra": {"a": []}});
    let job = job(with(bare(), odd)).await.unwrap();
    assert_eq!(job.status, JobStatus::Other("archived".to_owned()));
    assert_eq!(job.status.to_string(), "archived");
    assert_eq!(
        (job.entity.as_str(), job.action.as_str()),
        ("company_v2024", "enrich_v3")
    );
}

#[tokio::test]
async fn a_key_of_another_type_is_as_good_as_absent() {
    for (key, value) in [
        ("identifier_count", json!("3")),
        ("entities_fulfilled", json!(-1)),
        ("result_count", json!(1.5)),
        ("created_at", json!(1_700_000_000)),
        ("download_urls", json!("https://store.example.com/a/0")),
        ("error_message", json!({"text": "no"})),
    ] {
        let odd = with(bare(), json!({ key: value, "entities_requested": 3 }));
        let plain = with(bare(), json!({ "entities_requested": 3 }));
        assert_eq!(job(odd).await.unwrap(), job(plain).await.unwrap(), "{key}");
    }
}

/// What no program can decode, under a key that a job may lack: a number beyond all numbers, half of a character that
/// somebody cut a text in.
#[tokio::test]
async fn a_value_that_cannot_be_decoded_is_as_good_as_absent() {
    for odd in [
        r#""result_count": 1e999"#.to_owned(),
        r#""error_message": "\ud83d""#.to_owned(),
        format!(
            r#""error_message": {}1{}"#,
            "[".repeat(300),
            "]".repeat(300)
        ),
    ] {
        let body = bare().to_string().replace('{', &format!("{{{odd}, "));
        let page = format!(r#"{{"jobs": [{body}], "next_cursor": null, "has_more": false}}"#);
        let server = Server::responding(200, &body).await;
        let read = server.client().job(batch_id()).await;
        assert_eq!(read.unwrap(), job(bare()).await.unwrap(), "{odd}");
        let server = Server::responding(200, &page).await;
        let read = server.client().list(&ListQuery::new()).await;
        assert_eq!(read.unwrap().jobs.len(), 1, "{odd}");
    }
}

/// Bytes of another encoding, in a text that nobody checked.
#[tokio::test]
async fn bytes_that_are_no_text_do_not_cost_the_job() {
    let failed = with(bare(), json!({"status": "failed", "error_message": "caf_"}));
    let mut body = failed.to_string().into_bytes();
    let at = body.windows(4).position(|bytes| bytes == b"caf_").unwrap() + 3;
    body[at] = 0xe9;
    let server = Server::start(move |_| Reply::bytes(200, "", &body)).await;
    let read = server.client().job(batch_id()).await.unwrap();
    assert_eq!(read.error_message.as_deref(), Some("caf\u{fffd}"));
}

/// Some languages know no other number.
#[tokio::test]
async fn a_count_may_be_written_with_a_point() {
    let counts = |count: Value| json!({"identifier_count": count, "result_count": count});
    let job = async |counts| job(with(bare(), counts)).await.unwrap();
    assert_eq!(job(counts(json!(3.0))).await, job(counts(json!(3))).await);
    assert_eq!(
        job(counts(json!(3.5))).await,
        job(counts(json!(null))).await
    );
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_a_body() {
    let server = Server::responding(200, &format!("\u{feff}{}", bare())).await;
    let read = server.client().job(batch_id()).await;
    assert_eq!(read.unwrap(), job(bare()).await.unwrap());
}

#[tokio::test]
async fn the_status_of_another_job_is_not_taken_for_the_jobs() {
    let other = json!({"batch_id": Uuid::from_u128(1)});
    let error = job(with(bare(), other)).await.unwrap_err();
    assert_eq!(error.batch_id(), Some(batch_id()));
    assert!(error.is_transient(), "{error}");
    assert!(error.to_string().contains("another job"), "{error}");
}

/// Reading on after an odd key must not take a time that grows with the square of the keys: this would take minutes.
#[tokio::test]
async fn one_odd_key_among_many_is_as_good_as_absent() {
    let mut odd = with(bare(), json!({"result_count": "three"}));
    for n in 0..20_000 {
        odd[format!("key{n}")] = json!(n);
    }
    assert_eq!(job(odd).await.unwrap(), job(bare()).await.unwrap());
}

#[tokio::test]
async fn a_date_that_is_one_can_be_compared() {
    for (date, seconds) in [
        ("1970-01-01T00:00:10+00:00", Some(10)),
        ("1970-01-01T01:00:10.5+01:00", Some(10)),
        ("1970-01-01T00:00:10Z", Some(10)),
        ("10", None),
        ("1969-12-31T23:59:49.5Z", Some(-10)),
        #[cfg(unix)]
        ("0000-01-01T00:00:00+23:59", Some(-62_167_305_540)),
        ("9999-12-31T23:59:59-23:59", Some(253_402_387_139)),
    ] {
        let job = job(with(bare(), json!({ "created_at": date })))
            .await
            .unwrap();
        let time = job.created_at.unwrap().to_system_time();
        let found = time.map(|time| match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => since.as_secs() as i64,
            Err(before) => -(before.duration().as_secs() as i64),
        });
        assert_eq!(found, seconds, "{date}");
    }
}

#[tokio::test]
async fn a_date_that_is_none_does_not_cost_the_job() {
    for date in [
        "yesterday",
        "",
        "2026-01-15 10:00:00",
        "2026-13-45T99:99:99Z",
    ] {
        let job = job(with(bare(), json!({ "created_at": date })))
            .await
            .unwrap();
        assert_eq!(job.created_at.unwrap().as_str(), date);
    }
}

#[tokio::test]
async fn another_success_than_200_is_not_a_job() {
    let server = Server::responding(204, "").await;
    let error = server
        .client()
        .job(BATCH_ID.parse().unwrap())
        .await
        .unwrap_err();
    assert!(error.is_unreadable(), "{error}");
    assert_eq!(error.status(), Some(204));
}

#[tokio::test]
async fn a_page_is_read_and_leads_to_the_next() {
    let page = json!({"jobs": [bare(), with(bare(), json!({"status": "odd"}))], "next_cursor": BATCH_ID, "has_more": true});
    let server = Server::responding(200, &page.to_string()).await;
    let page = server.client().list(&ListQuery::new()).await.unwrap();
    assert_eq!(page.jobs.len(), 2);
    assert!(page.has_more);

    server
        .client()
        .list(&ListQuery::new().cursor(page.next_cursor.unwrap()))
        .await
        .unwrap();
    assert!(
        server.requests()[1]
            .line()
            .ends_with(&format!("cursor={BATCH_ID}"))
    );
}

#[tokio::test]
async fn a_last_page_has_no_cursor() {
    for page in [
        json!({"jobs": [], "next_cursor": null, "has_more": false}),
        json!({"jobs": [], "next_cursor": null, "has_more": false, "total": 0}),
    ] {
        let server = Server::responding(200, &page.to_string()).await;
        let page = server.client().list(&ListQuery::new()).await.unwrap();
        assert_eq!(
            (page.jobs.len(), page.next_cursor, page.has_more),
            (0, None, false)
        );
    }
}

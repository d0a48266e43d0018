//! Clauses of servers that hold one exchange against others: what must have gone before, and what may come in between.

use std::io::Write;

use bytes::Bytes;
use crustdata_conformance::exchange::KEY_PLACEHOLDER;
use crustdata_conformance::generated::contract::API_VERSION;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::AUTHORIZATION;

use super::*;

const A: &str = "0190a0c8-0000-7000-8000-00000000000a";
const B: &str = "0190a0c8-0000-7000-8000-00000000000b";
const C: &str = "0190a0c8-0000-7000-8000-00000000000c";
const WEBHOOK: &str = "https://hooks.example/a";

/// The request with the key and the version, as all but `job.version-optional` want it.
fn signed(request: &Request) -> Request {
    let mut headers = HeaderMap::new();
    let key = format!("Bearer {KEY_PLACEHOLDER}");
    headers.insert(AUTHORIZATION, HeaderValue::try_from(key).unwrap());
    headers.insert(header::API_VERSION, HeaderValue::from_static(API_VERSION));
    Request::new(
        request.method.clone(),
        request.destination.clone(),
        headers,
        request.body.clone(),
    )
}

fn submit(person: &str) -> Request {
    signed(&submission(&[&format!(
        "https://www.linkedin.com/in/{person}"
    )]))
}

fn accepted(id: &str) -> Answer {
    Answer::new(
        200,
        &json!({
            "batch_id": id, "status": "pending", "entity": "person", "action": "contact_enrich",
            "identifier_count": 1, "entities_requested": 1, "status_url": format!("/batch/{id}"),
            "created_at": "2026-01-01T00:00:00Z",
        }),
    )
}

fn listed(ids: &[&str], has_more: bool) -> Answer {
    let jobs: Vec<Value> = ids.iter().map(|id| json!({"batch_id": id})).collect();
    let cursor = has_more.then_some(C);
    Answer::new(
        200,
        &json!({"jobs": jobs, "has_more": has_more, "next_cursor": cursor}),
    )
}

fn refused() -> Answer {
    Answer::new(400, &json!({"error": {"type": "invalid_request"}}))
}

#[test]
fn a_job_that_nobody_was_given_is_a_refused_requests() {
    let lists = |between: Answer, new: &[&str]| {
        let mut server = Timeline::of("reject.no-job");
        server.send(0, submit("a"), accepted(A));
        server.send(SECOND, signed(&page()), listed(&[A], false));
        server.send(2 * SECOND, submit("b"), between);
        server.send(3 * SECOND, signed(&page()), listed(new, false));
        server.told()
    };
    assert_eq!(lists(refused(), &[A]), (1, 0));
    assert_eq!(lists(refused(), &[B, A]), (0, 1));
    // Another user's, as far as this client knows.
    assert_eq!(lists(accepted(B), &[C, B, A]), (0, 0));
    // It may have been accepted.
    assert_eq!(lists(Answer::new(500, &json!({})), &[B, A]), (0, 0));
    assert_eq!(lists(Answer::new(200, &json!({})), &[B, A]), (0, 0));
}

/// One that was sent beside the list may be in it, and its response come later.
#[test]
fn what_was_sent_beside_a_list_may_be_in_it() {
    let beside = |answer: Answer| {
        let mut server = Timeline::of("reject.no-job");
        server.send(0, signed(&page()), listed(&[A], false));
        server.send(SECOND, submit("a"), refused());
        server.send(
            2 * SECOND,
            signed(&page()),
            listed(&[B, A], false).after(5 * SECOND),
        );
        server.send(3 * SECOND, submit("b"), answer);
        server.told()
    };
    assert_eq!(beside(accepted(B)), (1, 0));
    assert_eq!(beside(refused()), (0, 1));
    assert_eq!(beside(Answer::new(500, &json!({}))), (0, 0));
}

#[test]
fn an_id_is_one_submissions() {
    let twice = |first: &str, second: &str, id: &str| {
        let mut server = Timeline::of("submit.batch-id");
        server.send(0, submit(first), accepted(A));
        server.send(SECOND, submit(second), accepted(id));
        server.told()
    };
    assert_eq!(twice("a", "b", B), (2, 0));
    assert_eq!(twice("a", "b", A), (1, 1));
    assert_eq!(twice("a", "b", &A.to_uppercase()), (1, 1));
    // That an identical submission is the same job is open.
    assert_eq!(twice("a", "a", A), (1, 0));
    assert_eq!(twice("a", "b", "12"), (1, 1));
}

#[test]
fn the_newest_job_is_in_the_list() {
    let listing = |ids: &[&str], has_more| {
        let mut server = Timeline::of("list.contains");
        server.send(0, submit("a"), accepted(A));
        server.send(SECOND, submit("b"), accepted(B));
        server.send(2 * SECOND, signed(&page()), listed(ids, has_more));
        server.told()
    };
    assert_eq!(listing(&[B, A], false), (1, 0));
    assert_eq!(listing(&[B], true), (1, 0));
    assert_eq!(listing(&[A], true), (0, 1));
    // The whole list has all jobs.
    assert_eq!(listing(&[B], false), (0, 1));
    // Those of others may take the page, but not more than that.
    assert_eq!(listing(&[C], true), (0, 0));
    assert_eq!(listing(&[C, A], true), (0, 1));
}

#[test]
fn a_cursor_that_the_server_gave_leads_to_a_page() {
    let walked = |clause: &str, filter: &str, next: Answer| {
        let mut server = Timeline::of(clause);
        let first = get(format!("{}?{filter}", list::PATH));
        server.send(0, signed(&first), listed(&[A], true));
        let second = get(format!("{}?{filter}&cursor={C}", list::PATH));
        server.send(SECOND, signed(&second), next);
        server.told()
    };
    for filter in ["limit=1", "status=completed"] {
        let pages = |next| walked("list.pages", filter, next);
        assert_eq!(pages(refused()), (1, 1), "{filter}");
        assert_eq!(pages(Answer::new(404, &json!({}))), (1, 1), "{filter}");
        assert_eq!(pages(Answer::new(500, &json!({}))), (1, 1), "{filter}");
        // Neither says anything of the cursor.
        assert_eq!(pages(Answer::new(401, &json!({}))), (1, 0), "{filter}");
        assert_eq!(pages(Answer::refusal(1)), (1, 0), "{filter}");
    }
    let filtered = walked("list.status-filter", "status=completed", refused());
    assert_eq!(filtered, (1, 0));
}

#[test]
fn what_is_fulfilled_is_a_number() {
    let told = |fulfilled: Value| {
        let mut server = Timeline::of("job.counts");
        server.send(0, submit("a"), accepted(A));
        let state = json!({
            "batch_id": A, "status": "completed", "entities_requested": 1, "entities_fulfilled": fulfilled,
        });
        server.send(SECOND, signed(&poll(A)), Answer::new(200, &state));
        server.told()
    };
    assert_eq!(told(json!(1)), (1, 0));
    assert_eq!(told(json!(1.0)), (1, 0));
    assert_eq!(told(json!(null)), (0, 0));
    assert_eq!(told(json!(2)), (0, 1));
    assert_eq!(told(json!("1")), (0, 1));
    assert_eq!(told(json!([1])), (0, 1));
}

/// That a whole number may be written with a fraction is open, and its value is judged all the same.
#[test]
fn the_merged_file_has_as_many_lines_as_the_job_says() {
    let told = |count: Value| {
        let mut server = Timeline::of("result.count");
        server.send(0, submit("a"), accepted(A));
        let link = file().destination.as_str().to_owned();
        let state = json!({
            "batch_id": A, "status": "completed", "result_count": count, "download_url": link,
        });
        server.send(SECOND, signed(&poll(A)), Answer::new(200, &state));
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed
            .write_all(b"{\"original_identifier\": \"a\", \"data\": {}}\n")
            .unwrap();
        let mut answer = Answer::new(200, &Value::Null);
        answer.outcome.as_mut().unwrap().body = packed.finish().unwrap().into();
        server.send(2 * SECOND, file(), answer);
        server.told()
    };
    assert_eq!(told(json!(1)), (1, 0));
    assert_eq!(told(json!(1.0)), (1, 0));
    assert_eq!(told(json!(2)), (0, 1));
    assert_eq!(told(json!(2.0)), (0, 1));
    assert_eq!(told(json!(null)), (0, 0));
}

#[test]
fn a_job_is_missed_without_the_version_only_if_it_is_found_with_it() {
    let polled = |with_version: u16| {
        let mut server = Timeline::of("job.version-optional");
        server.send(0, submit("a"), accepted(A));
        let mut without = signed(&poll(A));
        without.headers.remove(header::API_VERSION);
        server.send(SECOND, without.again(), Answer::new(404, &json!({})));
        let state = json!({"batch_id": A, "status": "pending"});
        server.send(
            2 * SECOND,
            signed(&poll(A)),
            Answer::new(with_version, &state),
        );
        server.told()
    };
    assert_eq!(polled(200), (0, 1));
    assert_eq!(polled(404), (0, 0));
}

/// Polls lag behind the delivery by one.
#[test]
fn a_delivery_comes_when_the_job_is_over() {
    let delivered = |statuses: &[&str]| {
        let mut server = Timeline::of("webhook.post");
        let mut submission = submit("a");
        let mut body: Value = serde_json::from_slice(&submission.body).unwrap();
        body["webhook_url"] = WEBHOOK.into();
        submission.body = body.to_string().into();
        server.send(0, submission, accepted(A));
        let delivery = Request::new(
            Method::POST,
            WEBHOOK.to_owned(),
            HeaderMap::new(),
            Bytes::new(),
        );
        server.send(SECOND, delivery, Answer::new(200, &json!({})));
        for (n, status) in (2..).zip(statuses) {
            let state = json!({"batch_id": A, "status": status});
            server.send(n * SECOND, signed(&poll(A)), Answer::new(200, &state));
        }
        server.told()
    };
    assert_eq!(delivered(&["completed"]), (1, 0));
    assert_eq!(delivered(&["processing", "completed"]), (1, 0));
    assert_eq!(
        delivered(&["processing", "processing", "completed"]),
        (0, 1)
    );
    // A job that is over stays so: what polls show after that is another clause's.
    assert_eq!(
        delivered(&["completed", "processing", "processing"]),
        (1, 0)
    );
}

#[test]
fn a_poll_is_about_what_was_submitted() {
    let polled = |key: &str, value: Value| {
        let mut server = Timeline::of("job.same-job");
        server.send(0, submit("a"), accepted(A));
        let mut state = json!({
            "batch_id": A, "status": "pending", "entity": "person", "action": "contact_enrich",
            "identifier_count": 1, "entities_requested": 1,
        });
        state[key] = value;
        server.send(SECOND, signed(&poll(A)), Answer::new(200, &state));
        server.told()
    };
    assert_eq!(polled("entity", json!("person")), (1, 0));
    assert_eq!(polled("entity", json!("company")), (0, 1));
    assert_eq!(polled("batch_id", json!(A.to_uppercase())), (1, 0));
    assert_eq!(polled("batch_id", json!(B)), (0, 1));
    assert_eq!(polled("identifier_count", json!(2)), (0, 1));
    assert_eq!(polled("identifier_count", json!("1")), (0, 1));
    assert_eq!(polled("identifier_count", json!(1.0)), (1, 0));
    assert_eq!(polled("identifier_count", json!(2.0)), (0, 1));
    assert_eq!(polled("identifier_count", Value::Null), (1, 0));
    assert_eq!(polled("entity", Value::Null), (1, 0));
}

//! What a client sends: its key and where that goes, what breaks a rule, and how many of its jobs are active.

use crustdata_conformance::contract::request::KEY_PLACEHOLDER;
use crustdata_conformance::exchange::Request;
use crustdata_conformance::generated::contract::{self, limits, submit};
use crustdata_conformance::probes::profile_urls::profile_urls;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::{Value, json};

use super::{Answer, SECOND, Timeline, file, get, page, poll};

/// A request with these headers and this body.
fn with(request: Request, headers: &[(HeaderName, &str)], body: &str) -> Request {
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        all.insert(name.clone(), HeaderValue::from_str(value).unwrap());
    }
    let body = body.to_owned().into();
    Request::new(request.method, request.destination, all, body)
}

fn authorized(request: Request, authorization: &str) -> Request {
    with(request, &[(header::AUTHORIZATION, authorization)], "")
}

/// A submission of this body with the key and the version.
fn submitted(body: &Value) -> Request {
    let key = format!("Bearer {KEY_PLACEHOLDER}");
    let version = HeaderName::from_static(contract::header::API_VERSION);
    let headers = [
        (header::AUTHORIZATION, &*key),
        (version, contract::API_VERSION),
    ];
    let path = submit::PATH.to_owned();
    let submission = Request::new(Method::POST, path, HeaderMap::new(), "".into());
    with(submission, &headers, &body.to_string())
}

fn of(n: usize) -> Value {
    let url = format!("https://www.linkedin.com/in/person-{n}/");
    json!({submit::identifiers::KEY: [url], "fields": ["business_email"]})
}

/// What the clause says of one request.
fn told(clause: &str, request: Request, status: u16) -> (usize, usize, String) {
    let mut client = Timeline::of(clause);
    client.send(0, request, Answer::new(status, &json!({})));
    let (satisfied, violated) = client.told();
    (satisfied, violated, client.got())
}

fn right() -> (usize, usize, String) {
    (1, 0, String::new())
}

fn wrong(got: &str) -> (usize, usize, String) {
    (0, 1, got.to_owned())
}

#[test]
fn a_key_is_a_bearer_token() {
    let of = |request, status| told("client.authorization", request, status);
    let key = format!("Bearer {KEY_PLACEHOLDER}");
    assert_eq!(of(authorized(page(), &key), 200), right());
    assert_eq!(
        of(authorized(page(), "Bearer x"), 401),
        wrong("another key")
    );
    // A scheme may be written so.
    assert_eq!(of(authorized(page(), "bearer x"), 200), right());
    let basic = of(authorized(page(), "Basic x"), 401);
    assert_eq!(basic, wrong("another scheme than `Bearer`"));
    assert_eq!(of(page(), 401), wrong("no `Authorization`"));
    // Nobody accepts that: the recording lacks the key.
    assert_eq!(of(page(), 200), (0, 0, String::new()));
}

#[test]
fn the_key_goes_nowhere_else() {
    let of = |request| told("client.key-origin", request, 200);
    assert_eq!(of(file()), right());
    let key = format!("Bearer {KEY_PLACEHOLDER}");
    let header = of(authorized(file(), &key));
    assert_eq!(header, wrong("the key in `authorization`"));
    let other = of(authorized(file(), "Bearer x"));
    assert_eq!(other, wrong("a bearer token in `authorization`"));
    let address = get(format!("https://store.example/file?key={KEY_PLACEHOLDER}"));
    assert_eq!(of(address), wrong("the key in the address or the body"));
    let body = with(file(), &[], &format!("key={KEY_PLACEHOLDER}"));
    assert_eq!(of(body), wrong("the key in the address or the body"));
    // A delivery is the server's, with what it likes.
    let delivery = Request::new(
        Method::POST,
        file().destination,
        HeaderMap::new(),
        "".into(),
    );
    assert_eq!(of(authorized(delivery, "Bearer x")), right());
}

#[test]
fn a_submission_breaks_no_rule() {
    let of = |body: &Value| {
        let mut client = Timeline::of("client.valid-request");
        client.send(0, submitted(body), Answer::new(400, &json!({})));
        let shown = client.tally().violations.smallest;
        shown.map(|shown| (shown.expected, shown.got))
    };
    let broken = |expected: &str, got: &str| Some((expected.to_owned(), got.to_owned()));
    let (urls, key) = (
        ["https://www.linkedin.com/in/somebody"],
        submit::identifiers::KEY,
    );
    assert_eq!(of(&json!({key: urls, "fields": ["business_email"]})), None);
    assert_eq!(of(&json!([])), broken("a JSON object", "something else"));
    let named = format!("`{key}`");
    assert_eq!(
        of(&json!({"fields": ["business_email"]})),
        broken(&named, "none")
    );
    assert_eq!(of(&json!({key: urls})), broken("`fields`", "none"));
    let empty = of(&json!({key: urls, "fields": []}));
    assert_eq!(empty, broken("one of the `fields` at least", "none"));
    let (expected, got) = of(&json!({key: urls, "fields": ["shoe_size"]})).unwrap();
    assert!(
        expected.starts_with("`fields` of `business_email`"),
        "{expected}"
    );
    assert_eq!(got, "another one");
    let many: Vec<String> = profile_urls(1, submit::identifiers::MAX + 1).collect();
    let most = format!("at most {} identifiers", submit::identifiers::MAX);
    let many = of(&json!({key: many, "fields": ["business_email"]}));
    assert_eq!(many, broken(&most, "more of them"));
}

/// Whether as many were active is known when they are asked for afterwards.
#[test]
fn a_job_too_many_is_one_while_the_others_are_active() {
    let jobs = limits::ACTIVE_JOBS;
    let id = |n: usize| format!("00000000-0000-4000-8000-{n:012}");
    let start = |status: u16| {
        let mut client = Timeline::of("client.active-jobs");
        for n in 0..=jobs {
            let status = if n < jobs { 200 } else { status };
            let body = json!({"batch_id": id(n), "status": "pending"});
            let at = n as u64 * SECOND;
            client.send(at, submitted(&of(n)), Answer::new(status, &body));
        }
        client
    };
    let ask = |client: &mut Timeline, n: usize, status: &str| {
        let id = id(n);
        let answer = Answer::new(200, &json!({"batch_id": id, "status": status}));
        let poll = authorized(poll(&id), &format!("Bearer {KEY_PLACEHOLDER}"));
        client.send((10 + n as u64) * SECOND, poll, answer);
        client.told()
    };
    let mut client = start(200);
    assert_eq!(client.told(), (jobs + 1, 0), "if nothing more comes");
    for n in 0..jobs - 1 {
        assert_eq!(ask(&mut client, n, "processing"), (jobs + 1, 0));
    }
    assert_eq!(ask(&mut client, jobs - 1, "processing"), (jobs, 1));
    let mut client = start(200);
    for n in 0..jobs {
        ask(
            &mut client,
            n,
            if n == 2 { "completed" } else { "processing" },
        );
    }
    assert_eq!(client.told(), (jobs + 1, 0));
    // One that is refused is none.
    let mut client = start(429);
    for n in 0..jobs {
        ask(&mut client, n, "processing");
    }
    assert_eq!(client.told(), (jobs, 0));
}

//! What the contract's model reads from a request: the operation, the credential, the version, lists in both of their forms, and
//! whether a body is one.

use bytes::Bytes;
use crustdata_conformance::contract::request::{
    Body, Credential, Items, Operation, UNRECORDED_BODY, Version,
};
use crustdata_conformance::exchange::{Destination, KEY_PLACEHOLDER, Request};
use crustdata_conformance::generated::contract::{self, account, list, submit, usage};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::json;

fn request(method: Method, destination: &str) -> Request {
    let destination = destination.to_owned();
    Request::new(method, destination, HeaderMap::new(), Bytes::new())
}

fn with(name: HeaderName, value: &str) -> Request {
    let mut request = request(Method::GET, list::PATH);
    let value = HeaderValue::from_str(value).unwrap();
    request.headers.insert(name, value);
    request
}

#[test]
fn an_operation_is_a_method_and_a_path() {
    let store = "https://store.example/file";
    let job = format!("{}/some-job", list::PATH);
    let event = format!("{}/some-event", usage::PATH);
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let cases = [
        (&post, submit::PATH, Operation::Submit, false),
        (&get, submit::PATH, Operation::Other, false),
        (&post, list::PATH, Operation::Other, false),
        (&get, list::PATH, Operation::List, false),
        (&get, "/batch?limit=3", Operation::List, false),
        (&get, "/batch/", Operation::Other, false),
        (&get, "/batches", Operation::Other, false),
        (&get, &job, Operation::Job("some-job"), false),
        (&get, "/batch/one/two", Operation::Other, false),
        (&get, account::credits::PATH, Operation::Credits, true),
        (&get, account::endpoints::PATH, Operation::Endpoints, true),
        (&get, usage::PATH, Operation::Events, true),
        (&get, &event, Operation::Event("some-event"), true),
        (&post, usage::PATH, Operation::Other, false),
        (&get, store, Operation::Download(store), false),
        (&post, store, Operation::Delivery(store), false),
        (&put, store, Operation::Other, false),
    ];
    for (method, path, operation, is_account) in cases {
        let request = request(method.clone(), path);
        assert_eq!(request.operation(), operation, "{method} {path}");
        assert_eq!(operation.is_account(), is_account, "{method} {path}");
        // It stays so when it is asked again.
        assert_eq!(request.operation(), operation, "{method} {path}");
        let is_outside = matches!(request.destination, Destination::Outside(_));
        assert_eq!(is_outside, path == store);
        assert_eq!(request.destination.as_str(), path);
        assert_eq!(request.destination.to_string(), path);
    }
}

#[test]
fn a_credential_is_the_key_another_one_none_or_something_else() {
    let of = |value: &str| with(header::AUTHORIZATION, value).credential();
    let configured = of(&format!("Bearer {KEY_PLACEHOLDER}"));
    assert_eq!(configured, Credential::Configured);
    assert_eq!(of("Bearer other"), Credential::UnknownKey);
    assert_eq!(of("Bearer  "), Credential::Other);
    assert_eq!(of("Basic other"), Credential::Other);
    let more_blanks = of(&format!("Bearer  {KEY_PLACEHOLDER}"));
    assert_eq!(more_blanks, Credential::Other);
    let none = request(Method::GET, list::PATH).credential();
    assert_eq!(none, Credential::Absent);
    assert!(none.is_invalid() && Credential::UnknownKey.is_invalid());
    assert!(!Credential::Configured.is_invalid() && !Credential::Other.is_invalid());
}

#[test]
fn a_version_is_the_one_another_one_or_none() {
    let name = HeaderName::from_static(contract::header::API_VERSION);
    assert_eq!(
        with(name.clone(), contract::API_VERSION).version(),
        Version::Current
    );
    assert_eq!(with(name, "2031-01-01").version(), Version::Other);
    assert_eq!(request(Method::GET, list::PATH).version(), Version::Absent);
}

#[test]
fn a_parameter_is_found_by_its_whole_name() {
    let request = request(Method::GET, "/batch?xlimit=1&limit=2&limit=3&cursor=");
    assert_eq!(request.query_value("limit"), Some("2"));
    assert_eq!(request.query_value("cursor"), Some(""));
    assert_eq!(request.query_value("status"), None);
}

#[test]
fn items_come_as_a_list_or_as_a_string() {
    let items = |value| {
        let value: serde_json::Value = value;
        let items = Items::of(&value)?;
        let owned: Vec<String> = items.items.iter().map(|&item| item.to_owned()).collect();
        Some((items.as_string, owned))
    };
    let of = |items: &[&str]| {
        items
            .iter()
            .map(|&item| item.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(items(json!("a, b")), Some((true, of(&["a", " b"]))));
    assert_eq!(items(json!("")), Some((true, of(&[]))));
    assert_eq!(items(json!(",")), Some((true, of(&["", ""]))));
    assert_eq!(items(json!(["a", ""])), Some((false, of(&["a", ""]))));
    assert_eq!(items(json!(["a", 1])), None);
    assert_eq!(items(json!({"a": 1})), None);
}

#[test]
fn a_body_is_an_object_or_none_or_nobody_can_tell() {
    assert_eq!(Body::of(b" {} "), Body::Object(serde_json::Map::new()));
    for malformed in [&b""[..], b"x", b"[]", b"{", b"1", b"\x00\x00", b"\x00\x01{"] {
        assert_eq!(Body::of(malformed), Body::Malformed, "{malformed:?}");
    }
    let unreadable = [
        UNRECORDED_BODY.as_bytes(),
        // More than a double holds, and JSON all the same.
        br#"{"chunk_size": 1e999}"#,
        // With a mark, or in UTF-16 without one.
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b"\xfe\xff\x00{\x00}",
        b"\x00{\x00}",
        b"{\x00}\x00",
    ];
    for bytes in unreadable {
        assert_eq!(Body::of(bytes), Body::Unreadable, "{bytes:?}");
    }
}

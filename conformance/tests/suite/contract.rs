//! The contract's model held against the generators: what a submission was made to be, and what the model
//! reads from its bytes, must be the same thing. And the model must have an expectation for any bytes at all.

use std::collections::HashSet;

use bytes::Bytes;
use crustdata_conformance::contract::expectation::{Count, Expectation, Reason};
use crustdata_conformance::exchange::Request;
use crustdata_conformance::generated::contract::{
    API_VERSION,
    submit::{self, chunk_size, fields, identifiers, identifiers::KEY as IDENTIFIERS_KEY},
};
use crustdata_conformance::probes::catalogue::Catalogue;
use crustdata_conformance::probes::strategy::submissions;
use crustdata_conformance::probes::submission::{Authorization, Body, Contents, Submission};
use http::{HeaderMap, Method};
use proptest::prelude::*;
use serde_json::Value;

const WEBHOOK: &str = "https://example.com/hook";

/// What a submission deserves, worked out from what it was made of; `None` where that is open.
fn intended(submission: &Submission) -> Option<Vec<Reason>> {
    let mut reasons = Vec::new();
    match submission.authorization {
        Authorization::Key => {}
        Authorization::UnknownKey | Authorization::Token(_) => reasons.push(Reason::UnknownKey),
        Authorization::Absent => reasons.push(Reason::MissingAuthorization),
    }
    match submission.version.as_deref() {
        None => reasons.push(Reason::MissingApiVersion),
        Some(API_VERSION) => {}
        Some(_) => reasons.push(Reason::OtherApiVersion),
    }
    match &submission.body {
        Body::Raw(_) => reasons.push(Reason::MalformedBody),
        Body::Object(contents) => intended_of(contents, &mut reasons)?,
    }
    Some(reasons)
}

fn intended_of(contents: &Contents, reasons: &mut Vec<Reason>) -> Option<()> {
    match contents.identifiers_key {
        None => reasons.push(Reason::MissingIdentifiers),
        Some(IDENTIFIERS_KEY) if contents.count > identifiers::MAX => {
            reasons.push(Reason::TooManyIdentifiers);
        }
        Some(IDENTIFIERS_KEY) => {}
        Some(_) => reasons.push(Reason::OtherIdentifier),
    }
    match &contents.fields {
        None => reasons.push(Reason::MissingFields),
        Some(fields) if fields.is_empty() => reasons.push(Reason::EmptyFields),
        Some(fields) if fields.iter().any(|field| !fields::VALUES.contains(field)) => {
            reasons.push(Reason::UnsupportedField);
        }
        Some(_) => {}
    }
    match &contents.chunk_size {
        None => {}
        Some(Value::Number(n)) if n.is_i64() || n.is_u64() => {
            let n = n.as_i128()?;
            if n < chunk_size::MIN.into() || n > chunk_size::MAX.into() {
                reasons.push(Reason::ChunkSize);
            }
        }
        Some(_) => return None,
    }
    Some(())
}

proptest! {
    #[test]
    fn the_model_reads_from_the_bytes_what_the_generator_meant(
        submission in submissions(WEBHOOK.to_owned()),
    ) {
        let request = submission.request();
        match (intended(&submission), request.expectation()) {
            (None, expectation) => prop_assert!(matches!(expectation, Expectation::Open(_))),
            (Some(_), Expectation::Tolerate(_, why)) => prop_assert!(false, "tolerated: {}", why),
            (Some(reasons), Expectation::Refuse(read)) => prop_assert_eq!(&reasons, read),
            (Some(reasons), Expectation::Accept(valid)) => {
                prop_assert!(reasons.is_empty(), "{:?}", reasons);
                let Body::Object(contents) = &submission.body else {
                    return Err(TestCaseError::fail("a malformed body is taken for valid"));
                };
                prop_assert_eq!(valid.identifiers, Count::Exactly(contents.count));
            }
            (Some(_), Expectation::Open(why)) => prop_assert!(false, "open: {}", why),
        }
    }

    #[test]
    fn white_space_and_the_order_of_keys_change_nothing(
        submission in submissions(WEBHOOK.to_owned()),
    ) {
        let request = submission.request();
        let Ok(Value::Object(object)) = serde_json::from_slice(&request.body) else {
            return Ok(());
        };
        let reversed: Vec<String> = object
            .iter()
            .rev()
            .map(|(key, value)| format!("\n\t{}\r\n: {value:#} ", Value::from(key.as_str())))
            .collect();
        let body = format!(" {{{}}}\n", reversed.join(","));
        let other = Request::new(
            request.method.clone(),
            request.destination.clone(),
            request.headers.clone(),
            Bytes::from(body),
        );
        match (request.expectation(), other.expectation()) {
            (Expectation::Refuse(one), Expectation::Refuse(two)) => {
                prop_assert!(one.iter().all(|reason| two.contains(reason)));
            }
            (one, two) => prop_assert_eq!(one, two),
        }
    }

    #[test]
    fn any_bytes_have_an_expectation(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        path in "/batch(/person/contact/enrich)?[ -~]{0,20}",
        authorization in proptest::option::of("[ -~]{0,40}"),
        post in any::<bool>(),
    ) {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization.and_then(|text| text.parse().ok()) {
            headers.insert(http::header::AUTHORIZATION, value);
        }
        let method = if post { Method::POST } else { Method::GET };
        let request = Request::new(method, path, headers, Bytes::from(body));
        prop_assert!(request.expectation().valid().is_none());
    }

    #[test]
    fn any_json_under_the_known_keys_has_an_expectation(
        identifiers in json(),
        fields in json(),
        chunk_size in json(),
    ) {
        let submission = Submission::plain(1);
        let body = serde_json::json!({
            IDENTIFIERS_KEY: identifiers, "fields": fields, "chunk_size": chunk_size,
        });
        let headers = submission.request().headers;
        let request =
            Request::new(Method::POST, submit::PATH.to_owned(), headers, Bytes::from(body.to_string()));
        let _ = request.expectation();
    }
}

/// Small JSON values of every kind.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
        proptest::sample::select(fields::VALUES).prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        proptest::collection::vec(inner, 0..4).prop_map(Value::from)
    })
}

#[test]
fn the_catalogue_is_what_it_says() {
    let mut catalogue = Catalogue::new(1, WEBHOOK.to_owned());
    for (probe, request) in catalogue.refusals() {
        match request.expectation() {
            Expectation::Refuse(reasons) => assert_eq!(reasons.len(), 1, "{}", probe.name),
            other => panic!("{}: {other:?}", probe.name),
        }
    }
    for probe in catalogue.baseline().into_iter().chain(catalogue.isolated()) {
        assert!(
            probe.request().expectation().valid().is_some(),
            "{}",
            probe.name
        );
    }
}

#[test]
fn every_rejection_clause_has_a_probe_of_its_own() {
    let catalogue = Catalogue::new(1, WEBHOOK.to_owned());
    let refusals: Vec<Request> = catalogue.refusals().take(100).map(|(_, it)| it).collect();
    for check in crustdata_conformance::checks::CHECKS {
        let needed = check.id.starts_with("reject.");
        let probed = refusals.iter().any(check.applies);
        assert!(probed || !needed, "{}", check.id);
    }
}

/// Spellings of edge cases, by hand: the model's expectation for each is part of the contract's reading.
#[test]
fn what_the_contract_leaves_open() {
    let url = "https://www.linkedin.com/in/ada-lovelace-0";
    let max = i64::from(chunk_size::MAX);
    let open = [
        format!(r#"{{"{IDENTIFIERS_KEY}":[],"fields":["business_email"]}}"#),
        format!(r#"{{"{IDENTIFIERS_KEY}":["{url}",""],"fields":["business_email"]}}"#),
        format!(r#"{{"{IDENTIFIERS_KEY}":"{url},","fields":["business_email"]}}"#),
        format!(r#"{{"{IDENTIFIERS_KEY}":["not a url"],"fields":["business_email"]}}"#),
        format!(r#"{{"{IDENTIFIERS_KEY}":[7],"fields":["business_email"]}}"#),
        format!(r#"{{"{IDENTIFIERS_KEY}":["{url}"],"fields":null}}"#),
        format!(r#"{{"{IDENTIFIERS_KEY}":["{url}"],"fields":"business_email, business_email"}}"#),
        format!(
            r#"{{"{IDENTIFIERS_KEY}":["{url}"],"fields":["business_email"],"chunk_size":{max}.0}}"#
        ),
        format!(
            r#"{{"{IDENTIFIERS_KEY}":["{url}"],"fields":["business_email"],"chunk_size":1e400}}"#
        ),
        format!(r#"{{"{IDENTIFIERS_KEY}":["{url}"],"fields":["business_email"],"new_key":1}}"#),
    ];
    for body in open {
        let headers = Submission::plain(1).request().headers;
        let request = Request::new(
            Method::POST,
            submit::PATH.to_owned(),
            headers,
            Bytes::from(body.clone()),
        );
        assert!(
            matches!(request.expectation(), Expectation::Open(_)),
            "{body}"
        );
    }
}

#[test]
fn the_first_refusals_of_the_catalogue_break_each_rule() {
    let refusals = Catalogue::new(1, WEBHOOK.to_owned()).refusals();
    let first = refusals.take(Reason::ALL.len());
    let rules: HashSet<Reason> = first
        .filter_map(|(_, request)| match request.expectation() {
            Expectation::Refuse(reasons) => reasons.first().copied(),
            _ => None,
        })
        .collect();
    assert_eq!(rules.len(), Reason::ALL.len());
}

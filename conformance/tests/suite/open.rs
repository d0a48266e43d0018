//! What the contract leaves open, by hand: the model's expectation for each is part of the contract's reading.

use bytes::Bytes;
use crustdata_conformance::contract::expectation::{Count, Expectation, Reason};
use crustdata_conformance::exchange::Request;
use crustdata_conformance::generated::contract::submit::{
    self, chunk_size, identifiers::KEY as IDENTIFIERS_KEY,
};
use crustdata_conformance::probes::submission::Submission;
use http::Method;

fn expectation_of(body: &str) -> Expectation {
    let headers = Submission::plain(1).request().headers;
    let body = Bytes::from(body.to_owned());
    let request = Request::new(Method::POST, submit::PATH.to_owned(), headers, body);
    request.expectation().clone()
}

/// Whichever value a server goes by, it must refuse; where it depends on that, nothing is said.
#[test]
fn a_key_that_stands_twice_is_refused_for_what_both_values_break() {
    let (key, url) = (
        IDENTIFIERS_KEY,
        "https://www.linkedin.com/in/ada-lovelace-0",
    );
    let (below, above) = (chunk_size::MIN - 1, chunk_size::MAX + 1);
    let body =
        |sizes: &str| format!(r#"{{"{key}":["{url}"],"fields":["business_email"],{sizes}}}"#);
    let both = body(&format!(r#""chunk_size":{below},"chunk_size":{above}"#));
    assert_eq!(
        expectation_of(&both),
        Expectation::Refuse(vec![Reason::ChunkSize])
    );
    for sizes in [
        format!(r#""chunk_size":100,"chunk_size":{above}"#),
        format!(r#""chunk_size":{above},"chunk_size":100"#),
        r#""chunk_size":100,"chunk_size":100"#.to_owned(),
        format!(r#""chunk_size":{above},"chunk_size":100,"fields":[]"#),
    ] {
        let expectation = expectation_of(&body(&sizes));
        assert!(matches!(expectation, Expectation::Open(_)), "{sizes}");
    }
}

/// A server may refuse these for how they are written. One that takes them counts them.
#[test]
fn identifiers_in_other_spellings_may_be_refused_and_are_counted() {
    let body =
        |urls: &str| format!(r#"{{"{IDENTIFIERS_KEY}":{urls},"fields":["business_email"]}}"#);
    let site = "https://www.linkedin.com/in";
    for urls in [
        format!(r#"["{site}/ada?trk=a&b=c","{site}/grace"]"#),
        format!(r#""{site}/jos%C3%A9-1,{site}/jos%C3%A9-2""#),
        format!(r#"["{site}/Åsa-1","https://WWW.LinkedIn.com/in/grace"]"#),
    ] {
        match expectation_of(&body(&urls)) {
            Expectation::Tolerate(valid, _) => {
                assert_eq!(valid.identifiers, Count::Exactly(2), "{urls}");
            }
            other => panic!("{urls}: {other:?}"),
        }
    }
    for urls in [
        // Perhaps one profile twice.
        format!(r#"["{site}/ada?trk=a","{site}/ada?trk=b"]"#),
        format!(r#"["{site}/ada%2C","{site}/grace?"]"#),
        format!(r#"["{site}/ada lovelace?"]"#),
    ] {
        let expectation = expectation_of(&body(&urls));
        assert!(matches!(expectation, Expectation::Open(_)), "{urls}");
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
        let expectation = expectation_of(&body);
        assert!(matches!(expectation, Expectation::Open(_)), "{body}");
    }
}

//! What people read: the reports, the help of each verb, the clause list, and the seed's exchange as the
//! mock answers it.

use crustdata_conformance::generated::contract::{
    API_VERSION, header,
    submit::{PATH as SUBMIT_PATH, example::REQUEST as SUBMIT_EXAMPLE_REQUEST},
};
use crustdata_mock::{MOCK_KEY, Mock};

use crate::http::Http;
use crate::process::conformance;

/// Hides what differs from run to run: ids, ports, and time.
macro_rules! assert_stable {
    ($name:literal, $text:expr) => {
        insta::with_settings!({filters => vec![
            (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[id]"),
            // How often a job is looked at depends on how the lines of work interleave.
            (r"((?:job|limit)\.\S+ +\w+) +\d+", "$1 [n]"),
            (r"\d+ requests in \d+\.\d\d s \(\d+ exchanges a second\)", "[figures]"),
            (r"\d+\.\d\d s of the server", "[time] of the server"),
        ]}, { insta::assert_snapshot!($name, $text) });
    };
}
pub(crate) use assert_stable;

#[test]
fn report_all_green() {
    let printed = conformance("run --seed 1 --cases 64 --verbose");
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert_stable!("report_all_green", printed.out);
}

#[test]
fn report_with_a_failure() {
    let printed = conformance("run --seed 1 --cases 64 --fault status-processing-when-large");
    assert_eq!(printed.code, 1, "{}", printed.err);
    assert_stable!("report_with_a_failure", printed.out);
}

#[test]
fn help() {
    for verb in [
        "",
        "run",
        "doctor",
        "judge",
        "client",
        "vectors",
        "proxy",
        "list",
        "explain",
        "serve",
        "self-test",
        "completions",
        "man",
    ] {
        let printed = conformance(&format!("{verb} --help"));
        assert_eq!(printed.code, 0);
        let name = if verb.is_empty() { "conformance" } else { verb };
        insta::assert_snapshot!(format!("help_{name}"), printed.out);
    }
}

#[test]
fn clauses() {
    insta::assert_snapshot!("list", conformance("list").out);
}

#[test]
fn one_clause_explained() {
    insta::assert_snapshot!("explain", conformance("explain submit.max-identifiers").out);
}

#[tokio::test]
async fn the_seeds_exchange() {
    let mock = Mock::start().await.expect("the mock starts");
    let url = mock.base_url().join(SUBMIT_PATH).expect("the path is one");
    let response = Http::new()
        .post(url)
        .bearer_auth(MOCK_KEY)
        .header(header::API_VERSION, API_VERSION)
        .header("content-type", "application/json")
        .body(SUBMIT_EXAMPLE_REQUEST)
        .send()
        .await
        .expect("the mock answers");
    let exchange = format!(
        "POST {SUBMIT_PATH}\n{SUBMIT_EXAMPLE_REQUEST}\n\n{}\n{}",
        response.status(),
        response.text().await.expect("the response is text"),
    );
    assert_stable!("seed_exchange", exchange);
}

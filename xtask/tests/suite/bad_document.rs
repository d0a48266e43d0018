//! Documents that can't be rendered. Each message names the place, what should stand there, and who needs it.
//! Here are the test's form, and documents that can't be read at all.

mod generator;
mod lost;
mod unfit;

use crate::workspace::{DOCUMENT, Workspace};

/// Replaces `from` in the document by `to`. Then `regen` writes nothing and says `expected`.
#[track_caller]
fn check(from: &str, to: &str, expected: &str) {
    let workspace = Workspace::with_document();
    workspace.edit(from, to);
    let outcome = workspace.xtask(&["regen"]);
    let said = outcome
        .stderr
        .strip_prefix("error: openapi/crustdata-batch.yaml:");
    assert_eq!(lines(said.unwrap()), lines(expected));
    assert_eq!(outcome.code, Some(2));
    assert_eq!(outcome.stdout, "");
    assert!(
        !workspace.path("client").exists(),
        "the client's files are written"
    );
    assert!(
        !workspace.path("conformance").exists(),
        "the suite's file is written"
    );
}

/// The lines of a message, without the indentation that they have in the source below.
fn lines(text: &str) -> String {
    text.trim()
        .lines()
        .map(|line| line.trim().to_owned() + "\n")
        .collect()
}

#[test]
fn syntax_errors_have_line_and_column() {
    check(
        "tags: [batch]\n      summary: Submit",
        "tags: batch]\n      summary: [Submit",
        "
            74:18: illegal placement of ':' indicator
        ",
    );
    check(
        "maxItems: 300",
        "maxItems: 300\n          maxItems: 500",
        "
            518:11: duplicate mapping key: maxItems, set DuplicateKeyPolicy in Options if acceptable
        ",
    );
}

#[test]
fn an_empty_document() {
    let workspace = Workspace::with_document();
    workspace.write(DOCUMENT, "");
    let outcome = workspace.xtask(&["regen"]);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("#/openapi is missing"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn no_document() {
    let workspace = Workspace::with_document();
    std::fs::remove_file(workspace.path(DOCUMENT)).unwrap();
    let outcome = workspace.xtask(&["regen"]);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("could not read"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("crustdata-batch.yaml"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn another_version_of_openapi() {
    check(
        "openapi: 3.0.3",
        "openapi: 3.1.0",
        r#"
            #/openapi is "3.1.0"
            expected: `3.0.x`; `cargo xtask drift FILE` reads newer documents, and says what to take over from them
            needed for: the client generator, which reads nothing newer
        "#,
    );
}

#[test]
fn a_server_that_no_client_can_call() {
    for url in [
        "https://{region}.example.com",
        "https://example.com/",
        "/v1",
    ] {
        check(
            "- url: https://api.crustdata.com\n",
            &format!("- url: \"{url}\"\n"),
            &format!(
                "
                #/servers/0/url is {url:?}
                expected: an http or https URL without variables, user name, query and slash at its end
                needed for: `BASE_URL`: Base URL of the live API
                "
            ),
        );
    }
}

#[test]
fn an_operation_that_the_page_has_no_part_for() {
    check(
        "operationId: list_batches\n      tags: [batch]",
        "operationId: list_batches\n      tags: [jobs]",
        r#"
            #/paths/~1batch/get/tags is ["jobs"]
            expected: one of ["batch", "account"]
            needed for: `docs/api.md`, the page on the API
        "#,
    );
}

//! The printed command, given to a shell whose `curl` prints what it was asked to send.

use std::process::Command;

use crustdata_conformance::curl;
use crustdata_conformance::probes::scenario;
use crustdata_conformance::probes::strategy::submissions;
use crustdata_conformance::probes::submission::{Contents, Submission};
use proptest::prelude::*;

/// The body that a shell would send for `command`.
fn sent_by_a_shell(command: &str) -> Vec<u8> {
    let script = format!(
        r#"curl() {{ while [ $# -gt 0 ]; do [ "$1" = --data-raw ] && printf %s "$2"; shift; done; }}
        {command}"#
    );
    let output = Command::new("sh").args(["-c", &script]).output();
    output.expect("there is a shell").stdout
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_shell_sends_the_same_bytes(submission in submissions("https://example.com/it's".to_owned())) {
        let base_url = "http://127.0.0.1:1/a'b";
        let request = submission.request();
        let command = curl::command(base_url, &request);
        let command = command.expect("it can be typed");
        prop_assert!(!command.contains('\n'));
        prop_assert_eq!(sent_by_a_shell(&command), request.body.to_vec());
    }
}

#[test]
fn the_key_is_left_to_the_shell_and_a_long_list_to_seq() {
    let mut contents = Contents::plain(1);
    contents.count = 300;
    let base_url = "http://127.0.0.1:1";
    let command = curl::command(base_url, &Submission::of(contents).request());
    insta::assert_snapshot!(command.expect("it can be typed"));
}

/// A link's signature is masked, a webhook has gone, and nobody types an escape.
#[test]
fn there_is_no_command_that_would_show_nothing() {
    let file = scenario::download("https://files.example/part-1?sig=masked-1");
    assert_eq!(curl::command("http://127.0.0.1:1", &file), None);
    let mut contents = Contents::plain(1);
    contents.webhook_url = Some("https://example.com/\u{9b}2J".to_owned());
    let request = Submission::of(contents).request();
    assert_eq!(curl::command("http://127.0.0.1:1", &request), None);
    // No program can be called with so much, and no report could be read.
    let mut contents = Contents::plain(1);
    contents.webhook_url = Some(format!("https://example.com/{}", "a".repeat(128 * 1024)));
    let request = Submission::of(contents).request();
    assert_eq!(curl::command("http://127.0.0.1:1", &request), None);
}

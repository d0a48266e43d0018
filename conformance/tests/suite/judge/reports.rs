//! What `judge` says in all of its reports, and in its exit code.

use std::fs;

use serde_json::Value;

use super::recording::{Recording, judge};
use crate::process::{json as report, with_status};

#[tokio::test]
async fn every_report_says_the_same() {
    let recording = Recording::of(&["entity-company"]).await;
    let path = recording.write("session.har");
    let folder = recording.folder.path().join("report");
    let printed = judge(
        &[&path],
        &format!("--side server --report {}", folder.display()),
    );
    assert_eq!(printed.code, 1, "{}", printed.err);
    for name in ["results.json", "junit.xml", "results.sarif", "report.html"] {
        let text = fs::read_to_string(folder.join(name)).expect(name);
        assert!(text.contains("submit.entity"), "{name}: {text}");
    }
    let results: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("results.json")).unwrap()).unwrap();
    assert_eq!(results["exit_code"], 1);
    let (again, shown) = recording.judged("--side server");
    assert_eq!(again.code, 1);
    assert_eq!(with_status(&shown, "fail"), with_status(&results, "fail"));
}

#[tokio::test]
async fn what_is_known_to_fail_does_not_count() {
    let recording = Recording::of(&["entity-company"]).await;
    let path = recording.write("session.har");
    let list = recording.folder.path().join("known.toml");
    let args = format!(
        "--side server --format json --known-failures {}",
        list.display()
    );
    fs::write(&list, "[submit.entity]\nreason = 'TICKET-17'\n").unwrap();
    let printed = judge(&[&path], &args);
    assert_eq!(printed.code, 0, "{}", printed.out);
    assert_eq!(with_status(&report(&printed), "known"), ["submit.entity"]);
    // What passes is not to be on the list.
    fs::write(
        &list,
        "[submit.entity]\nreason = 'TICKET-17'\n[submit.action]\nreason = 'TICKET-18'\n",
    )
    .unwrap();
    let printed = judge(&[&path], &args);
    assert_eq!(printed.code, 1, "{}", printed.out);
}

/// A tester's recording holds bad requests on purpose: the server is right and the client wrong.
#[tokio::test]
async fn one_side_is_judged_or_both() {
    let recording = Recording::of_tester().await;
    let (_, server) = recording.judged("--side server");
    assert!(with_status(&server, "fail").is_empty(), "{server}");
    for side in ["client", "both"] {
        let (printed, results) = recording.judged(&format!("--side {side}"));
        let failed = with_status(&results, "fail");
        assert!(failed.contains(&"client.version".to_owned()), "{failed:?}");
        assert!(
            failed.iter().all(|id| id.starts_with("client.")),
            "{failed:?}"
        );
        assert_eq!(printed.code, 1, "{side}");
    }
}

//! What recorders leave out or cut off is nobody's fault, nor is what a client sends at the same time.

use serde_json::{Value, json};

use super::recording::Recording;
use crate::process::with_status;

#[tokio::test]
async fn what_a_recorder_leaves_out_is_nobodys_fault() {
    let headers = |entry: &mut Value, of: &str, keep: &dyn Fn(&str) -> bool| {
        let headers = entry[of]["headers"].as_array_mut().unwrap();
        headers.retain(|header| keep(&header["name"].as_str().unwrap().to_ascii_lowercase()));
    };
    type Change<'a> = (&'a str, Box<dyn Fn(&mut Value) + 'a>);
    let changes: Vec<Change<'_>> = vec![
        (
            "no bodies of responses",
            Box::new(|e| e["response"]["content"]["text"] = Value::Null),
        ),
        (
            "no bodies of requests",
            Box::new(|e| e["request"]["postData"] = Value::Null),
        ),
        (
            "half of the bodies of responses",
            Box::new(|e| {
                let text = e["response"]["content"]["text"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                e["response"]["content"]["text"] = json!(text[..text.len() / 2]);
            }),
        ),
        (
            "no responses",
            Box::new(|e| e["response"] = json!({"status": 0, "headers": [], "content": {}})),
        ),
        ("no times", Box::new(|e| e["time"] = json!(-1))),
        (
            "no key",
            Box::new(|e| headers(e, "request", &|name| name != "authorization")),
        ),
        (
            "a hidden key",
            Box::new(|e| {
                for header in e["request"]["headers"].as_array_mut().unwrap() {
                    if header["name"] == "Authorization" {
                        header["value"] = json!("[REDACTED]");
                    }
                }
            }),
        ),
        (
            "no headers of responses",
            Box::new(|e| headers(e, "response", &|_| false)),
        ),
    ];
    for (what, change) in changes {
        let mut recording = Recording::of(&[]).await;
        recording.each(change);
        recording.blames_nobody(what);
    }
}

#[tokio::test]
async fn exchanges_that_overlap_are_no_violations() {
    let mut recording = Recording::of(&[]).await;
    // Every response takes so long that the next requests are sent meanwhile: nothing follows from their order.
    recording.each(|entry| entry["time"] = json!(3_600_000));
    // Polls of a job come back in another order than they were sent in.
    let entries = recording.entries();
    let urls: Vec<String> = entries
        .iter()
        .map(|e| e["request"]["url"].to_string())
        .collect();
    for n in 1..entries.len() {
        if urls[n] == urls[n - 1] && urls[n].contains("/batch/") {
            let (before, after) = entries.split_at_mut(n);
            std::mem::swap(&mut before[n - 1]["response"], &mut after[0]["response"]);
        }
    }
    let (printed, results) = recording.judged("--side server");
    assert!(with_status(&results, "fail").is_empty(), "{}", printed.out);
}

/// A download whose job is polled later only is that job's all the same.
#[tokio::test]
async fn a_file_that_comes_before_any_poll_is_judged() {
    let mut recording = Recording::of(&["result-count-one-more"]).await;
    let (_, straight) = recording.judged("--side server --only result.count");
    assert_eq!(with_status(&straight, "fail"), ["result.count"]);
    // Each file is fetched before all else.
    let is_file = |entry: &Value| !entry["request"]["url"].as_str().unwrap().contains("/batch");
    let mut files = 0;
    for entry in recording
        .entries()
        .iter_mut()
        .filter(|entry| is_file(entry))
    {
        entry["startedDateTime"] = json!(format!("2025-11-01T00:00:00.{files:03}Z"));
        files += 1;
    }
    assert!(files > 1);
    let (printed, early) = recording.judged("--side server --only result.count");
    assert_eq!(
        with_status(&early, "fail"),
        ["result.count"],
        "{}",
        printed.out
    );
}

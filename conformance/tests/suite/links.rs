//! Download links that lead nowhere: a finding of the clause about links, and no reason to end the run.

use crate::process::{conformance_on, json, with_status};
use crate::targets::{EMPTY_LIST, NOBODY, respond, serve};

const ID: &str = "11111111-1111-4111-8111-111111111111";

/// Accepts every submission as one job, which is over at once and has its results under `link`.
fn target(link: &str) -> String {
    let job = serde_json::json!({
        "batch_id": ID, "status": "completed", "entity": "person", "action": "contact_enrich",
        "result_count": 1, "download_url": link, "download_urls": [link],
    });
    let job = job.to_string();
    let accepted = format!(r#"{{"batch_id":"{ID}","status":"pending"}}"#);
    serve(move |stream, request| {
        let body = if request.starts_with("POST") {
            &accepted
        } else if request.contains(ID) {
            &job
        } else {
            EMPTY_LIST
        };
        respond(stream, "200 OK", "application/json", body);
    })
}

#[test]
fn a_dead_link_is_a_finding_and_the_run_goes_on() {
    for link in [
        format!("{NOBODY}/results.jsonl.gz"),
        "https://no-such-host.invalid/results.jsonl.gz".to_owned(),
    ] {
        let printed = conformance_on(
            &target(&link),
            "run --only result.* --only list.shape --max-jobs 1 --format json",
        );
        let results = json(&printed);
        assert_eq!(results["stopped"], serde_json::Value::Null, "{link}");
        let warned = with_status(&results, "warn");
        assert!(
            warned.contains(&"result.presigned".to_owned()),
            "{warned:?}"
        );
        let mut checks = results["checks"].as_array().into_iter().flatten();
        let check = checks.find(|check| check["id"] == "result.presigned");
        let sent = &check.expect("it was selected")["findings"][0]["sent"];
        assert_eq!(*sent, format!("GET {link}"));
        let listed = with_status(&results, "pass");
        assert!(listed.contains(&"list.shape".to_owned()), "{listed:?}");
    }
}

//! What exporters write otherwise than HAR 1.2 has it, or write of traffic with others: it is read, and nobody is blamed.

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::recording::Recording;
use crate::process::with_status;

fn set_header(entry: &mut Value, of: &str, name: &str, value: Option<&str>) {
    let headers = entry[of]["headers"].as_array_mut().unwrap();
    let is_it = |header: &Value| {
        let found = header["name"].as_str().unwrap();
        found.eq_ignore_ascii_case(name)
    };
    headers.retain(|header| !is_it(header));
    headers.extend(value.map(|value| json!({"name": name, "value": value})));
}

/// Judges two forms of a session alike.
#[track_caller]
fn assert_as_good(straight: &Recording, changed: &Recording, what: &str) {
    let expected = straight.blames_nobody("as it was");
    let found = changed.blames_nobody(what);
    let passed = |results: &Value| with_status(results, "pass");
    assert_eq!(passed(&found), passed(&expected), "{what}");
}

#[tokio::test]
async fn an_entry_is_read_as_exporters_write_it() {
    type Change<'a> = (&'a str, Box<dyn Fn(&mut Value) + 'a>);
    let time = |from: &'static str, to: &'static str| -> Box<dyn Fn(&mut Value)> {
        Box::new(move |entry| {
            let time = entry["startedDateTime"].as_str().unwrap();
            assert!(time.ends_with(from), "{time}");
            entry["startedDateTime"] = json!(time.replace(from, to));
        })
    };
    let changes: Vec<Change<'_>> = vec![
        ("an offset without a colon", time("Z", "+0000")),
        ("no offset", time("Z", "")),
        (
            "base64 in lines",
            Box::new(|entry| {
                let text = entry["response"]["content"]["text"].as_str().unwrap();
                let text = BASE64_STANDARD.encode(text);
                let lines: Vec<&str> = (text.as_bytes().chunks(76))
                    .map(|line| std::str::from_utf8(line).unwrap())
                    .collect();
                entry["response"]["content"]["text"] = json!(lines.join("\r\n"));
                entry["response"]["content"]["encoding"] = json!("base64");
            }),
        ),
        (
            "null for lists and values",
            Box::new(|entry| {
                let headers = entry["request"]["headers"].as_array_mut().unwrap();
                headers.push(json!({"name": "x-empty", "value": null}));
                if entry["response"]["status"] == 0 {
                    entry["response"]["headers"] = Value::Null;
                }
            }),
        ),
        (
            "a blank key",
            Box::new(|entry| set_header(entry, "request", "Authorization", Some("Bearer "))),
        ),
    ];
    let straight = Recording::of(&[]).await;
    for (what, change) in changes {
        let mut changed = Recording::like(&straight);
        changed.each(change);
        assert_as_good(&straight, &changed, what);
    }
}

#[tokio::test]
async fn what_an_exporter_leaves_out_without_a_word_is_nobodys_fault() {
    type Change<'a> = (&'a str, Box<dyn Fn(&mut Value) + 'a>);
    let changes: Vec<Change<'_>> = vec![
        (
            "no headers of requests",
            Box::new(|entry| entry["request"]["headers"] = json!([])),
        ),
        (
            "an empty text for the bodies of requests, and their size",
            Box::new(|entry| {
                set_header(entry, "request", "Content-Length", None);
                if let Some(body) = entry["request"].get_mut("postData") {
                    body["text"] = json!("");
                    entry["request"]["bodySize"] = json!(300);
                }
            }),
        ),
        (
            "no bodies of requests, and no size",
            Box::new(|entry| {
                set_header(entry, "request", "Content-Length", None);
                entry["request"]["postData"] = Value::Null;
                entry["request"]["bodySize"] = json!(-1);
            }),
        ),
        (
            "no bodies of responses, and a size of 0",
            Box::new(|entry| {
                set_header(entry, "response", "Content-Length", None);
                entry["response"]["content"] = json!({"size": 0, "mimeType": ""});
            }),
        ),
        (
            "bodies in a coding that is not read",
            Box::new(|entry| {
                set_header(entry, "response", "Content-Encoding", Some("br"));
                let text = BASE64_STANDARD.encode([0x8b, 0x05, 0x80, 0xff]);
                entry["response"]["content"] =
                    json!({"size": 4, "text": text, "encoding": "base64"});
            }),
        ),
    ];
    for (what, change) in changes {
        let mut recording = Recording::of(&[]).await;
        recording.each(change);
        recording.blames_nobody(what);
    }
}

/// Whether the API takes them is open, so neither side is blamed.
#[tokio::test]
async fn packed_requests_are_nobodys_fault() {
    const ERROR: &str = r#"{"error":{"type":"invalid_request","message":"No JSON","metadata":{}}}"#;
    for (status, error) in [(200, None), (400, Some(ERROR))] {
        let mut recording = Recording::of(&[]).await;
        let is_packed = |entry: &Value| entry["request"].get("postData").is_some();
        recording.entries().retain(is_packed);
        recording.each(|entry| {
            set_header(entry, "request", "Content-Encoding", Some("gzip"));
            set_header(entry, "request", "Content-Length", None);
            entry["request"]["postData"]["text"] = json!("H4sIAAAAAAAA");
            entry["response"]["status"] = json!(status);
            if let Some(error) = error {
                entry["response"]["content"] = json!({"size": error.len(), "text": error});
                set_header(entry, "response", "Content-Length", None);
            }
        });
        recording.blames_nobody(&format!("packed requests, answered {status}"));
    }
}

#[tokio::test]
async fn packed_bytes_that_were_taken_for_text_are_nobodys_fault() {
    let mut recording = Recording::of(&[]).await;
    let mut files = 0;
    for entry in recording.entries() {
        let content = &mut entry["response"]["content"];
        if content["encoding"] == "base64" {
            let bytes = BASE64_STANDARD.decode(content["text"].as_str().unwrap());
            let text: String = bytes.unwrap().into_iter().map(char::from).collect();
            *content = json!({"size": content["size"], "text": text});
            files += 1;
        }
    }
    assert!(files > 0);
    recording.blames_nobody("Latin-1");
}

#[tokio::test]
async fn an_address_may_name_the_port_that_is_meant_anyway() {
    let mut recording = Recording::of(&[]).await;
    let url = recording.entries()[0]["request"]["url"].as_str().unwrap();
    let api = url::Url::parse(url).unwrap().origin().ascii_serialization();
    let all = recording.har.to_string();
    recording.har = serde_json::from_str(&all.replace(&api, "https://api.example")).unwrap();
    let mut named = Recording::like(&recording);
    for entry in named.entries() {
        let mut url = entry["request"]["url"].as_str().unwrap().to_owned();
        let host = "https://".len();
        let path = host + url[host..].find('/').unwrap();
        if url.starts_with("https") {
            url.insert_str(path, ":443");
        }
        entry["request"]["url"] = json!(url);
    }
    assert_as_good(&recording, &named, "with the port");
}

#[tokio::test]
async fn other_parts_of_the_api_are_given_the_key_rightly() {
    for path in [
        "/user/credits",
        "/person/search",
        "/batch/",
        "/account/usage/summary",
    ] {
        let mut recording = Recording::of(&[]).await;
        let mut other = recording.entries()[0].clone();
        let url = other["request"]["url"].as_str().unwrap();
        let url = url::Url::parse(url).unwrap().join(path).unwrap();
        other["request"]["url"] = json!(url.as_str());
        recording.entries().push(other.clone());
        let results = recording.blames_nobody(path);
        assert!(!with_status(&results, "pass").is_empty());
        // Elsewhere it is not.
        other["request"]["url"] = json!(format!("https://elsewhere.example{path}"));
        recording.entries().push(other);
        let (_, results) = recording.judged("--side client");
        assert_eq!(with_status(&results, "fail"), ["client.key-origin"]);
    }
}

#[tokio::test]
async fn what_is_amiss_in_traffic_with_others_is_left_alone() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 4] = [
        ("no time", |entry| entry["startedDateTime"] = json!("")),
        ("no method", |entry| entry["request"]["method"] = json!("")),
        ("an impossible header", |entry| {
            entry["request"]["headers"] = json!([{"name": "a b", "value": ""}]);
        }),
        ("a status of its own", |entry| {
            entry["response"]["status"] = json!("blocked");
        }),
    ];
    for (what, change) in changes {
        let mut recording = Recording::of(&[]).await;
        let mut other = recording.entries()[0].clone();
        other["request"]["url"] = json!("https://elsewhere.example/pixel.gif");
        change(&mut other);
        recording.entries().insert(1, other);
        let (printed, _) = recording.judged("--side server");
        assert_eq!(printed.code, 0, "{what}: {}", printed.err);
        let told = "not judged: 1";
        assert!(printed.err.contains(told), "{what}: {}", printed.err);
    }
}

#[tokio::test]
async fn a_key_in_an_address_gets_nowhere() {
    const KEY: &str = "ck-0123456789";
    for (header, query) in [(None, true), (Some(KEY), false)] {
        let mut recording = Recording::of(&["entity-company"]).await;
        recording.each(|entry| {
            set_header(entry, "request", "Authorization", None);
            set_header(entry, "request", "x-api-key", header);
            if query {
                let url = entry["request"]["url"].as_str().unwrap();
                let mark = if url.contains('?') { '&' } else { '?' };
                entry["request"]["url"] = json!(format!("{url}{mark}api_key={KEY}"));
            }
        });
        let report = recording.folder.path().join("report");
        let (printed, _) = recording.judged(&format!("--report {}", report.display()));
        assert_eq!(printed.code, 1, "{}", printed.err);
        assert!(!printed.out.contains(KEY), "{}", printed.out);
        for file in fs::read_dir(&report).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            assert!(!text.contains(KEY), "{}", path.display());
        }
    }
}

//! Inputs in all formats, and outputs likewise.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crustdata_mock::JobOutcome;

use crate::support::{Scene, expect, rows, url};

/// Enriches a file of this name and content.
fn enriched(scene: &Scene, name: &str, content: &str, arguments: &[&str]) -> String {
    fs::write(scene.path(name), content).unwrap();
    let mut command = scene.command(&[
        "enrich",
        name,
        "--fields",
        "business_email",
        "--yes",
        "--interval",
        "0.01",
    ]);
    expect(command.args(arguments), 0)
}

#[test]
fn json_lines_keep_their_objects() {
    let scene = Scene::new(2);
    let lines = format!(
        "{{\"who\":\"{}\",\"n\":1}}\n\n{{\"n\":2,\"more\":[1],\"who\":null}}\n",
        url(0)
    );
    enriched(&scene, "in.jsonl", &lines, &["-o", "out.jsonl"]);
    let output = fs::read_to_string(scene.path("out.jsonl")).unwrap();
    let output: Vec<serde_json::Value> = output
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(output[0]["input"]["n"], 1);
    assert_eq!(output[0]["outcome"], "found");
    assert_eq!(output[0]["record"]["original_identifier"], *url(0));
    assert_eq!(output[1]["input"]["more"][0], 1);
    assert_eq!(output[1]["outcome"], "invalid");
    // As cells, with all keys as columns.
    expect(
        &mut scene.command(&[
            "export",
            "--journal",
            "out.jsonl.journal",
            "--to",
            "out.csv",
        ]),
        0,
    );
    let cells = rows(&scene.path("out.csv"));
    assert_eq!(cells[0][..4], ["who", "n", "more", "crustdata_outcome"]);
    assert_eq!(cells[2][..4], ["", "2", "[1]", "invalid"]);
}

/// An object has each key once, and no cell gets lost.
#[test]
fn columns_of_one_name_are_two_keys() {
    let scene = Scene::new(1);
    let table = format!("n,n,n_4,n,who\n1,2,3,4,{}\n", url(0));
    enriched(&scene, "in.csv", &table, &["-o", "out.jsonl"]);
    let output = fs::read_to_string(scene.path("out.jsonl")).unwrap();
    let output: serde_json::Value = serde_json::from_str(&output).unwrap();
    let expected = serde_json::json!({"n": "1", "n_2": "2", "n_4": "3", "n_5": "4", "who": url(0)});
    assert_eq!(output["input"], expected);
}

/// As `jq` writes them, too.
#[test]
fn json_is_taken_for_lines_of_it() {
    let scene = Scene::new(1);
    fs::write(scene.path("in.json"), format!("{{\"u\":\"{}\"}}\n", url(0))).unwrap();
    let plan = ["plan", "in.json", "--fields", "business_email"];
    let said = expect(&mut scene.command(&plan), 0);
    assert!(said.contains("different people  1"), "{said}");
    // Without an ending, too; and a list of objects for what it is.
    for (list, code, text) in [
        ("URL", 0, "different people  1"),
        ("[URL]", 2, "jq -c '.[]'"),
    ] {
        let list = list.replace("URL", &format!(" {{\"u\":\"{}\"}}", url(0)));
        fs::write(scene.path("in"), list).unwrap();
        let plan = ["plan", "in", "--fields", "business_email"];
        let said = expect(&mut scene.command(&plan), code);
        assert!(said.contains(text), "{said}");
    }
}

#[test]
fn tabs_semicolons_and_marks() {
    let scene = Scene::new(2);
    enriched(
        &scene,
        "in.tsv",
        &format!("a\tb\n1,5\t{}\n", url(0)),
        &["-o", "out.tsv"],
    );
    let output = fs::read_to_string(scene.path("out.tsv")).unwrap();
    assert!(output.starts_with("a\tb\tcrustdata_outcome\t"), "{output}");
    enriched(
        &scene,
        "in.csv",
        &format!("\u{feff}url;b\n{};1,5\n", url(1)),
        &["-o", "semi.csv"],
    );
    assert_eq!(
        rows(&scene.path("semi.csv"))[1][..3],
        [&*url(1), "1,5", "found"]
    );
}

#[test]
fn a_list_without_a_header_comes_from_standard_input() {
    let scene = Scene::new(2);
    let mut command = scene.command(&[
        "enrich",
        "-",
        "--fields",
        "business_email",
        "--yes",
        "--interval",
        "0.01",
        "-o",
        "out.csv",
        "--output-format",
        "records",
    ]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let list = format!("{}\n{}\n{}\n", url(0), url(1), url(0));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(list.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success());
    let output = fs::read_to_string(scene.output()).unwrap();
    assert_eq!(output.lines().count(), 2, "{output}");
}

#[test]
fn a_row_has_a_history() {
    let scene = Scene::new(3);
    expect(&mut scene.enrich(), 0);
    let said = expect(&mut scene.command(&["explain", "2", "-o", "out.csv"]), 0);
    for part in [
        "read from list.csv, names in/person-0000",
        "submission 1 intended, with 3 people",
        "submission 1 accepted",
        "job ",
        "answered: found",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    expect(&mut scene.command(&["explain", "99", "-o", "out.csv"]), 2);
}

/// Each row says how it is answered, and why, unless contacts were found.
#[test]
fn what_failed_says_why() {
    let scene = Scene::with(2, |mock| mock.outcome(JobOutcome::Failed));
    expect(&mut scene.enrich(), 1);
    let output = rows(&scene.output());
    // As it can be shown on a terminal and kept in any journal, whatever is in it.
    let reason = r#"the job failed: "The job failed, as this server was told to let it.""#;
    for row in &output[1..output.len() - 1] {
        assert_eq!(row[2], "failed", "{row:?}");
        assert!(row[3].contains(reason), "{row:?}");
    }
    let nobody = output.last().unwrap();
    assert_eq!(nobody[2], "invalid");
    assert!(nobody[3].contains("it is not a profile URL"), "{nobody:?}");
    // Who failed was paid for or not, and is not submitted again.
    expect(&mut scene.resume(), 1);
    assert_eq!(scene.mock.stats().accepted, 1);
}

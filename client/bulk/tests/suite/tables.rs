//! Inputs in all formats, and outputs likewise.

use std::fs;
use std::io::{Cursor, Write};
use std::process::Stdio;

use crustdata_bulk::{Error, table};
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
    let table = format!("n,n,who\n1,2,{}\n", url(0));
    enriched(&scene, "in.csv", &table, &["-o", "out.jsonl"]);
    let output = fs::read_to_string(scene.path("out.jsonl")).unwrap();
    let output: serde_json::Value = serde_json::from_str(&output).unwrap();
    let expected = serde_json::json!({"n": "1", "n_2": "2", "who": url(0)});
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
fn the_column_must_be_clear() {
    let scene = Scene::new(2);
    let plan = |content: &str, column: &[&str], code| {
        fs::write(scene.path("in.csv"), content).unwrap();
        let mut command = scene.command(&["plan", "in.csv", "--fields", "business_email"]);
        expect(command.args(column), code)
    };
    let two = format!("a,b\n{0},{0}\n", url(0));
    assert!(plan(&two, &[], 2).contains("choose one of a, b"));
    assert!(plan(&two, &["--column", "B"], 0).contains("different people  1"));
    assert!(plan(&two, &["--column", "c"], 2).contains("its columns are: a, b"));
    // By its very name, or else by one like it.
    let alike = format!("b,B\nx,{}\n", url(0));
    assert!(plan(&alike, &["--column", "B"], 0).contains("invalid         0"));
    assert!(plan(&alike, &["--column", " b"], 0).contains("invalid         1"));
    // Half of the cells are not most of them.
    let half = format!("a,b\n{},1\nx,2\n", url(0));
    assert!(plan(&half, &[], 2).contains("no column is full of profile URLs"));
    assert!(plan("who\nnobody\n", &[], 0).contains("invalid         1"));
    assert!(plan("a,b\n1,2\n", &[], 2).contains("no column is full of profile URLs"));
    assert!(plan("", &[], 2).contains("it is empty"));
    // Of one name, each can be chosen.
    let one = format!("a,a\n{},{}\nnobody,{}\n", url(0), url(1), url(1));
    assert!(plan(&one, &["--column", "a"], 0).contains("invalid         1"));
    assert!(plan(&one, &["--column", "a_2"], 0).contains("invalid         0"));
    let both = format!("a,a\n{0},{0}\n", url(0));
    assert!(plan(&both, &[], 2).contains("choose one of a, a_2 with --column"));
    // One column that is several, by another delimiter, names nobody.
    for row in ["x|URL", "{\"url\":\"URL\"}", "\"URL\nx,y\"", "x\tURL"] {
        let row = row.replace("URL", &url(0));
        let said = plan(&format!("who\n{row}\n"), &[], 2);
        assert!(said.contains("see that the delimiter is"), "{said}");
    }
    let long = format!("a,b\n1,{}\n1,{},3\n", url(0), url(1));
    assert!(plan(&long, &[], 2).contains("at row 2: it has 3 cells"));
}

/// The names of the columns of a text that begins so.
fn header(first_line: &str) -> Vec<String> {
    let text = format!("{first_line}\n{}\n", url(0));
    let source = table::from_reader("a text", Cursor::new(text), None).unwrap();
    source.header()
}

/// Where nothing else says which it is.
#[test]
fn the_delimiter_is_what_the_first_line_has_most_of() {
    assert_eq!(header("url,b"), ["url", "b"]);
    assert_eq!(header("url;b;c,d"), ["url", "b", "c,d"]);
    assert_eq!(header("url;b\tc\td"), ["url;b", "c", "d"]);
    // Of as many, a comma, and then a tab.
    assert_eq!(header("url;b,c"), ["url;b", "c"]);
    assert_eq!(header("url\tb,c"), ["url\tb", "c"]);
    assert_eq!(header("url;b\tc"), ["url;b", "c"]);
    // What is in quotes is text.
    assert_eq!(header("\"a; b; c\",url"), ["a; b; c", "url"]);
    assert_eq!(header("url;\"a, \"\"b\"\", c\""), ["url", "a, \"b\", c"]);
}

#[test]
fn a_quote_that_is_not_closed_is_told_from_a_note_of_several_lines() {
    let rows = |last: &str, end: &str| {
        let text = format!("url,note\n{},{last}\n", url(0)).replace('\n', end);
        let mut count = 0;
        let mut source = table::from_reader("a text", Cursor::new(text), Some("url"))?;
        while source.next()?.is_some() {
            count += 1;
        }
        Ok::<u32, Error>(count)
    };
    let next = format!("{},b\n{},c", url(1), url(2));
    assert_eq!(rows(&format!("a\n{next}"), "\n").unwrap(), 3);
    for unclosed in [
        // To the end of the file, and to the next quote.
        format!("\"a\n{next}"),
        format!("\"a\n{next}\n{},\"d\"", url(3)),
        format!("\"a\n{next}\n{},\"\"\n", url(3)),
    ] {
        for end in ["\n", "\r\n"] {
            let refused = rows(&unclosed, end).unwrap_err().to_string();
            assert!(
                refused.contains("at row 1: a quote is not closed"),
                "{refused}"
            );
        }
    }
    // Whatever is in it, and where quotes are wrong on one line.
    let note = format!(
        "\"Met in May\n{0},Ann\n, \"\"{0}\"\",\"\nurl,\"Ann\" B.\n,5\" a",
        url(1)
    );
    assert_eq!(rows(&note, "\r\n").unwrap(), 3);
}

#[test]
fn what_can_not_be_read_says_where() {
    let said = |bytes: &[u8]| {
        let bytes = Cursor::new(bytes.to_vec());
        let mut source = match table::from_reader("a text", bytes, Some("url")) {
            Ok(source) => source,
            Err(error) => return error.to_string(),
        };
        loop {
            match source.next() {
                Ok(row) => assert!(row.is_some(), "it can be read"),
                Err(error) => return error.to_string(),
            }
        }
    };
    let text = said(b"url\nx\n\xff\n");
    assert!(text.contains("line 3: it is not UTF-8"), "{text}");
    let text = said(b"{\"url\":1}\n\n5\n");
    assert!(text.contains("line 3: it is JSON, but no object"), "{text}");
    let text = said(b"{\"url\":1}\n[\n");
    assert!(
        text.contains("line 2: it is a list: write its objects one to a line"),
        "{text}"
    );
    let text = said(b"{\"url\":1}\n{\"url\":\"\xff\"}\n");
    assert!(text.contains("line 2: it is not UTF-8"), "{text}");
    for text in ["u\0r\0l\0\n\0", "\0u\0r\0l\0\n"] {
        let text = said(text.as_bytes());
        assert!(text.contains("it is not UTF-8: convert it first"), "{text}");
    }
    let text = said(b"{\"url\":1}\n{\"url\" 1}\n");
    assert!(
        text.contains("line 2: it is no JSON from column 8"),
        "{text}"
    );
    // As many keys as may be, and one more.
    let keys = |count| {
        (0..count)
            .map(|n| format!("\"k{n}\":1,"))
            .collect::<String>()
    };
    let text = said(format!("{{{}\"url\":1}}\n[]\n", keys(999)).as_bytes());
    assert!(text.contains("line 2"), "{text}");
    let text = said(format!("{{{}\"url\":1}}\n", keys(1000)).as_bytes());
    assert!(text.contains("more than 1000 different keys"), "{text}");
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

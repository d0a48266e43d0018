//! Where an input's cells begin and end, which column has the profile URLs, and what is said where that is not clear.

use std::fs;
use std::io::Cursor;

use crustdata_bulk::{Error, table};

use crate::support::{Scene, expect, url};

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
    assert_eq!(header("\r\n\nurl;b"), ["url", "b"]);
    assert_eq!(header("sep=;\r\na,b,c;url"), ["a,b,c", "url"]);
    assert_eq!(header("sep=;url"), ["sep=", "url"]);
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

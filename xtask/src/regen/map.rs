//! The table in `openapi/README.md`: where in the document each clause stands. The places come from the document's
//! `x-clauses`, level and source from `docs/clauses.md`, which the suite renders from its checks.
//!
//! So this crate does not depend on the suite, which takes minutes to compile.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::document::Document;
use super::error::Error;
use super::files::{CLAUSES, README};

/// What the table stands between.
const MARKS: [&str; 2] = ["<!-- regen: begin -->\n", "<!-- regen: end -->\n"];

/// Renders the README at `root` with the table in it.
pub(super) fn render(root: &Path, document: &Document) -> Result<String, Error> {
    let (readme, clauses) = (read(root, README)?, read(root, CLAUSES)?);
    let split = |text: &str, mark: &str| {
        let (before, after) = text.split_once(mark)?;
        Some((before.to_owned(), after.to_owned()))
    };
    let parts = split(&readme, MARKS[0])
        .and_then(|(before, rest)| Some((before, split(&rest, MARKS[1])?.1)));
    let Some((before, after)) = parts else {
        let [begin, end] = MARKS.map(str::trim);
        return Err(Error::Marks { begin, end });
    };
    let table = table(&clauses, document)?;
    Ok(format!("{before}{}{table}{}{after}", MARKS[0], MARKS[1]))
}

fn read(root: &Path, file: &str) -> Result<String, Error> {
    let path = root.join(file);
    fs::read_to_string(&path).map_err(Error::file("read", &path))
}

fn table(clauses: &str, document: &Document) -> Result<String, Error> {
    let places = document.at("/x-clauses");
    let mut table = "| clause | place | level | source |\n| --- | --- | --- | --- |\n".to_owned();
    for (id, place) in places.object("the table of clauses in `openapi/README.md`")? {
        let place = match place {
            Value::String(reason) if reason.contains(' ') => format!("not expressible: {reason}"),
            Value::Array(all) => {
                let all: Result<Vec<_>, _> =
                    all.iter().map(|one| cell(document, id, one)).collect();
                all?.join(", ")
            }
            one => cell(document, id, one)?,
        };
        // A new clause is not on the page before the suite is built with it, which takes the registry that is rendered here.
        if let Some((_, level, source)) = rows(clauses).find(|(listed, ..)| listed == id) {
            table += &format!("| `{id}` | {place} | {level} | {source} |\n");
        }
    }
    Ok(table)
}

/// A place as it is shown. Something has to stand there.
fn cell(document: &Document, id: &str, name: &Value) -> Result<String, Error> {
    let need = "`x-clauses`, which says where a clause stands";
    let Some(text) = name.as_str() else {
        let expected = "a place, a list of places, or a sentence why there is none";
        let clause = document.at("/x-clauses").key(id);
        return Err(clause.unfit(format!("is unfit: {name}"), expected, need));
    };
    let place = document.place(text)?;
    place.value(need)?;
    Ok(format!("`{}`", place.fragment()))
}

/// Each clause of the page: its id, its level, its source.
fn rows(clauses: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    clauses.split("\n### [`").skip(1).filter_map(|section| {
        let (id, text) = section.split_once('`')?;
        let (_, origin) = text.split_once("\nLevel: ")?;
        let (level, origin) = origin.lines().next()?.split_once(". Source: ")?;
        Some((id, level, origin.trim_end_matches('.')))
    })
}

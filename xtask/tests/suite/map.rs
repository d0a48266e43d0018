//! The map of clauses in `openapi/README.md`: its places stand in the document, its sources are known ones.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::workspace::{DOCUMENT, project};

const SOURCES: [&str; 4] = ["seed page", "provider's docs", "users' reports", "follows"];

/// The rows of the map: clause, place, source.
fn rows() -> Vec<[String; 3]> {
    let readme = fs::read_to_string(project().join("openapi/README.md")).unwrap();
    let (_, map) = readme
        .split_once("| clause | place | source |\n| --- | --- | --- |\n")
        .unwrap();
    let row = |line: &str| {
        let cells: Vec<_> = line
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect();
        cells.try_into().unwrap()
    };
    map.lines().map(row).collect()
}

/// The pieces of a cell that stand in backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn every_clause_is_there_once() {
    let rows = rows();
    let clauses: BTreeSet<_> = rows.iter().map(|[clause, ..]| clause).collect();
    assert_eq!(clauses.len(), rows.len());
    assert!(
        clauses.len() > 50,
        "only {} clauses are read",
        clauses.len()
    );
}

#[test]
fn every_place_stands_in_the_document() {
    let document = fs::read_to_string(project().join(DOCUMENT)).unwrap();
    let document: Value = serde_saphyr::from_str(&document).unwrap();
    for [clause, place, _] in rows() {
        for pointer in quoted(&place) {
            let found = pointer
                .strip_prefix('#')
                .and_then(|pointer| document.pointer(pointer));
            assert!(found.is_some(), "{clause}: nothing stands at {pointer}");
        }
        assert!(
            place.starts_with("`#/") || place.starts_with("not expressible: "),
            "{clause}: {place:?} names no place and gives no reason"
        );
    }
}

#[test]
fn every_source_is_a_known_one() {
    for [clause, _, source] in rows() {
        assert!(
            SOURCES.iter().any(|known| source.starts_with(known)),
            "{clause}: {source:?}"
        );
    }
}

//! Nobody writes a header name, a media type or a job's status of the contract by hand, but for the mock's faults: they
//! are what a server gets wrong.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace::project;

/// Constants whose values are not written by hand. Others hold common words, or stand in texts.
const NAMED: [&str; 3] = ["header::", "media_type::", "job::status::"];

const SOURCES: [&str; 3] = ["client/src", "conformance/src", "conformance/mock/src"];

/// Names of constants with their values, as literals.
fn literals() -> Vec<(String, String)> {
    let wordings =
        fs::read_to_string(project().join("conformance/src/generated/wordings.rs")).unwrap();
    let rows = wordings.lines().filter_map(|line| {
        let row = line.trim().strip_prefix("(\"")?.strip_suffix("\"),")?;
        let (name, value) = row.split_once("\", \"")?;
        Some((name.to_owned(), format!("\"{value}\"")))
    });
    let is_named = |(name, _): &(String, String)| NAMED.iter().any(|start| name.starts_with(start));
    rows.filter(is_named).collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("generated") && !path.ends_with("faults") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn values_of_the_contract_are_written_by_name() {
    let literals = literals();
    assert!(literals.len() >= 10, "{literals:?}");
    let mut files = Vec::new();
    for source in SOURCES {
        rust_files(&project().join(source), &mut files);
    }
    assert!(files.len() > 100, "only {} files are read", files.len());

    let mut found = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        // Tests write what they expect.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in (1..).zip(code.lines()) {
            // A class of the report's style sheet has the name of a status, and stands behind an arrow.
            let written = |(_, literal): &&(String, String)| {
                line.contains(literal.as_str()) && !line.contains(&format!("=> {literal}"))
            };
            let is_comment = line.trim_start().starts_with("//");
            if let Some((name, literal)) = literals.iter().find(written).filter(|_| !is_comment) {
                let file = file.strip_prefix(project()).unwrap().display();
                found += &format!("{file}:{number}: {literal} is contract::{name}\n");
            }
        }
    }
    assert!(found.is_empty(), "{found}");
}

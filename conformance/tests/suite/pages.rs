//! The pages of the clauses, in `docs/clauses/`, and their part of the book's table of contents: rendered from the
//! registries and from what the mock answers, and held against what is checked in. `INSTA_UPDATE=always cargo test pages`
//! renders them anew. What is on a page is in `clause`, how an exchange is shown in `shown`, and where exchanges come from
//! in `sessions`.

mod clause;
mod sessions;
mod shown;

use std::fmt::Write as _;
use std::path::PathBuf;

use crustdata_conformance::checks::{CHECKS, CLIENT_CHECKS, Check};

use crate::documents::{check, path};

/// The line of the table of contents before the clauses, which are the rest of it.
const PART: &str = "# Clauses\n";

/// Renders the pages of these groups, and holds them against what is checked in.
fn check_pages(groups: &[&str]) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let compliant = runtime.block_on(sessions::compliant());
    let mut rendered = 0;
    for clause in CHECKS {
        if groups.contains(&clause.group()) {
            let broken = runtime.block_on(sessions::broken(clause));
            let kept = compliant.keeps(clause, &broken);
            check(&file(clause), &clause::page(clause, &kept, &broken));
            rendered += 1;
        }
    }
    assert!(rendered > 0, "{groups:?}");
}

fn file(clause: &Check) -> String {
    format!("docs/clauses/{}.md", clause.id)
}

#[test]
fn of_submissions() {
    check_pages(&["submit"]);
}

#[test]
fn of_refusals() {
    check_pages(&["reject"]);
}

#[test]
fn of_jobs() {
    check_pages(&["job", "limit", "webhook"]);
}

#[test]
fn of_results_and_lists() {
    check_pages(&["result", "list"]);
}

#[test]
fn of_the_account() {
    check_pages(&["account", "usage"]);
}

#[test]
fn of_clients() {
    for clause in CLIENT_CHECKS {
        check(&file(clause), &clause::page_of_client(clause));
    }
}

/// The groups above are all that there are, so no clause is without a page.
#[test]
fn of_every_clause_and_of_nothing_else() {
    let mut expected: Vec<PathBuf> = CHECKS
        .iter()
        .chain(CLIENT_CHECKS)
        .map(|clause| path(&file(clause)))
        .collect();
    let entries = std::fs::read_dir(path("docs/clauses")).expect("the folder is there");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn are_in_the_table_of_contents() {
    let summary = std::fs::read_to_string(path("docs/SUMMARY.md")).expect("it is there");
    let (written, _) = summary
        .split_once(PART)
        .expect("there is a part for the clauses");
    let mut rendered = format!("{written}{PART}\n- [All clauses](clauses.md)\n");
    for clause in CHECKS.iter().chain(CLIENT_CHECKS) {
        let id = clause.id;
        writeln!(rendered, "  - [{id}](clauses/{id}.md)").expect("a text can be written to");
    }
    check("docs/SUMMARY.md", &rendered);
}

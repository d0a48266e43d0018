//! The pages of the clauses, in `docs/clauses/`, and their part of the book's table of contents: rendered from the
//! registries and from what the mock answers, and held against what is checked in. `INSTA_UPDATE=always cargo test pages`
//! renders them anew. What is on a page is in `clause`, how an exchange is shown in `shown`, and where exchanges come from
//! in `sessions`, and those of clients in `clients` and `courses`.

mod clause;
mod clients;
mod courses;
mod sessions;
mod shown;

use std::fmt::Write as _;
use std::sync::OnceLock;

use crustdata_conformance::checks::{CHECKS, CLIENT_CHECKS, Check};

use crate::documents::{check, path};
use clause::Shows;
use sessions::Compliant;

/// The line of the table of contents before the clauses, which are the rest of it.
const PART: &str = "# Clauses\n";

/// Of how many clauses one is rendered, unless `PAGES=all` or they are rendered anew: each costs two runs of the suite, and
/// what changes on one page changes on its neighbours.
const ONE_OF: usize = 3;

fn one_of() -> usize {
    let is_set = |name: &str, value: &str| std::env::var(name).is_ok_and(|its| its == value);
    match is_set("PAGES", "all") || is_set("INSTA_UPDATE", "always") {
        true => 1,
        false => ONE_OF,
    }
}

/// Renders the pages of these groups, and holds them against what is checked in.
fn check_pages(groups: &[&str]) {
    static COMPLIANT: OnceLock<Compliant> = OnceLock::new();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let compliant = COMPLIANT.get_or_init(|| runtime.block_on(sessions::compliant()));
    let mut rendered = 0;
    let clauses = CHECKS
        .iter()
        .filter(|clause| groups.contains(&clause.group()));
    for clause in clauses.step_by(one_of()) {
        let broken = runtime.block_on(sessions::broken(clause));
        let kept = runtime.block_on(compliant.keeps(clause, &broken));
        check(&file(clause), &clause::page(clause, &kept, &broken));
        rendered += 1;
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

#[tokio::test(flavor = "multi_thread")]
async fn of_clients() {
    let right = clients::as_it_should_be().await;
    for clause in CLIENT_CHECKS.iter().step_by(one_of()) {
        // The others are about several requests, or about how a client ends.
        let is_about_one = right
            .iter()
            .any(|exchange| (clause.applies)(&exchange.request));
        let broken = match is_about_one {
            true => Some(clients::mistaken(clause).await),
            false => None,
        };
        let shows = broken
            .as_ref()
            .map(|broken| (clients::instead(&right, &broken.finding.shown), broken));
        let shows = match &shows {
            Some((kept, broken)) => Shows::Exchanges(kept, broken),
            None => Shows::Courses(courses::of(clause).await.into()),
        };
        check(&file(clause), &clause::page_of_client(clause, &shows));
    }
}

/// No page is left of a clause that is gone. That none is missing, the others say.
#[test]
fn of_nothing_else() {
    let expected: Vec<String> = CHECKS
        .iter()
        .chain(CLIENT_CHECKS)
        .map(|clause| file(clause))
        .collect();
    for entry in std::fs::read_dir(path("docs/clauses")).expect("the folder is there") {
        let name = entry.expect("it can be read").file_name();
        let name = format!("docs/clauses/{}", name.display());
        assert!(
            expected.contains(&name),
            "{name} is of no clause: remove it"
        );
    }
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

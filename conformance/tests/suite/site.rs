//! The pages in `docs/`, and the README: every relative link leads to something, and every command is run, or marked with the
//! reason why it can't be. How the commands of a page are carried out is in `terminal`.

mod terminal;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use crustdata_conformance::checks::{CHECKS, CLIENT_CHECKS};
use crustdata_conformance::scenarios::SCENARIOS;

use crate::documents::path;
use terminal::{Block, blocks};

/// Pages whose commands are carried out, each in a terminal of its own.
const CARRIED_OUT: [&str; 10] = [
    "README.md",
    "docs/README.md",
    "docs/enrich.md",
    "docs/rust.md",
    "docs/client-author.md",
    "docs/provider.md",
    "docs/server.md",
    "docs/clients.md",
    "docs/traffic.md",
    "docs/proxy.md",
];

/// A page of which no command can be run; they are counted all the same.
const COUNTED: [&str; 1] = ["docs/environment.md"];

fn read(page: &str) -> String {
    std::fs::read_to_string(path(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// The pages of the book, as its table of contents names them.
fn pages() -> Vec<String> {
    let summary = read("docs/SUMMARY.md");
    let links = summary
        .lines()
        .filter_map(|line| line.trim().strip_suffix(')')?.rsplit_once('('));
    links.map(|(_, page)| format!("docs/{page}")).collect()
}

/// Runs the commands of a page.
fn carry_out(page: &str) {
    terminal::carry_out(page, &blocks(&read(page)));
}

#[test]
fn readme() {
    carry_out("README.md");
}

#[test]
fn start() {
    carry_out("docs/README.md");
}

#[test]
fn enrich() {
    carry_out("docs/enrich.md");
}

#[test]
fn rust() {
    carry_out("docs/rust.md");
}

#[test]
fn client_author() {
    carry_out("docs/client-author.md");
}

#[test]
fn provider() {
    carry_out("docs/provider.md");
}

#[test]
fn server() {
    carry_out("docs/server.md");
}

#[test]
fn clients() {
    carry_out("docs/clients.md");
}

#[test]
fn traffic() {
    carry_out("docs/traffic.md");
}

#[test]
fn proxy() {
    carry_out("docs/proxy.md");
}

/// How many commands each page has, and which are not run, and why. A page of a clause has those that made it, which
/// `pages` does.
#[test]
fn what_is_not_run_is_marked_and_counted() {
    let mut counted = String::new();
    let mut with_commands = BTreeSet::new();
    let all = pages().into_iter().chain(["README.md".to_owned()]);
    for page in all.filter(|page| !page.starts_with("docs/clauses/")) {
        let blocks = blocks(&read(&page));
        if blocks.is_empty() {
            continue;
        }
        let number = |run: bool| -> usize {
            let blocks = blocks.iter().filter(|block| block.reason.is_none() == run);
            blocks.map(|block| block.commands().count()).sum()
        };
        writeln!(
            counted,
            "{page}: {} run, {} not",
            number(true),
            number(false)
        )
        .expect("a text can be written to");
        let reasons = blocks
            .iter()
            .filter_map(|Block { reason, .. }| reason.as_ref());
        for reason in reasons {
            writeln!(counted, "    {reason}").expect("a text can be written to");
        }
        with_commands.insert(page);
    }
    let expected: BTreeSet<String> = CARRIED_OUT
        .iter()
        .chain(&COUNTED)
        .map(|page| (*page).to_owned())
        .collect();
    assert_eq!(with_commands, expected);
    insta::assert_snapshot!("commands", counted);
}

/// A link within the book leads to one of its pages, or to a file beside them that is copied along; one out of the book would
/// lead nowhere on the site.
#[test]
fn links_lead_somewhere() {
    let pages = pages();
    assert!(pages.len() > 80, "{pages:?}");
    let mut wrong = Vec::new();
    for page in &pages {
        for link in links(&read(page)) {
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => page.clone(),
                file => joined(page, file),
            };
            let in_book = target.starts_with("docs/") && path(&target).exists();
            let is_page = !target.ends_with(".md") || pages.contains(&target);
            let has_anchor = anchor.is_empty() || anchors(&read(&target)).any(|one| one == anchor);
            if !(in_book && is_page && has_anchor) {
                wrong.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The same of the pages beside the book.
#[test]
fn links_of_other_pages_lead_somewhere() {
    for page in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "openapi/README.md",
        "client/README.md",
        "client/bulk/README.md",
        "conformance/mock/README.md",
    ] {
        for link in links(&read(page)) {
            let (file, _) = link.split_once('#').unwrap_or((&link, ""));
            assert!(path(&joined(page, file)).exists(), "{page}: {link}");
        }
    }
}

/// How many scenarios and clauses there are, wherever a page says it.
#[test]
fn pages_count_as_the_registries_do() {
    for page in [
        "README.md",
        "conformance/CHANGELOG.md",
        "docs/README.md",
        "docs/client-author.md",
        "docs/provider.md",
        "docs/github-actions.md",
    ] {
        let text = read(page).replace(['[', '\n'], " ");
        let words: Vec<&str> = text.split_whitespace().collect();
        for pair in words.windows(2) {
            let Ok(count) = pair[0].parse::<usize>() else {
                continue;
            };
            match pair[1].trim_end_matches(|c: char| !c.is_ascii_lowercase()) {
                "scenarios" => assert_eq!(count, SCENARIOS.len(), "{page}"),
                word if word.starts_with("clauses") => {
                    assert!(
                        [CHECKS.len(), CLIENT_CHECKS.len()].contains(&count),
                        "{page}: {count} clauses"
                    );
                }
                _ => {}
            }
        }
    }
}

/// Every page of the folder is in the table of contents: nothing is written for nobody.
#[test]
fn every_page_is_in_the_book() {
    let entries = std::fs::read_dir(path("docs")).expect("the folder is there");
    let names = entries.map(|entry| entry.expect("it can be read").file_name());
    let names = names.filter_map(|name| name.into_string().ok());
    let written: BTreeSet<String> = names
        .filter(|name| name.ends_with(".md") && name != "SUMMARY.md")
        .collect();
    let listed = pages();
    let listed: BTreeSet<String> = listed
        .iter()
        .filter_map(|page| page.strip_prefix("docs/"))
        .filter(|page| !page.contains('/'))
        .map(str::to_owned)
        .collect();
    assert_eq!(written, listed);
}

/// The relative links and pictures of a page, outside of code.
fn links(text: &str) -> Vec<String> {
    let outside: String = text.split("```").step_by(2).collect();
    let ends = outside
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    let links = ends.map(|(link, _)| link.to_owned());
    links
        .filter(|link| !link.contains("://") && !link.contains(' '))
        .collect()
}

/// What the headings of a page are called in a link.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|heading| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let words = words.replace(' ', "-");
        words
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
            .collect()
    })
}

/// The path that a link on a page leads to, from the root.
fn joined(page: &str, link: &str) -> String {
    let folder = Path::new(page).parent().expect("it is a file");
    let mut joined = PathBuf::new();
    for part in folder.join(link).components() {
        match part {
            Component::ParentDir => {
                joined.pop();
            }
            part => joined.push(part),
        }
    }
    joined.to_str().expect("it is text").to_owned()
}

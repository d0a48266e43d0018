//! What is on the page of a clause.

use crustdata_conformance::checks::{Check, Level};
use crustdata_conformance::exchange::Exchange;
use crustdata_conformance::report::inline;
use crustdata_conformance::results::Finding;
use crustdata_conformance::scenarios::SCENARIOS;
use crustdata_conformance::scenarios::reference::Mistake;
use crustdata_conformance::vectors;
use serde::Serialize;

use super::clients::Mistaken;
use super::courses::Courses;
use super::sessions::{Broken, SEED};
use super::shown;

/// The most rows that are shown at once.
const MOST_ROWS: usize = 12;
/// The most test vectors.
const MOST_VECTORS: usize = 2;

/// The page of a server's clause.
pub(super) fn page(clause: &Check, kept: &Exchange, broken: &Broken) -> String {
    let (id, group) = (clause.id, clause.group());
    let (fault, finding) = (broken.fault, &broken.finding);
    let mut text = head(clause);
    text += "\n## An exchange that keeps it\n\n";
    text += &shown::steady(&shown::exchange(group, kept));
    text += "\n## One that breaks it\n\n";
    let about = inline(&fault.about);
    text += &format!("The mock with the fault `{}`: {about}\n\n", fault.name);
    // Of another run, whose ids and times are counted anew.
    let mut shown = String::new();
    if let Some(against) = &finding.against {
        shown += "Before:\n\n";
        shown += &shown::exchange(group, &against.shown);
        shown += "\nAnd then:\n\n";
    }
    shown += &shown::exchange(group, &finding.shown);
    shown += &said(finding);
    text += &shown::steady(&shown);
    text += "\nIds, times and ports are replaced by fixed ones, and long values are cut.\n";
    text += &format!(
        "\n## Judge it\n\n```console\n\
         $ cargo conformance run --only {id}\n\
         $ cargo conformance run --only {id} --cases 0 --seed {SEED} --fault {}\n\
         ```\n",
        fault.name
    );
    let faults = crustdata_mock::faults().filter(|fault| fault.breaks.contains(&id));
    let rows: Vec<_> = faults
        .map(|fault| (fault.name.to_owned(), fault.about.to_string()))
        .collect();
    text += "\n## Faults of the mock that trip its check\n\n";
    text += "Each is served to a client by `cargo conformance serve --fault NAME`.\n\n";
    text += &table("fault", &rows);
    text
}

/// What shows how a client's clause is kept and broken.
pub(super) enum Shows<'a> {
    /// One request by itself does: one that keeps it, and one that breaks it.
    Exchanges(&'a Exchange, &'a Mistaken),
    /// What a client does in a scenario, and one with a mistake.
    Courses(Box<Courses>),
}

/// The page of a client's clause.
pub(super) fn page_of_client(clause: &Check, shows: &Shows<'_>) -> String {
    let id = clause.id;
    let mut text = head(clause);
    match shows {
        Shows::Exchanges(kept, Mistaken { mistake, finding }) => {
            text += "\n## An exchange that keeps it\n\n";
            text += &shown::steady(&shown::exchange("client", kept));
            let about = inline(mistake.about());
            text += &format!("\n## One that breaks it\n\nA client that {about}:\n\n");
            let mut shown = shown::exchange("client", &finding.shown);
            shown += &said(finding);
            text += &shown::steady(&shown);
            text += "\nIds, times and ports are replaced by fixed ones, and long values are cut.\n";
        }
        Shows::Courses(courses) => {
            let scenario = courses.scenario;
            text += "\n## A client that keeps it\n\n";
            let about = inline(scenario.about);
            text += &format!("In the scenario `{}`: {about}\n\n", scenario.name);
            let fenced = |course: &str| format!("```text\n{}```\n", shown::steady(course));
            text += &fenced(&courses.kept);
            let about = inline(courses.mistake.about());
            text += &format!("\n## One that breaks it\n\nA client that {about}:\n\n");
            text += &fenced(&courses.broken);
            text += &shown::steady(&said(&courses.finding));
            text += "\nRequests of one kind that follow each other are one line; ids, times and ports are replaced by fixed ones.\n";
        }
    }
    text += &format!(
        "\n## Judge it\n\n```console\n$ cargo conformance client --only {id} -- python3 docs/clients/client.py\n```\n\
         \nThe command is the [sample](../clients/client.py); put yours in its place. [Judge a client](../clients.md) says what it is\n\
         given, and how it is to end.\n"
    );
    let asked = SCENARIOS
        .iter()
        .filter(|scenario| scenario.clauses.contains(&id));
    let rows: Vec<_> = asked
        .map(|scenario| (scenario.name.to_owned(), scenario.about.to_owned()))
        .collect();
    text += "\n## Where it shows\n\n";
    text += match rows.is_empty() {
        true => "In every scenario.\n",
        false => "In these scenarios above all:\n\n",
    };
    text += &table("scenario", &rows);
    text += "\n## Mistakes that break it\n\nA client that makes one of them is told so by this clause, and by no other:\n\n";
    for mistake in Mistake::ALL.iter().filter(|mistake| mistake.clause() == id) {
        text += &format!("- it {}\n", inline(mistake.about()));
    }
    let requests = vectors::requests().requests;
    let requests = requests.iter().filter(|case| case.clause == id).map(json);
    let responses = vectors::responses().responses;
    let responses = responses.iter().filter(|case| case.clause == id).map(json);
    let cases: Vec<String> = requests.chain(responses).collect();
    if !cases.is_empty() {
        text += &format!(
            "\n## Test vectors\n\n{} of the [test vectors](../clients.md#without-a-server) are about it",
            cases.len()
        );
        text += if cases.len() > MOST_VECTORS {
            ", such as\n"
        } else {
            ":\n"
        };
        for case in cases.iter().take(MOST_VECTORS) {
            text += &format!("\n```json\n{case}\n```\n");
        }
    }
    text
}

/// What the suite says of a finding.
fn said(finding: &Finding) -> String {
    format!(
        "\nWhat the suite says of it:\n\n```text\nsent      {}\nexpected  {}\ngot       {}\n```\n",
        shown::cut(&finding.sent),
        shown::cut(&finding.expected),
        shown::cut(&finding.got)
    )
}

/// A test vector, with long values cut.
fn json(case: &impl Serialize) -> String {
    let value = serde_json::to_value(case).expect("it is JSON");
    serde_json::to_string_pretty(&shown::shortened(&value)).expect("it is JSON")
}

/// The clause, and what to change.
fn head(clause: &Check) -> String {
    let mut text = format!("# `{}`\n\n{}\n\n", clause.id, inline(&clause.clause()));
    let (meaning, violated) = match clause.level {
        Level::Must => ("the page of the endpoint says it", "exit 1"),
        Level::Doc => ("another page of the documentation says it", "exit 1"),
        Level::Seen => (
            "users report it, or it follows from other clauses",
            "a warning; exit 1 with `--strict`",
        ),
        Level::Open => ("nobody says", "nothing"),
    };
    text += &format!(
        "Level: **{}**, {meaning}. Source: {}. If violated: {violated}.\n",
        clause.level,
        inline(clause.source)
    );
    text += "\n## How to keep it\n\n";
    if let Some(server) = clause.fix.server() {
        text += &format!("**In a server.** {}\n", inline(&server));
    }
    if let Some(client) = clause.fix.client() {
        let gap = if clause.fix.server().is_some() {
            "\n"
        } else {
            ""
        };
        text += &format!("{gap}**In a client.** {}\n", inline(&client));
    }
    text
}

/// Rows of names and sentences; most of them folded where there are many.
fn table(name: &str, rows: &[(String, String)]) -> String {
    let head = format!("| {name} | |\n| --- | --- |\n");
    let line = |(name, about): &(String, String)| format!("| `{name}` | {} |\n", inline(about));
    let lines = |rows: &[(String, String)]| rows.iter().map(line).collect::<String>();
    match rows.len() {
        0 => String::new(),
        few if few <= MOST_ROWS => head + &lines(rows),
        many => {
            let (first, rest) = rows.split_at(MOST_ROWS);
            let left = many - MOST_ROWS;
            format!(
                "{head}{}\n<details><summary>{left} more</summary>\n\n{head}{}\n</details>\n",
                lines(first),
                lines(rest)
            )
        }
    }
}

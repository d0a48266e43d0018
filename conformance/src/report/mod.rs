//! Reports: each renders a [`Results`] to a writer, and decides nothing. `directory` writes those that are files.

pub mod console;
pub mod detection;
mod directory;
mod html;
mod json;
mod junit;
mod markdown;
mod matrix;
mod sarif;

pub use directory::{Directory, DirectoryError};
pub use html::write as html;
pub use json::write as json;
pub use junit::write as junit;
pub use markdown::{inline, write as markdown};
pub use matrix::write as matrix;
pub use sarif::write as sarif;

use crate::checks::Level;
use crate::results::{CheckResult, Finding, Results, Stale};

/// The levels, and who says what stands at each.
const LEVELS: [(Level, &str); 3] = [
    (Level::Must, "the endpoint's page says it"),
    (
        Level::Doc,
        "another page of the provider's documentation says it",
    ),
    (
        Level::Seen,
        "users report it, or it follows from other clauses; a warning",
    ),
];

/// Who says what stands at a level.
fn meaning(level: Level) -> &'static str {
    let found = LEVELS.iter().find(|(one, _)| *one == level);
    found.map_or("nobody says it", |(_, meaning)| meaning)
}

/// The commands that bring a finding back: a run of its check alone, then the request by itself.
fn commands(finding: &Finding) -> impl Iterator<Item = &str> {
    [&finding.run, &finding.serve, &finding.curl]
        .into_iter()
        .flatten()
        .map(String::as_str)
}

/// How much of what a check judged is violated; and, of a server whose state is not known, that what shows now and then
/// may not show at once.
fn seen(check: &CheckResult, results: &Results) -> String {
    let of = check.violated + check.satisfied;
    let mut text = format!("{} of {of} exchanges", check.violated);
    if check.satisfied > 0 && !results.target.embedded && results.is_run() {
        text += ", so not always: it may take several tries to bring it back";
    }
    text
}

/// What a reader is to know beside the checks: jobs that still run, reads that were cut off, and what is not whole.
fn remarks(results: &Results) -> impl Iterator<Item = String> {
    let running = (!results.left_running.is_empty()).then(|| {
        format!(
            "jobs not seen to be over: {}",
            results.left_running.join(", ")
        )
    });
    let cut = results.cut_once.iter();
    let cut = cut.map(|read| format!("cut off, repeated, and judged by that: {read}"));
    running
        .into_iter()
        .chain(cut)
        .chain(results.notes.iter().cloned())
}

/// What became of a check, in a word.
fn word(check: &CheckResult) -> &'static str {
    match check.stale() {
        Some(_) => "out of date",
        None => check.status.as_str(),
    }
}

/// What a reader is to know about a check's status, beside its findings: why it was not judged, or what the list
/// of known failures says.
fn note(check: &CheckResult) -> Option<String> {
    let known = check.known.as_ref();
    let known = known.map(|known| match (known.stale, &known.expires) {
        (Some(Stale::Passes), _) => Stale::Passes.advice().to_owned(),
        (Some(Stale::Expired), Some(day)) => {
            format!("{} (last day {day})", Stale::Expired.advice())
        }
        (_, Some(day)) => format!("{}; known until {day}", known.reason),
        (_, None) => known.reason.clone(),
    });
    match (&check.reason, known) {
        (Some(reason), Some(known)) => Some(format!("{reason}; {known}")),
        (reason, known) => reason.clone().or(known),
    }
}

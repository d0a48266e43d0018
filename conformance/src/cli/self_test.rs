//! `conformance self-test`

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::{Args as _, Command, FromArgMatches};
use crustdata_mock::MOCK_KEY;
use secrecy::SecretString;

use super::detection::Detection;
use super::error::{CliError, written};
use super::{run, select};
use crate::checks::CHECKS;
use crate::embedded::{self, EmbeddedError};
use crate::results::{Results, Rules};
use crate::runner;
use crate::scenarios::reference::{self, Mistake};
use crate::self_test::{self, Options, Row};

/// Prove that the suite can fail: run it on the compliant mock, on every fault and on every benign variant, run
/// every line that is printed to bring a finding back, and drive a client with each mistake
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this fault or variant; may be repeated
    #[arg(long = "fault", value_name = "NAME")]
    faults: Vec<String>,
    /// Generated submissions in each run. Without it: 32, or none with --external
    #[arg(long, value_name = "N")]
    cases: Option<u32>,
    /// Only the clients: one as it should be, and one with each mistake
    #[arg(long, conflicts_with_all = ["faults", "cases", "external"])]
    clients: bool,
    /// Number that all generated values follow from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Take each mock for an external target: reach it by its port, as with --base-url and --max-jobs 8
    #[arg(long)]
    external: bool,
    #[command(flatten)]
    detection: Detection,
}

/// Generated submissions in each run on the embedded mock.
const CASES: u32 = 32;

pub(super) async fn self_test(args: Args, out: &mut dyn Write) -> Result<u8, CliError> {
    if args.clients {
        return clients(out).await;
    }
    let only = select::faults(&args.faults)?;
    if args.detection.is_asked_for() {
        let (detection, seed) = (&args.detection, args.seed);
        return tokio::task::block_in_place(|| detection.run(&only, seed, out));
    }
    let options = Options {
        cases: args.cases.unwrap_or(if args.external { 0 } else { CASES }),
        seed: args.seed,
        only,
        external: args.external,
    };
    let mut printed = Ok(());
    let rows = tokio::task::block_in_place(|| {
        self_test::run(&options, repeat, |row| {
            if printed.is_ok() {
                printed = line(out, row);
            }
        })
    })?;
    written(printed)?;
    let right = rows.iter().filter(|row| row.is_right()).count();
    let untripped = if options.only.is_empty() && !options.external {
        untripped(&rows)
    } else {
        Vec::new()
    };
    written(score(out, right, &rows, &untripped))?;
    let wrong = right < rows.len() || !untripped.is_empty();
    let clients = if options.only.is_empty() && !options.external {
        clients(out).await?
    } else {
        0
    };
    Ok(u8::from(wrong).max(clients))
}

/// Drives the reference client, as it should be and with each mistake.
async fn clients(out: &mut dyn Write) -> Result<u8, CliError> {
    let mut printed = Ok(());
    let mistakes = Mistake::ALL.iter().copied().map(Some);
    let all: Vec<Option<Mistake>> = std::iter::once(None).chain(mistakes).collect();
    let rows = reference::prove(&all, |row| {
        if printed.is_ok() {
            printed = client(out, row);
        }
    })
    .await
    .map_err(|error| CliError::suite("the reference client can't be driven", error))?;
    written(printed)?;
    let right = rows.iter().filter(|row| row.is_right()).count();
    let all = rows.len();
    written(writeln!(out, "{right} of {all} clients judged right"))?;
    for wrong in rows.iter().filter(|row| !row.is_right()) {
        written(client(out, wrong))?;
    }
    Ok(u8::from(right < all))
}

fn client(out: &mut dyn Write, row: &reference::Row) -> io::Result<()> {
    let about = row.mistake.map_or("does nothing wrong", Mistake::about);
    let word = if row.is_right() { "ok" } else { "WRONG" };
    write!(out, "{word:<6} a client that {about}: ")?;
    let clauses: BTreeSet<&str> = row.violated.iter().map(|(clause, _)| *clause).collect();
    let clauses: Vec<&str> = clauses.into_iter().collect();
    write!(out, "{}", clauses.join(", "))?;
    if !row.is_right() {
        let shown = |(clause, scenario): &(&str, &str)| format!("{clause} in {scenario}");
        let shown: Vec<String> = row.violated.iter().map(shown).collect();
        write!(out, " [{}]", shown.join(", "))?;
    }
    if !row.unjudged.is_empty() {
        write!(out, " not judged: {}", row.unjudged.join(", "))?;
    }
    writeln!(out)?;
    out.flush()
}

impl From<EmbeddedError> for CliError {
    fn from(error: EmbeddedError) -> Self {
        Self::suite("the self-test can't be run", error)
    }
}

/// Carries out a `run` that was printed, with the key of the mock, until it shows the clause violated.
async fn repeat(line: &str, clause: &'static str) -> Result<Results, CliError> {
    let words = shlex::split(line)
        .ok_or_else(|| CliError::Usage(format!("no shell can read this line: {line}")))?;
    let args = words.into_iter().skip_while(|word| word != "run");
    let args = run::Args::augment_args(Command::new("conformance"))
        .try_get_matches_from(args)
        .and_then(|matches| run::Args::from_arg_matches(&matches))
        .map_err(|error| CliError::suite(&format!("not a run: {line}"), error))?;
    let mut config = args.config(SecretString::from(MOCK_KEY))?;
    config.trial.until = vec![clause];
    let (never, quietly) = (std::future::pending(), &|_| {});
    let rules = Rules::default();
    if config.embedded {
        return Ok(embedded::run(config, &rules, never, quietly).await?);
    }
    let run = runner::run(&config, None, never, quietly).await;
    let run = run.map_err(EmbeddedError::from)?;
    Ok(Results::of(&config, run, &rules))
}

/// The checks that no fault trips.
fn untripped(rows: &[Row]) -> Vec<&'static str> {
    let tripped: BTreeSet<&str> = rows.iter().flat_map(|row| &row.caught).copied().collect();
    CHECKS
        .iter()
        .map(|check| check.id)
        .filter(|id| !tripped.contains(id))
        .collect()
}

fn line(out: &mut dyn Write, row: &Row) -> io::Result<()> {
    let name = row.fault.map_or("(compliant)", |fault| fault.name);
    let word = if row.is_right() { "ok" } else { "WRONG" };
    write!(out, "{word:<6} {name:<44}")?;
    for (label, ids) in [
        ("", &row.caught),
        (" missed: ", &row.missed),
        (" wrongly blamed: ", &row.blamed),
        (" not judged: ", &row.unjudged),
    ] {
        if !ids.is_empty() {
            write!(out, "{label}{}", ids.join(", "))?;
        }
    }
    writeln!(out)?;
    for line in &row.not_always {
        writeln!(
            out,
            "       did not bring its finding back this time: {line}"
        )?;
    }
    for line in &row.lost {
        writeln!(out, "       does not bring its finding back: {line}")?;
    }
    out.flush()
}

fn score(out: &mut dyn Write, right: usize, rows: &[Row], untripped: &[&str]) -> io::Result<()> {
    writeln!(out, "{right} of {} servers judged right", rows.len())?;
    for wrong in rows.iter().filter(|row| !row.is_right()) {
        line(out, wrong)?;
    }
    let lines: usize = rows.iter().map(|row| row.lines).sum();
    let lost: usize = rows.iter().map(|row| row.lost.len()).sum();
    let not_always: usize = rows.iter().map(|row| row.not_always.len()).sum();
    writeln!(
        out,
        "{} of {lines} printed lines bring their finding back",
        lines - lost - not_always
    )?;
    if !untripped.is_empty() {
        writeln!(out, "checks that no fault trips: {}", untripped.join(", "))?;
    }
    Ok(())
}

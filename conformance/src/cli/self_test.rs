//! `conformance self-test`

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::error::{CliError, written};
use super::select;
use crate::checks::CHECKS;
use crate::self_test::{self, Row};

/// Prove that the suite can fail: run it on the compliant mock, on every fault and on every benign variant
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this fault or variant; may be repeated
    #[arg(long = "fault", value_name = "NAME")]
    faults: Vec<String>,
    /// Generated submissions in each run
    #[arg(long, value_name = "N", default_value_t = 128)]
    cases: u32,
    /// Number that all generated values follow from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

pub(super) async fn self_test(args: Args, out: &mut dyn Write) -> Result<u8, CliError> {
    let only = select::faults(&args.faults)?;
    let mut printed = Ok(());
    let rows = self_test::run(args.cases, args.seed, &only, |row| {
        if printed.is_ok() {
            printed = line(out, row);
        }
    })
    .await
    .map_err(|error| CliError::suite("the self-test can't be run", error))?;
    written(printed)?;
    let right = rows.iter().filter(|row| row.is_right()).count();
    let untripped = if only.is_empty() {
        untripped(&rows)
    } else {
        Vec::new()
    };
    written(score(out, right, rows.len(), &untripped))?;
    Ok(u8::from(right < rows.len() || !untripped.is_empty()))
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
    out.flush()
}

fn score(out: &mut dyn Write, right: usize, rows: usize, untripped: &[&str]) -> io::Result<()> {
    writeln!(out, "{right} of {rows} servers judged right")?;
    if !untripped.is_empty() {
        writeln!(out, "checks that no fault trips: {}", untripped.join(", "))?;
    }
    Ok(())
}

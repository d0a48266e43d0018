//! `conformance explain`

use std::io::{self, Write};

use super::{CliError, written};
use crate::checks::{self, Check, Level};
use crate::mock;
use crate::suggest;

/// Explain a clause: what it asks for, who says so, how binding it is, what trips its check
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the clause, as `conformance list` shows it
    id: String,
}

pub(super) fn explain(args: &Args, out: &mut dyn Write) -> Result<u8, CliError> {
    let check =
        checks::find(&args.id).ok_or_else(|| CliError::Usage(suggest::unknown_clause(&args.id)))?;
    written(write(out, check))?;
    Ok(0)
}

fn write(out: &mut dyn Write, check: &Check) -> io::Result<()> {
    writeln!(out, "{}\n  {}\n", check.id, check.clause())?;
    let (level, consequence) = match check.level {
        Level::Must => ("must: the page of the endpoint says it", "exit 1"),
        Level::Doc => ("doc: another page of the documentation says it", "exit 1"),
        Level::Seen => (
            "seen: users report it, or it follows from other clauses",
            "a warning; exit 1 with --strict",
        ),
        Level::Open => ("open: nobody says", "nothing"),
    };
    writeln!(out, "  level      {level}")?;
    writeln!(out, "  source     {}", check.source)?;
    writeln!(out, "  if broken  {consequence}")?;
    writeln!(out, "  alone      conformance run --only {}", check.id)?;
    writeln!(
        out,
        "\n  faults of the mock that trip it (conformance run --fault NAME):"
    )?;
    for fault in mock::faults().filter(|fault| fault.breaks.contains(&check.id)) {
        writeln!(out, "    {}\n      {}", fault.name, fault.about)?;
    }
    Ok(())
}

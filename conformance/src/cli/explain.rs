//! `conformance explain`

use std::io::{self, Write};

use super::error::{CliError, written};
use super::reporting::columns;
use crate::checks::{self, Check, Level};
use crate::suggest;

/// Explain a clause: what it asks for, who says so, how binding it is, what trips its check
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the clause, as `conformance list` shows it
    id: String,
}

pub(super) fn explain(args: &Args, out: &mut dyn Write) -> Result<u8, CliError> {
    let check = checks::find(&args.id)
        .or_else(|| checks::find_client(&args.id))
        .ok_or_else(|| CliError::Usage(suggest::unknown_clause(&args.id)))?;
    written(write(out, check))?;
    Ok(0)
}

fn write(out: &mut dyn Write, check: &Check) -> io::Result<()> {
    let columns = columns();
    writeln!(out, "{}", check.id)?;
    columns.write(out, "  ", &check.clause())?;
    writeln!(out)?;
    writeln!(
        out,
        "  level        {}: {}",
        check.level,
        meaning(check.level)
    )?;
    columns.write(out, "  source       ", check.source)?;
    writeln!(out, "  if violated  {}", consequence(check.level))?;
    if let Some(server) = check.fix.server() {
        columns.write(out, "  in a server  ", &server)?;
    }
    if let Some(client) = check.fix.client() {
        columns.write(out, "  in a client  ", &client)?;
    }
    if checks::find_client(check.id).is_some() {
        return writeln!(
            out,
            "  alone        conformance client --only {} -- COMMAND",
            check.id
        );
    }
    writeln!(out, "  alone        conformance run --only {}", check.id)?;
    writeln!(
        out,
        "\n  faults of the mock that trip it (conformance run --fault NAME):"
    )?;
    for fault in crustdata_mock::faults().filter(|fault| fault.breaks.contains(&check.id)) {
        writeln!(out, "    {}", fault.name)?;
        columns.write(out, "      ", &fault.about)?;
    }
    Ok(())
}

/// Who says what is of this level.
pub(super) fn meaning(level: Level) -> &'static str {
    match level {
        Level::Must => "the page of the endpoint says it",
        Level::Doc => "another page of the documentation says it",
        Level::Seen => "users report it, or it follows from other clauses",
        Level::Open => "nobody says",
    }
}

/// What follows when a clause of this level is violated.
pub(super) fn consequence(level: Level) -> &'static str {
    match level {
        Level::Must | Level::Doc => "exit 1",
        Level::Seen => "a warning; exit 1 with --strict",
        Level::Open => "nothing",
    }
}

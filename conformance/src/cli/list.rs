//! `conformance list`

use std::io::{self, Write};

use serde::Serialize;

use super::error::{CliError, written};
use super::explain::{consequence, meaning};
use super::select;
use crate::checks::{Check, Level};
use crate::report::{self, inline};
use crate::scenarios::SCENARIOS;

/// List the clauses: id, level, text
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only clauses whose id matches; `*` stands for any characters
    #[arg(value_name = "GLOB")]
    only: Vec<String>,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// List the faults of the mock instead: name, the clauses it breaks, what it does
    #[arg(long, conflicts_with_all = ["only", "format"])]
    faults: bool,
    /// List the scenarios for clients instead: name, what happens in it
    #[arg(long, conflicts_with_all = ["only", "format", "faults"])]
    scenarios: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// A line each
    Text,
    /// A page, with the source of each
    Markdown,
    /// A JSON array of objects: id, level, clause, source
    Json,
}

/// A clause in JSON.
#[derive(Serialize)]
struct Clause {
    id: &'static str,
    level: Level,
    clause: String,
    source: &'static str,
}

pub(super) fn list(args: &Args, out: &mut dyn Write) -> Result<u8, CliError> {
    if args.faults {
        written(faults(out))?;
        return Ok(0);
    }
    if args.scenarios {
        written(scenarios(out))?;
        return Ok(0);
    }
    let checks = select::all_checks(&args.only, &[])?;
    written(match args.format {
        Format::Text => text(out, &checks),
        Format::Markdown => markdown(out, &checks),
        Format::Json => json(out, &checks),
    })?;
    Ok(0)
}

fn text(out: &mut dyn Write, checks: &[&Check]) -> io::Result<()> {
    checks.iter().try_for_each(|check| {
        let clause = check.clause();
        writeln!(out, "{:<28}  {:<4}  {clause}", check.id, check.level)
    })
}

fn markdown(out: &mut dyn Write, checks: &[&Check]) -> io::Result<()> {
    writeln!(out, "# The clauses\n")?;
    writeln!(
        out,
        "Rendered by `conformance list --format markdown`. An id is permanent: it is what `--only`, `--skip`,\n\
         `explain` and the list of known failures take. Each has a page, with an exchange that keeps it, one that breaks it,\n\
         what to change in a server and in a client, and the faults of the mock that trip its check.\n"
    )?;
    writeln!(out, "| level | who says it | if violated |")?;
    writeln!(out, "| --- | --- | --- |")?;
    for level in [Level::Must, Level::Doc, Level::Seen, Level::Open] {
        let (meaning, consequence) = (meaning(level), consequence(level));
        writeln!(out, "| {level} | {meaning} | {consequence} |")?;
    }
    let mut group = "";
    for check in checks {
        let (first, _) = check.id.split_once('.').unwrap_or((check.id, ""));
        if first != group {
            group = first;
            writeln!(out, "\n## {group}")?;
        }
        let id = check.id;
        writeln!(out, "\n### [`{id}`](clauses/{id}.md)\n")?;
        writeln!(out, "{}\n", inline(&check.clause()))?;
        writeln!(
            out,
            "Level: {}. Source: {}.",
            check.level,
            inline(check.source)
        )?;
    }
    Ok(())
}

fn json(out: &mut dyn Write, checks: &[&Check]) -> io::Result<()> {
    let clauses = checks.iter().map(|check| Clause {
        id: check.id,
        level: check.level,
        clause: check.clause(),
        source: check.source,
    });
    report::json(out, &clauses.collect::<Vec<_>>())
}

fn scenarios(out: &mut dyn Write) -> io::Result<()> {
    (SCENARIOS.iter())
        .try_for_each(|scenario| writeln!(out, "{:<28}  {}", scenario.name, scenario.about))
}

fn faults(out: &mut dyn Write) -> io::Result<()> {
    for fault in crustdata_mock::faults() {
        let breaks = fault.breaks.join(", ");
        writeln!(out, "{}\n    {breaks}\n    {}", fault.name, fault.about)?;
    }
    for variant in crustdata_mock::variants() {
        let about = &variant.about;
        writeln!(out, "{}\n    (breaks nothing)\n    {about}", variant.name)?;
    }
    Ok(())
}

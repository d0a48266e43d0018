//! `conformance plan`

use std::io::{self, Write};
use std::time::Duration;

use serde_json::json;

use super::error::{CliError, written};
use super::format::Format;
use super::sending::Sending;
use crate::checks::Check;
use crate::doctor;
use crate::report;
use crate::runner::{self, Bought, Plan, RunConfig, Spending};

/// Say what a run with the same arguments would send, at most and likely, and what other budgets would buy; send nothing
/// but to the embedded mock
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    sending: Sending,
    /// Say how deep each budget goes into each clause
    #[arg(long)]
    verbose: bool,
    /// Form of the plan on standard output; JSON has every clause
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) async fn plan(args: &Args, out: &mut dyn Write) -> Result<u8, CliError> {
    // Neither a key nor a time-out has a part in it.
    let config = args.sending.config("".to_owned().into(), Duration::MAX)?;
    let plan = Plan::of(&config);
    // Nobody is billed by the embedded mock, and nothing there has a pace.
    let budgets: &[Spending] = if config.embedded {
        &[]
    } else {
        &Spending::GRID
    };
    let need_jobs = if budgets.is_empty() {
        Vec::new()
    } else {
        doctor::without_jobs()
            .await
            .map_err(|error| CliError::suite("a run on the mock can't be made", error))?
    };
    let bought = runner::bought(&config, budgets, &need_jobs);
    written(match args.format {
        Format::Text => text(out, &config, &plan, &bought, args.verbose),
        Format::Json => json(out, &plan, &bought),
    })?;
    Ok(0)
}

fn json(out: &mut dyn Write, plan: &Plan, bought: &[Bought]) -> io::Result<()> {
    let value = json!({ "exit_code": 0, "plan": plan, "credits_at_worst": plan.credits(), "budgets": bought });
    report::json(out, &value)
}

fn text(
    out: &mut dyn Write,
    config: &RunConfig,
    plan: &Plan,
    bought: &[Bought],
    verbose: bool,
) -> io::Result<()> {
    writeln!(out, "{plan}")?;
    let Some(first) = bought.first() else {
        return Ok(());
    };
    let pace = Spending::GRID[0].applied_to(config).rpm.unwrap_or_default();
    writeln!(
        out,
        "\nwhat other budgets buy at {pace} requests a minute: clauses that are judged, of {}, and, by what they are about, \
         the exchanges that judge the least and the most gone into of them",
        first.of
    )?;
    let mut groups: Vec<&str> = config.checks.iter().map(|check| check.group()).collect();
    groups.dedup();
    write!(
        out,
        "{:>4} {:>7} {:>8} {:>6} {:>7}",
        "jobs", "minutes", "requests", "takes", "clauses"
    )?;
    for group in &groups {
        write!(out, " {group:>7}")?;
    }
    writeln!(out)?;
    for row in bought {
        write!(
            out,
            "{:>4} {:>7} {:>8} {:>2} min {:>7}",
            row.max_jobs, row.max_minutes, row.requests, row.minutes, row.clauses
        )?;
        for group in &groups {
            write!(out, " {:>7}", range(&config.checks, row, group))?;
        }
        writeln!(out)?;
    }
    if verbose {
        each(out, bought)?;
    }
    Ok(())
}

/// The least and the most gone into of the clauses about something.
fn range(checks: &[&Check], row: &Bought, group: &str) -> String {
    let depths = checks.iter().zip(&row.depth);
    let depths = depths.filter(|(check, _)| check.group() == group);
    let depths: Vec<u64> = depths.map(|(_, depth)| depth.exchanges).collect();
    match (depths.iter().min(), depths.iter().max()) {
        (Some(0), Some(0)) | (None, _) | (_, None) => "-".to_owned(),
        (Some(least), Some(most)) if least == most => least.to_string(),
        (Some(least), Some(most)) => format!("{least}-{most}"),
    }
}

/// Every clause, with a column for each budget.
fn each(out: &mut dyn Write, bought: &[Bought]) -> io::Result<()> {
    write!(out, "\n{:<28}", "exchanges, jobs x minutes:")?;
    for row in bought {
        write!(
            out,
            " {:>5}",
            format!("{}x{}", row.max_jobs, row.max_minutes)
        )?;
    }
    writeln!(out)?;
    let clauses = bought.first().map_or(0, |row| row.depth.len());
    for n in 0..clauses {
        let depths = || bought.iter().filter_map(|row| row.depth.get(n));
        let clause = depths().next().map_or("", |depth| depth.clause);
        write!(out, "{clause:<28}")?;
        for depth in depths() {
            write!(out, " {:>5}", depth.exchanges)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

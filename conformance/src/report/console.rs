//! The report for people: unexpected failures first, then every clause, then the figures and the verdict. Styled
//! with ANSI codes; the caller's stream strips them where they are not wanted.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{note, word};
use crate::results::{CheckResult, Finding, Results, Status, Verdict};

/// The most characters of one line about a finding; the curl line is never cut.
const WIDTH: usize = 240;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const DIM: Style = Style::new().dimmed();

/// Writes the report.
///
/// # Errors
///
/// When `out` can't be written to.
pub fn write(out: &mut dyn Write, results: &Results) -> io::Result<()> {
    for check in results.violations() {
        violated(out, check, RED)?;
    }
    let other =
        |check: &&CheckResult| check.status == Status::Warn && !check.is_violation(results.strict);
    for check in results.checks.iter().filter(other) {
        violated(out, check, YELLOW)?;
    }
    let width = results.checks.iter().map(|check| check.id.len()).max();
    for check in &results.checks {
        line(out, check, width.unwrap_or_default())?;
    }
    writeln!(out)?;
    figures(out, results)?;
    verdict(out, results)
}

fn violated(out: &mut dyn Write, check: &CheckResult, style: Style) -> io::Result<()> {
    let word = word(check).to_uppercase();
    writeln!(out, "{style}{word} {}{style:#} ({})", check.id, check.level)?;
    writeln!(out, "  {}", check.clause)?;
    if let Some(stale) = check.stale() {
        writeln!(out, "  {BOLD}{}{BOLD:#}", stale.advice())?;
    }
    for Finding {
        expected,
        got,
        sent,
        curl,
        run,
        ..
    } in &check.findings
    {
        writeln!(out, "  sent      {}", cut(sent))?;
        writeln!(out, "  expected  {}", cut(expected))?;
        writeln!(out, "  got       {}", cut(got))?;
        let of = check.violated + check.satisfied;
        writeln!(
            out,
            "  {DIM}seen in {} of {of} exchanges{DIM:#}",
            check.violated
        )?;
        if let Some(run) = run {
            writeln!(out, "  {DIM}cargo {run}{DIM:#}")?;
        }
        writeln!(out, "  {curl}")?;
    }
    writeln!(out)
}

fn line(out: &mut dyn Write, check: &CheckResult, width: usize) -> io::Result<()> {
    let style = style(check.status);
    let status = check.status.as_str();
    write!(
        out,
        "{style}{status:<10}{style:#}  {:<width$}  {:<4}",
        check.id, check.level
    )?;
    match note(check) {
        Some(note) => writeln!(out, "  {DIM}{}{DIM:#}", cut(&note)),
        None => writeln!(out, "  {:>5}", check.satisfied + check.violated),
    }
}

fn figures(out: &mut dyn Write, results: &Results) -> io::Result<()> {
    let totals = results.totals;
    writeln!(out, "target   {}", results.target_name())?;
    let (requests, jobs) = results.amounts();
    writeln!(
        out,
        "sent     {requests} in {:.2} s ({:.0} exchanges a second), {jobs}",
        totals.seconds,
        totals.exchanges as f64 / totals.seconds.max(f64::MIN_POSITIVE),
    )?;
    if !results.left_running.is_empty() {
        let jobs = results.left_running.join(", ");
        writeln!(
            out,
            "running  {YELLOW}jobs not seen to be over:{YELLOW:#} {jobs}"
        )?;
    }
    writeln!(
        out,
        "time     {:.2} s waiting for the pace, {:.2} s of the server",
        totals.waited, totals.server,
    )?;
    if let (Some(seed), Some(cases)) = (results.seed, results.cases) {
        writeln!(out, "seed     {seed}, {cases} generated cases")?;
    }
    Ok(())
}

fn verdict(out: &mut dyn Write, results: &Results) -> io::Result<()> {
    let style = match results.verdict {
        Verdict::Conformant => GREEN.bold(),
        Verdict::Violated => RED,
        Verdict::Inconclusive | Verdict::Interrupted => YELLOW.bold(),
    };
    let word = results.verdict.as_str();
    writeln!(out, "verdict  {style}{word}{style:#}: {}", results.counts())?;
    match &results.because {
        Some(because) => writeln!(out, "         {}", cut(because)),
        None => Ok(()),
    }
}

fn style(status: Status) -> Style {
    match status {
        Status::Pass => GREEN,
        Status::Fail => RED,
        Status::Known => DIM,
        Status::Warn | Status::Untestable | Status::Vacuous => YELLOW,
    }
}

/// One line of at most [`WIDTH`] characters, without control characters: what a server sent can't move the
/// cursor or change colours.
fn cut(text: &str) -> String {
    let mut line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(WIDTH)
        .collect();
    if text.chars().nth(WIDTH).is_some() {
        line.push('…');
    }
    line
}

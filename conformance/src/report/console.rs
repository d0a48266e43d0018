//! The report for people: failures first, then every clause, then the figures and the verdict. Styled with
//! ANSI codes; the caller's stream strips them where they are not wanted.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

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
    for status in [Status::Fail, Status::Warn] {
        for check in results.checks.iter().filter(|check| check.status == status) {
            broken(out, check)?;
        }
    }
    let width = results.checks.iter().map(|check| check.id.len()).max();
    for check in &results.checks {
        line(out, check, width.unwrap_or_default())?;
    }
    writeln!(out)?;
    figures(out, results)?;
    verdict(out, results)
}

fn broken(out: &mut dyn Write, check: &CheckResult) -> io::Result<()> {
    let style = style(check.status);
    let word = check.status.as_str().to_uppercase();
    writeln!(out, "{style}{word} {}{style:#} ({})", check.id, check.level)?;
    writeln!(out, "  {}", check.clause)?;
    for Finding {
        expected,
        got,
        sent,
        curl,
        ..
    } in &check.findings
    {
        writeln!(out, "  sent      {}", cut(sent))?;
        writeln!(out, "  expected  {}", cut(expected))?;
        writeln!(out, "  got       {}", cut(got))?;
        let of = check.broken + check.kept;
        writeln!(
            out,
            "  {DIM}seen in {} of {of} exchanges{DIM:#}",
            check.broken
        )?;
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
    match &check.reason {
        Some(reason) => writeln!(out, "  {DIM}{}{DIM:#}", cut(reason)),
        None => writeln!(out, "  {:>5}", check.kept + check.broken),
    }
}

fn figures(out: &mut dyn Write, results: &Results) -> io::Result<()> {
    let totals = results.totals;
    let target = if results.target.embedded {
        "the embedded mock"
    } else {
        results.target.base_url.as_str()
    };
    write!(out, "target   {target}")?;
    if !results.target.faults.is_empty() {
        write!(out, ", with {}", results.target.faults.join(", "))?;
    }
    writeln!(out)?;
    writeln!(
        out,
        "sent     {} requests in {:.2} s ({:.0} exchanges a second), {} jobs",
        totals.exchanges,
        totals.seconds,
        totals.exchanges as f64 / totals.seconds.max(f64::MIN_POSITIVE),
        totals.jobs,
    )?;
    writeln!(
        out,
        "seed     {}, {} made-up cases",
        results.seed, results.cases
    )
}

fn verdict(out: &mut dyn Write, results: &Results) -> io::Result<()> {
    let counts: Vec<String> = [
        Status::Fail,
        Status::Warn,
        Status::Untestable,
        Status::Vacuous,
        Status::Pass,
    ]
    .into_iter()
    .map(|status| (status, results.count(status)))
    .filter(|(_, count)| *count > 0)
    .map(|(status, count)| format!("{count} {}", status.as_str()))
    .collect();
    let (style, word) = match results.verdict {
        Verdict::Conformant => (GREEN.bold(), "conformant"),
        Verdict::Violated => (RED, "violated"),
        Verdict::Inconclusive => (YELLOW.bold(), "inconclusive"),
        Verdict::Interrupted => (YELLOW.bold(), "interrupted"),
    };
    write!(
        out,
        "verdict  {style}{word}{style:#}: {}",
        counts.join(", ")
    )?;
    match &results.stopped {
        Some(why) => writeln!(out, "\n         {BOLD}stopped early:{BOLD:#} {why}"),
        None => writeln!(out),
    }
}

fn style(status: Status) -> Style {
    match status {
        Status::Pass => GREEN,
        Status::Fail => RED,
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

//! The report for people: a line for each clause that does not pass, the figures, and last what is seen first on a
//! terminal: the findings and the verdict. Styled with ANSI codes; the caller's stream strips them where they are not
//! wanted.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{LEVELS, commands, note, seen, word};
use crate::columns::Columns;
use crate::readable;
use crate::results::{self, CheckResult, Cost, Results, Status, Verdict};

/// The most characters of one line about a finding; a command is never cut.
const WIDTH: usize = 240;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const DIM: Style = Style::new().dimmed();

/// Writes the report. Clauses that pass are counted, and listed only where `verbose` asks for it. Sentences are broken
/// at so many columns.
///
/// # Errors
///
/// When `out` can't be written to.
pub fn write(
    out: &mut dyn Write,
    results: &Results,
    verbose: bool,
    columns: Columns,
) -> io::Result<()> {
    table(out, results, verbose, columns)?;
    figures(out, results)?;
    writeln!(out)?;
    let warnings =
        |check: &&CheckResult| check.status == Status::Warn && !check.is_violation(results.strict);
    for check in results.checks.iter().filter(warnings) {
        finding(out, check, results, YELLOW, columns)?;
    }
    for check in results.violations() {
        finding(out, check, results, RED, columns)?;
    }
    verdict(out, results, columns)
}

/// The clauses, a line each, under the names of their columns.
fn table(
    out: &mut dyn Write,
    results: &Results,
    verbose: bool,
    columns: Columns,
) -> io::Result<()> {
    let checks = &results.checks;
    // The verdict says why.
    let for_one_reason = results.stopped.is_some()
        && checks
            .windows(2)
            .all(|pair| pair[0].status == Status::Untestable && pair[0].reason == pair[1].reason);
    if for_one_reason && checks.len() > 1 && !verbose {
        let count = checks.len();
        return writeln!(
            out,
            "{YELLOW}{count} clauses are untestable{YELLOW:#} (--verbose lists them)\n"
        );
    }
    let passes = |check: &&CheckResult| check.status == Status::Pass && check.stale().is_none();
    let mut bare = (results.checks.iter()).filter(|check| results::has_no_account(check));
    let said = bare.next().map(|check| check.id);
    // What the server has not is said once.
    let again = |check: &CheckResult| results::has_no_account(check) && Some(check.id) != said;
    let listed = |check: &&CheckResult| (verbose || !passes(check)) && !again(check);
    let rows: Vec<&CheckResult> = results.checks.iter().filter(listed).collect();
    if !rows.is_empty() {
        let width = rows.iter().map(|check| check.id.len()).max();
        let width = width.unwrap_or_default();
        writeln!(
            out,
            "{BOLD}{:<10}  {:<width$}  level  exchanges{BOLD:#}",
            "status", "clause"
        )?;
        for check in &rows {
            line(out, check, width)?;
        }
        let others = bare.count();
        if others > 0 {
            let gap = 12 + width;
            writeln!(
                out,
                "{:gap$}  {DIM}and so for {others} other clauses{DIM:#}",
                ""
            )?;
        }
        let levels = LEVELS.map(|(level, meaning)| format!("{level}: {meaning}"));
        write!(out, "{DIM}")?;
        columns.write(out, "", &levels.join("; "))?;
        write!(out, "{DIM:#}")?;
    }
    let passed = results.checks.iter().filter(passes).count();
    if passed > 0 && !verbose {
        let clauses = if passed == 1 {
            "clause passes"
        } else {
            "clauses pass"
        };
        writeln!(
            out,
            "{GREEN}{passed} {clauses}{GREEN:#} (--verbose lists them)"
        )?;
    }
    writeln!(out)
}

fn finding(
    out: &mut dyn Write,
    check: &CheckResult,
    results: &Results,
    style: Style,
    columns: Columns,
) -> io::Result<()> {
    let word = word(check).to_uppercase();
    writeln!(out, "{style}{word} {}{style:#} ({})", check.id, check.level)?;
    columns.write(out, "  ", &check.clause)?;
    if let Some(stale) = check.stale() {
        writeln!(out, "  {BOLD}{}{BOLD:#}", stale.advice())?;
    }
    if !check.findings.is_empty() {
        columns.write(out, "  fix       ", &check.fix)?;
    }
    for finding in &check.findings {
        columns.write(out, "  sent      ", &cut(&finding.sent))?;
        columns.write(out, "  expected  ", &cut(&finding.expected))?;
        columns.write(out, "  got       ", &cut(&finding.got))?;
        if let Some(place) = &finding.place {
            columns.write(out, "  at        ", &cut(place))?;
        }
        if let Some(against) = &finding.against {
            columns.write(out, "  against   ", &cut(&against.brief()))?;
        }
        writeln!(out, "  {DIM}seen in {}{DIM:#}", seen(check, results))?;
        for command in commands(finding) {
            writeln!(out, "  {command}")?;
        }
    }
    writeln!(out)
}

fn line(out: &mut dyn Write, check: &CheckResult, width: usize) -> io::Result<()> {
    let style = style(check.status);
    let status = check.status.as_str();
    write!(
        out,
        "{style}{status:<10}{style:#}  {:<width$}  {:<5}  {:>9}",
        check.id,
        check.level,
        check.satisfied + check.violated
    )?;
    match note(check) {
        Some(note) => writeln!(out, "  {DIM}{}{DIM:#}", cut(&note)),
        None => writeln!(out),
    }
}

fn figures(out: &mut dyn Write, results: &Results) -> io::Result<()> {
    let totals = results.totals;
    writeln!(out, "target   {}", results.target_name())?;
    let (requests, jobs) = results.amounts();
    if !results.is_run() {
        writeln!(out, "judged   {requests}, {jobs}")?;
        for note in &results.notes {
            writeln!(out, "note     {YELLOW}{}{YELLOW:#}", cut(note))?;
        }
        return Ok(());
    }
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
    for read in &results.cut_once {
        let read = cut(read);
        writeln!(
            out,
            "cut off  {YELLOW}{read}{YELLOW:#} (repeated, and judged by that)"
        )?;
    }
    writeln!(
        out,
        "time     {:.2} s waiting for the pace, {:.2} s of the server",
        totals.waited, totals.server,
    )?;
    for (n, text) in results.cost.iter().flat_map(Cost::lines).enumerate() {
        let name = if n == 0 { "cost" } else { "" };
        writeln!(out, "{name:<8} {}", cut(&text))?;
    }
    if let (Some(seed), Some(cases)) = (results.seed, results.cases) {
        writeln!(out, "seed     {seed}, {cases} generated cases")?;
    }
    Ok(())
}

fn verdict(out: &mut dyn Write, results: &Results, columns: Columns) -> io::Result<()> {
    let style = match results.verdict {
        Verdict::Conformant => GREEN.bold(),
        Verdict::Violated => RED,
        Verdict::Inconclusive | Verdict::Interrupted => YELLOW.bold(),
    };
    let word = results.verdict.as_str();
    writeln!(out, "verdict  {style}{word}{style:#}: {}", results.counts())?;
    match &results.because {
        Some(because) => columns.write(out, "         ", &cut(because)),
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

/// One line of at most [`WIDTH`] characters.
fn cut(text: &str) -> String {
    readable::line(text, WIDTH)
}

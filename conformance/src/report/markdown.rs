//! The summary for a page that shows Markdown, such as that of a GitHub Actions run.

use std::io::{self, Write};

use super::{LEVELS, commands, note, remarks, word};
use crate::readable;
use crate::results::{CheckResult, Cost, Results, Status, Verdict};

/// Writes the summary.
///
/// # Errors
///
/// When `out` can't be written to.
pub fn write(out: &mut dyn Write, results: &Results) -> io::Result<()> {
    let mark = match results.verdict {
        Verdict::Conformant => "✅",
        Verdict::Violated => "❌",
        Verdict::Inconclusive | Verdict::Interrupted => "⚠️",
    };
    writeln!(out, "## {mark} Conformance: {}\n", results.verdict.as_str())?;
    let (requests, jobs) = results.amounts();
    write!(
        out,
        "{}: {}. {requests}, {jobs}",
        inline(&results.target_name()),
        results.counts(),
    )?;
    if let Some(seed) = results.seed {
        write!(out, ", seed {seed}")?;
    }
    writeln!(out, ".\n")?;
    if let Some(because) = &results.because {
        writeln!(out, "{}\n", inline(because))?;
    }
    let mut remarks = remarks(results).peekable();
    let remarked = remarks.peek().is_some();
    for remark in remarks {
        writeln!(out, "- {}", inline(&remark))?;
    }
    if remarked {
        writeln!(out)?;
    }
    for text in results.cost.iter().flat_map(Cost::lines) {
        writeln!(out, "- {}", inline(&text))?;
    }
    if results.cost.is_some() {
        writeln!(out)?;
    }
    let red = |check: &&CheckResult| check.is_violation(results.strict);
    for check in results.checks.iter().filter(red) {
        violated(out, check)?;
    }
    let other =
        |check: &&CheckResult| check.status == Status::Warn && !check.is_violation(results.strict);
    for check in results.checks.iter().filter(other) {
        violated(out, check)?;
    }
    writeln!(out, "<details><summary>All clauses</summary>\n")?;
    writeln!(out, "| status | clause | level | note |")?;
    writeln!(out, "| --- | --- | --- | --- |")?;
    for check in &results.checks {
        writeln!(
            out,
            "| {} | `{}` | {} | {} |",
            word(check),
            check.id,
            check.level,
            inline(&note(check).unwrap_or_default()),
        )?;
    }
    let levels = LEVELS.map(|(level, meaning)| format!("**{level}**: {meaning}"));
    writeln!(out, "\nLevels: {}.\n\n</details>\n", levels.join("; "))
}

fn violated(out: &mut dyn Write, check: &CheckResult) -> io::Result<()> {
    writeln!(
        out,
        "### {}: `{}` ({})\n",
        word(check),
        check.id,
        check.level
    )?;
    writeln!(out, "{}\n", inline(&check.clause))?;
    if let Some(note) = note(check) {
        writeln!(out, "{}\n", inline(&note))?;
    }
    for finding in &check.findings {
        let mut text = format!(
            "sent      {}\nexpected  {}\ngot       {}\nfix       {}",
            finding.sent, finding.expected, finding.got, check.fix
        );
        if let Some(against) = &finding.against {
            text += &format!("\nagainst   {}", against.brief());
        }
        fenced(out, "text", &text)?;
        let commands: Vec<&str> = commands(finding).collect();
        if !commands.is_empty() {
            fenced(out, "sh", &commands.join("\n"))?;
        }
    }
    Ok(())
}

/// A code block whose fence is longer than any run of backticks in it.
fn fenced(out: &mut dyn Write, language: &str, text: &str) -> io::Result<()> {
    let longest = text.split(|c| c != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or_default().max(2) + 1);
    writeln!(out, "{fence}{language}\n{text}\n{fence}\n")
}

/// One line that can't break out of a sentence or a table cell. What stands between backticks is code, where
/// only the table's bar means anything.
pub fn inline(text: &str) -> String {
    let balanced = text.matches('`').count().is_multiple_of(2);
    let mut in_code = false;
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '`' if balanced => {
                in_code = !in_code;
                escaped.push(c);
            }
            '|' => escaped += "\\|",
            c if readable::is_unsafe(c) => escaped.push(' '),
            c if in_code => escaped.push(c),
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '&' => escaped += "&amp;",
            '*' | '_' | '[' | ']' | '\\' | '`' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

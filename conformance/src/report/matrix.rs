//! The report that puts several clients side by side: a line for each clause, a column for each of them.

use std::io::{self, Write};

use super::word;
use crate::results::Results;

/// Writes what became of each clause with each client, whose names are given.
///
/// # Errors
///
/// When `out` can't be written to.
pub fn write(out: &mut dyn Write, clients: &[(String, Results)]) -> io::Result<()> {
    let Some((_, first)) = clients.first() else {
        return Ok(());
    };
    let ids = first.checks.iter().map(|check| check.id.len());
    let width = ids.max().unwrap_or_default();
    write!(out, "{:<width$}", "clause")?;
    for (name, _) in clients {
        write!(out, "  {name:<10}")?;
    }
    writeln!(out)?;
    for (place, check) in first.checks.iter().enumerate() {
        write!(out, "{:<width$}", check.id)?;
        for (name, results) in clients {
            let word = results.checks.get(place).map(word).unwrap_or_default();
            write!(out, "  {word:<column$}", column = name.len().max(10))?;
        }
        writeln!(out)?;
    }
    write!(out, "{:<width$}", "verdict")?;
    for (name, results) in clients {
        let verdict = results.verdict.as_str();
        write!(out, "  {verdict:<column$}", column = name.len().max(10))?;
    }
    writeln!(out)
}

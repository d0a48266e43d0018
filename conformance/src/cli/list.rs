//! `conformance list`

use std::io::Write;

use super::{CliError, select, written};
use crate::mock;

/// List the clauses: id, level, text
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only clauses whose id matches; `*` stands for any characters
    #[arg(value_name = "GLOB")]
    only: Vec<String>,
    /// List the faults of the mock instead: name, the clauses it breaks, what it does
    #[arg(long, conflicts_with = "only")]
    faults: bool,
}

pub(super) fn list(args: &Args, out: &mut dyn Write) -> Result<u8, CliError> {
    let lines: Vec<String> = if args.faults {
        let broken = mock::faults().map(|fault| {
            format!(
                "{}\n    {}\n    {}",
                fault.name,
                fault.breaks.join(", "),
                fault.about
            )
        });
        let benign = mock::variants().map(|variant| {
            format!(
                "{}\n    (breaks nothing)\n    {}",
                variant.name, variant.about
            )
        });
        broken.chain(benign).collect()
    } else {
        select::checks(&args.only, &[])?
            .iter()
            .map(|check| format!("{:<28}  {:<4}  {}", check.id, check.level, check.clause()))
            .collect()
    };
    written(lines.iter().try_for_each(|line| writeln!(out, "{line}")))?;
    Ok(0)
}

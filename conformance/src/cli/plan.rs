//! `conformance plan`

use std::io::Write;

use super::{CliError, run, written};

/// Say what a run with the same arguments would send at most, and send nothing
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Args {
    #[command(flatten)]
    run: run::Args,
}

pub(super) fn plan(args: &Args, out: &mut dyn Write) -> Result<u8, CliError> {
    let plan = args.run.plan()?;
    written(writeln!(out, "{plan}"))?;
    Ok(0)
}

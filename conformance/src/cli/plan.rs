//! `conformance plan`

use std::io::Write;
use std::time::Duration;

use super::error::{CliError, written};
use super::sending::Sending;
use crate::runner::Plan;

/// Say what a run with the same arguments would send, at most and likely, and send nothing
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    sending: Sending,
}

pub(super) fn plan(args: &Args, out: &mut dyn Write) -> Result<u8, CliError> {
    // Neither a key nor a time-out has a part in it.
    let config = args.sending.config("".to_owned().into(), Duration::MAX)?;
    written(writeln!(out, "{}", Plan::of(&config)))?;
    Ok(0)
}

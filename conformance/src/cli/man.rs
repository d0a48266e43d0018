//! `conformance man`

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Command;
use clap_mangen::Man;

use super::error::{CliError, written};

/// Print the manual page of the command, or write one for it and each verb
#[derive(Debug, clap::Args)]
#[command(after_help = "To read it at once: conformance man | man -l -")]
pub(super) struct Args {
    /// Directory for the pages conformance.1, conformance-run.1 and so on; made where there is none
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(super) fn man(args: &Args, command: Command, out: &mut dyn Write) -> Result<u8, CliError> {
    let Some(directory) = &args.output else {
        // As it is among the pages that are written: the verb `help` has none.
        let command = command.disable_help_subcommand(true);
        written(Man::new(command).render(out))?;
        return Ok(0);
    };
    fs::create_dir_all(directory)
        .and_then(|()| clap_mangen::generate_to(command, directory))
        .map_err(|error| CliError::unusable("--output", &error))?;
    Ok(0)
}

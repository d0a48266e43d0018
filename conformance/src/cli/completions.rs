//! `conformance completions`

use std::io::Write;

use clap::Command;
use clap_complete::Shell;

use super::error::{CliError, written};

/// Print a script with which a shell completes verbs and flags
#[derive(Debug, clap::Args)]
#[command(after_help = "Where it goes:
  bash        conformance completions bash > ~/.local/share/bash-completion/completions/conformance
  fish        conformance completions fish > ~/.config/fish/completions/conformance.fish
  zsh         conformance completions zsh > DIR/_conformance, with a DIR that $fpath names
  powershell  conformance completions powershell >> $PROFILE
  elvish      conformance completions elvish >> ~/.config/elvish/rc.elv")]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn completions(
    args: &Args,
    mut command: Command,
    out: &mut dyn Write,
) -> Result<u8, CliError> {
    // In memory first: what renders it panics where it can't write.
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    written(out.write_all(&script))?;
    Ok(0)
}

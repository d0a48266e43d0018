//! `completions` and `man`: what helps people to type a command, made from the arguments themselves.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;

use super::exit::{End, Failure};

/// Prints a script with which a shell completes verbs and flags.
#[derive(Args)]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, mut command: Command) -> Result<End, Failure> {
        // In memory first: what renders it panics where it can't write.
        let mut script = Vec::new();
        let name = command.get_name().to_owned();
        clap_complete::generate(self.shell, &mut command, name, &mut script);
        print(&script)
    }
}

/// Prints the manual page of the command, or writes one for it and each verb.
#[derive(Args)]
pub(super) struct Pages {
    /// Directory for the pages crustdata-bulk.1, crustdata-bulk-enrich.1 and so on; made where there is none.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

impl Pages {
    pub(super) fn run(self, command: Command) -> Result<End, Failure> {
        let Some(directory) = self.output else {
            // As it is among the pages that are written: the verb `help` has none.
            let command = command.disable_help_subcommand(true);
            let mut page = Vec::new();
            let rendered = Man::new(command).render(&mut page);
            rendered.map_err(|error| Failure::stopped(&error))?;
            return print(&page);
        };
        let pages = fs::create_dir_all(&directory)
            .and_then(|()| clap_mangen::generate_to(command, &directory));
        pages.map_err(|error| Failure::usage(format!("{}: {error}", directory.display())))?;
        Ok(End::Whole)
    }
}

fn print(text: &[u8]) -> Result<End, Failure> {
    let printed = io::stdout().write_all(text);
    printed.map_err(|error| Failure::stopped(&error))?;
    Ok(End::Whole)
}

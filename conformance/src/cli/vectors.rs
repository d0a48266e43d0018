//! `conformance vectors`

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use super::error::{CliError, written};
use crate::vectors;

/// Write what a client must send, and what it must understand, as JSON for its unit tests
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes:
  0  they are written
  2  usage: a bad flag, or a directory that can't be written to
  4  the suite itself failed")]
pub(super) struct Args {
    /// Directory for requests.json, responses.json and vectors.schema.json; made where there is none. Without it they
    /// are printed, by their names
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(super) fn vectors(args: &Args, out: &mut dyn Write) -> Result<u8, CliError> {
    let Some(directory) = &args.output else {
        let files = vectors::files()
            .into_iter()
            .collect::<std::collections::BTreeMap<_, _>>();
        written(text(&files).and_then(|text| out.write_all(text.as_bytes())))?;
        return Ok(0);
    };
    write_all(directory).map_err(|error| CliError::unusable("--output", &error))?;
    Ok(0)
}

fn write_all(directory: &PathBuf) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    for (name, file) in vectors::files() {
        fs::write(directory.join(name), text(&file)?)?;
    }
    fs::write(directory.join("vectors.schema.json"), vectors::JSON_SCHEMA)
}

fn text(value: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

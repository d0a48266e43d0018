//! The `conformance` binary: parses the command line and exits. Everything else is in the library.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use crustdata_conformance::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let (mut out, mut err) = (anstream::stdout(), anstream::stderr());
    match cli.execute(&mut out, &mut err) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let mut text = format!("error: {error}");
            let mut source = error.source();
            while let Some(inner) = source {
                text += &format!("\n  because: {inner}");
                source = inner.source();
            }
            // With nobody left to read it, the exit code has to do.
            let _ = writeln!(err, "{text}");
            ExitCode::from(error.exit_code())
        }
    }
}

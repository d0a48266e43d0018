//! The command `crustdata-bulk`. What it takes is in `cli`; all it does is the library's.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}

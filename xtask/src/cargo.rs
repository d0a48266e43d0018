//! Cargo, called by a verb.

use std::process::Command;

/// The cargo that runs this, and no other.
pub(crate) fn command() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

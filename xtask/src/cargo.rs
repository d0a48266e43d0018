//! Cargo, called by a verb.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The cargo that runs this, and no other.
pub(crate) fn command() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Removes what cargo has unpacked of these packages from registries that are folders, as it makes one to check packages
/// that are not published.
pub(crate) fn forget_unpacked(prefix: &str) -> io::Result<()> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let Some(home) = home.or_else(|| Some(env::home_dir()?.join(".cargo"))) else {
        return Ok(());
    };
    // A folder has no host, which the names of other registries begin with.
    for registry in named(&home.join("registry/src"), "-")? {
        for package in named(&registry, prefix)? {
            fs::remove_dir_all(package)?;
        }
    }
    Ok(())
}

/// What is in a folder, if it is there, under names that begin so.
fn named(folder: &Path, prefix: &str) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let is_named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(prefix))
    };
    paths
        .filter(|path| path.as_ref().is_ok_and(is_named) || path.is_err())
        .collect()
}

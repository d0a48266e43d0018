//! Reading sources, and what can go wrong with it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why the sources could not be looked at.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// A file could not be read.
    #[error("could not read {}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    /// A file is not Rust.
    #[error("{}: {source}", path.display())]
    Syntax { path: PathBuf, source: syn::Error },
    /// The workspace's manifest can't be read.
    #[error("{0}")]
    Manifest(String),
    /// The workspace has no list of members.
    #[error("Cargo.toml names no `workspace.members`")]
    NoMembers,
}

/// The items of a file of Rust.
pub(super) fn parse(path: &Path) -> Result<Vec<syn::Item>, Error> {
    let path = path.to_owned();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(Error::File { path, source }),
    };
    match syn::parse_file(&text) {
        Ok(file) => Ok(file.items),
        Err(source) => Err(Error::Syntax { path, source }),
    }
}

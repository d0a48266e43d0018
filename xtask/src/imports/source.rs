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
    /// The workspace has no list of members.
    #[error("Cargo.toml: no line `members = [\"…\"]`")]
    NoMembers,
}

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::File {
        path: path.to_owned(),
        source,
    })
}

/// The items of a file of Rust.
pub(super) fn parse(path: &Path) -> Result<Vec<syn::Item>, Error> {
    let file = syn::parse_file(&read(path)?).map_err(|source| Error::Syntax {
        path: path.to_owned(),
        source,
    })?;
    Ok(file.items)
}

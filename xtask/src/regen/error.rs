//! What can go wrong while the document is rendered. Every message names the place and what to do there.

use std::io;
use std::path::PathBuf;

use super::document::DOCUMENT;

/// Why rendering stopped.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// A file or folder could not be read or written.
    #[error("could not {action} {}: {source}", path.display())]
    File {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// The document is not YAML.
    #[error("{DOCUMENT}:{line}:{column}: {problem}")]
    Syntax {
        /// Counted from 1.
        line: u64,
        /// Counted from 1.
        column: u64,
        problem: String,
    },
    /// The document lacks something that the code relies on, or contradicts itself.
    #[error("{DOCUMENT}: {place}: {problem}\n  {reason}")]
    Document {
        /// A JSON pointer, as in `#/components/schemas/ChunkSize/minimum`.
        place: String,
        /// What is wrong, and what should stand there.
        problem: String,
        /// Who needs it.
        reason: String,
    },
    /// The client generator can't take a part of the document.
    #[error(
        "{DOCUMENT}: {place}: the client generator can't take this: {problem}\n  say it in a way that progenitor supports, or mend the view of it in xtask/src/regen/view.rs"
    )]
    Generator { place: String, problem: String },
    /// `--check` found files that are not what the document says.
    #[error(
        "stale, so not what {DOCUMENT} says:\n{}\nTo mend: cargo xtask regen",
        list(files)
    )]
    Stale { files: Vec<&'static str> },
}

fn list(files: &[&str]) -> String {
    files
        .iter()
        .map(|file| format!("  {file}"))
        .collect::<Vec<_>>()
        .join("\n")
}

//! What can go wrong while the document is rendered. Every message names the place and what to do there.

use std::io;
use std::path::{Path, PathBuf};

use crate::files::DOCUMENT;

/// Why nothing was rendered, or what `--check` found.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// A file or folder could not be read or written.
    #[error("could not {action} {}: {source}", path.display())]
    File {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// The document is not YAML. Line and column count from 1.
    #[error("{DOCUMENT}:{line}:{column}: {problem}")]
    Syntax {
        line: u64,
        column: u64,
        problem: String,
    },
    /// The document lacks something that the code relies on, or contradicts itself.
    #[error("{DOCUMENT}: {place} {problem}\n  expected: {expected}\n  needed for: {need}")]
    Document {
        /// A JSON pointer, as in `#/components/schemas/ChunkSize/minimum`.
        place: String,
        problem: String,
        expected: String,
        need: String,
    },
    /// The client generator can't take a part of the document.
    #[error(
        "{DOCUMENT}: {place} is more than the client generator can take: {problem}\n  \
         expected: OpenAPI 3.0 in a form that progenitor supports\n  \
         needed for: the client; what it need not see can be left out in xtask/src/regen/view.rs"
    )]
    Generator { place: String, problem: String },
    /// There is no place for the table of clauses.
    #[error(
        "openapi/README.md: no line `{begin}`, or none `{end}` after it\n  needed for: the table of clauses"
    )]
    Marks {
        begin: &'static str,
        end: &'static str,
    },
    /// Rendered files are not what the document says.
    #[error(
        "stale, no longer what {DOCUMENT} says:\n{}\nTo mend: cargo xtask regen",
        list(files)
    )]
    Stale { files: Vec<&'static str> },
}

impl Error {
    /// What an error of the file system becomes: this could not be done with the file.
    pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File {
            action,
            path,
            source,
        }
    }
}

fn list(files: &[&str]) -> String {
    let lines: Vec<_> = files.iter().map(|file| format!("  {file}")).collect();
    lines.join("\n")
}

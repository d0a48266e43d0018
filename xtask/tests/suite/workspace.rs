//! A workspace to work on: a temporary folder with the document in it, and the xtask run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Path of the document below the root.
pub(crate) const DOCUMENT: &str = "openapi/crustdata-batch.yaml";

/// Path of the suite's registry.
pub(crate) const REGISTRY: &str = "conformance/src/checks/registry.rs";

/// Path of the file with the table of clauses.
pub(crate) const README: &str = "openapi/README.md";

/// Path of the page of the clauses.
pub(crate) const CLAUSES: &str = "docs/clauses.md";

/// The root of the real workspace.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// A copy of the project, or of parts of it.
pub(crate) struct Workspace {
    root: PathBuf,
    // Removes the folder on drop.
    _temporary: Option<TempDir>,
}

/// What a run of the xtask left behind.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workspace {
    /// A temporary workspace with nothing in it.
    pub(crate) fn empty() -> Self {
        let temporary = TempDir::new().unwrap();
        Self {
            root: temporary.path().to_owned(),
            _temporary: Some(temporary),
        }
    }

    /// A temporary workspace with nothing but what `regen` reads.
    pub(crate) fn with_document() -> Self {
        let workspace = Self::empty();
        for file in [DOCUMENT, README, CLAUSES] {
            workspace.write(file, fs::read(project().join(file)).unwrap());
        }
        workspace
    }

    /// A workspace that stays where it is.
    pub(crate) fn at(root: PathBuf) -> Self {
        Self {
            root,
            _temporary: None,
        }
    }

    pub(crate) fn path(&self, file: impl AsRef<Path>) -> PathBuf {
        self.root.join(file)
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    pub(crate) fn write(&self, file: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces text of the document that stands there exactly once.
    #[track_caller]
    pub(crate) fn edit(&self, from: &str, to: &str) {
        self.write(DOCUMENT, replace_once(&self.read(DOCUMENT), from, to));
    }

    /// Runs `cargo xtask` with these arguments.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .arg("--root")
            .arg(&self.root)
            .output()
            .unwrap();
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Replaces the only occurrence of `from`.
#[track_caller]
pub(crate) fn replace_once(text: &str, from: &str, to: &str) -> String {
    assert_eq!(
        text.matches(from).count(),
        1,
        "times that {from:?} is found"
    );
    text.replace(from, to)
}

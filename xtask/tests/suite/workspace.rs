//! A workspace to work on: a temporary folder with the document in it, and the xtask run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Path of the document below the root.
pub(crate) const DOCUMENT: &str = "openapi/crustdata-batch.yaml";

/// The root of the real workspace.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// A temporary copy, gone on drop.
pub(crate) struct Workspace {
    folder: TempDir,
}

/// What a run of the xtask left behind.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workspace {
    /// A workspace with nothing but the document.
    pub(crate) fn with_document() -> Self {
        let workspace = Self {
            folder: TempDir::new().unwrap(),
        };
        workspace.write(
            DOCUMENT,
            &fs::read_to_string(project().join(DOCUMENT)).unwrap(),
        );
        workspace
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces text of the document that stands there exactly once.
    #[track_caller]
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let document = self.read(DOCUMENT);
        assert_eq!(
            document.matches(from).count(),
            1,
            "times that the document has {from:?}"
        );
        self.write(DOCUMENT, &document.replace(from, to));
    }

    /// Runs `cargo xtask` with these arguments.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .arg("--root")
            .arg(self.folder.path())
            .output()
            .unwrap();
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

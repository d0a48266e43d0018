//! A recording of a session, to be changed and judged.

use std::fs;
use std::path::{Path, PathBuf};

use crustdata_mock::find;
use serde_json::Value;
use tempfile::TempDir;

use crate::mock_fixture::client;
use crate::process::{Printed, command, json as report, printed, with_status};
use crate::session::{Session, Whose};

/// A recording of a client's session in a folder of its own.
pub(super) struct Recording {
    pub(super) folder: TempDir,
    pub(super) har: Value,
}

impl Recording {
    pub(super) async fn of(faults: &[&str]) -> Self {
        let faults: Vec<_> = faults.iter().map(|name| find(name).unwrap()).collect();
        Self {
            folder: tempfile::tempdir().unwrap(),
            har: Session::har(&client(), &faults, Whose::User).await,
        }
    }

    /// The same in another folder, to be changed.
    pub(super) fn like(other: &Self) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            har: other.har.clone(),
        }
    }

    /// That of a tester's session, bad requests and all.
    pub(super) async fn of_tester() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            har: Session::har(&client(), &[], Whose::Tester(10)).await,
        }
    }

    pub(super) fn entries(&mut self) -> &mut Vec<Value> {
        self.har["log"]["entries"].as_array_mut().unwrap()
    }

    /// Changes each entry of the API.
    pub(super) fn each(&mut self, change: impl Fn(&mut Value)) {
        let of_the_api = |entry: &&mut Value| {
            let url = entry["request"]["url"].as_str().unwrap();
            url.contains("/batch") || url.contains("/account/")
        };
        self.entries()
            .iter_mut()
            .filter(of_the_api)
            .for_each(change);
    }

    pub(super) fn write(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, self.har.to_string()).unwrap();
        path
    }

    /// What judging it says, and shows as JSON.
    pub(super) fn judged(&self, args: &str) -> (Printed, Value) {
        let printed = judge(
            &[&self.write("session.har")],
            &format!("{args} --format json"),
        );
        let results = if printed.out.is_empty() {
            Value::Null
        } else {
            report(&printed)
        };
        (printed, results)
    }

    /// Makes sure that nobody is blamed for what the recorder left out.
    #[track_caller]
    pub(super) fn blames_nobody(&self, what: &str) -> Value {
        let (printed, results) = self.judged("");
        assert!(
            with_status(&results, "fail").is_empty(),
            "{what}: {}",
            printed.out
        );
        assert!(
            with_status(&results, "warn").is_empty(),
            "{what}: {}",
            printed.out
        );
        results
    }
}

/// Runs `judge` on these files.
pub(super) fn judge(files: &[&Path], args: &str) -> Printed {
    let mut command = command(&format!("judge {args}"));
    command.args(files);
    printed(command.output().expect("the binary runs"))
}

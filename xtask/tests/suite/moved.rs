//! The document is the only source: on a copy of the workspace its bounds are moved and a contact field is
//! added, `regen` runs, and without another edit the client's tests of its bounds pass and the suite finds the
//! mock conformant.
//!
//! The copy is compiled, which is what takes the time. It stays between runs, at the same place, so that only
//! what has changed is compiled again, and it shares the compiled dependencies of the workspace.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::workspace::{DOCUMENT, Workspace, project, replace_once};

/// What a workspace needs to be built.
const SOURCES: [&str; 9] = [
    ".cargo",
    ".github",
    "Cargo.lock",
    "Cargo.toml",
    "client",
    "conformance",
    "docs",
    "openapi",
    "xtask",
];

/// What `regen` renders. It is left to the `regen` of the copy.
const RENDERED: [&str; 3] = ["api.rs", "contract.rs", "enums.rs"];

/// Tests that say nothing of the bounds: the copy need not compile them.
const UNMOVED: [&str; 3] = [
    "client/bulk/tests/suite/main.rs",
    "conformance/tests/suite/main.rs",
    "xtask/tests/suite/main.rs",
];

#[test]
fn client_mock_and_suite_move_with_the_document() {
    let copy = Workspace::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join("moved"));
    synchronise(&copy);
    let outcome = copy.xtask(&["regen"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);

    // The whole workspace, so that the dependencies have the features with which they are compiled already.
    let tests = cargo(
        &copy,
        &["test", "--workspace", "--test", "suite", "--", "bounds::"],
    );
    assert!(tests.contains("test bounds::identifiers ... ok"), "{tests}");

    let conformance = copy.path("target/debug/conformance");
    let run = |arguments: &[&str]| output(Command::new(&conformance).args(arguments));
    let explained = run(&["explain", "submit.max-identifiers"]);
    assert!(explained.contains("500"), "{explained}");
    run(&["run", "--cases", "8"]);
}

/// Brings the copy up to date: the project's sources with a moved document.
fn synchronise(copy: &Workspace) {
    let mut current = BTreeSet::new();
    for file in files(&project(), &SOURCES) {
        let text = moved(&file, fs::read(project().join(&file)).unwrap());
        // An untouched file keeps its time of change, by which cargo knows what to compile again.
        if fs::read(copy.path(&file)).ok().as_ref() != Some(&text) {
            copy.write(&file, text);
        }
        current.insert(file);
    }
    for file in files(&copy.path(""), &SOURCES) {
        if !current.contains(&file) {
            fs::remove_file(copy.path(file)).unwrap();
        }
    }
}

/// What the copy has instead of a file: the document with other bounds and a contact field more, and packages of
/// another version, since cargo keeps what it compiles apart by name and version.
fn moved(file: &Path, text: Vec<u8>) -> Vec<u8> {
    let last_field = "        - personal_contact_info.phone_numbers\n    ChunkSize:\n";
    let one_more =
        "        - personal_contact_info.phone_numbers\n        - work_phone\n    ChunkSize:\n";
    let edits: &[_] = match file.to_str() {
        Some(DOCUMENT) => &[
            ("maxItems: 300\n", "maxItems: 500\n"),
            ("minimum: 10\n", "minimum: 20\n"),
            ("maximum: 1000\n", "maximum: 2000\n"),
            (last_field, one_more),
        ],
        Some("Cargo.toml") => &[
            (
                "[workspace.package]\nversion = \"",
                "[workspace.package]\nversion = \"9",
            ),
            (
                "crustdata-batch = { version = \"",
                "crustdata-batch = { version = \"9",
            ),
            (
                "crustdata-mock = { version = \"",
                "crustdata-mock = { version = \"9",
            ),
        ],
        Some(file) if UNMOVED.contains(&file) => return b"//! Left out of the copy.\n".to_vec(),
        _ => return text,
    };
    let text = String::from_utf8(text).unwrap();
    let edit = |text: String, (from, to): &(&str, &str)| replace_once(&text, from, to);
    edits.iter().fold(text, edit).into_bytes()
}

/// The files below these folders and files of `root`, without the rendered ones.
fn files(root: &Path, names: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open: Vec<_> = names.iter().map(PathBuf::from).collect();
    while let Some(path) = open.pop() {
        let full = root.join(&path);
        if full.is_dir() {
            let entries = fs::read_dir(full).unwrap();
            open.extend(entries.map(|entry| path.join(entry.unwrap().file_name())));
        } else if full.is_file() && !is_rendered(&path) {
            found.push(path);
        }
    }
    found
}

fn is_rendered(path: &Path) -> bool {
    let is_generated = path
        .parent()
        .is_some_and(|folder| folder.ends_with("src/generated"));
    is_generated && RENDERED.iter().any(|name| path.ends_with(name))
}

/// Runs cargo on the copy. Its own products stay in the copy; what it compiles goes beside what the workspace
/// has compiled.
fn cargo(copy: &Workspace, arguments: &[&str]) -> String {
    let test = env::current_exe().unwrap();
    let compiled = test.ancestors().nth(3).unwrap();
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .current_dir(copy.path(""))
        .env("CARGO_TARGET_DIR", copy.path("target"))
        .env("CARGO_BUILD_BUILD_DIR", compiled);
    // What cargo says of this package to its tests would have build scripts run anew.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    output(&mut command)
}

/// Runs a command that must succeed; gives what it prints.
fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{stdout}\n{stderr}");
    stdout
}

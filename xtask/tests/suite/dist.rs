//! The archives of the programs. The programs themselves are stand-ins here: building them takes minutes, and what they
//! make is for tests of their own.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;

use flate2::read::GzDecoder;

use crate::workspace::{Outcome, Workspace};

const TARGET: &str = "x86_64-unknown-linux-musl";

/// Makes completions and pages as the programs do.
const PROGRAM: &str = "#!/bin/sh
case $1 in
  completions) echo \"$2 of $0\" ;;
  man) echo page > \"$3/$(basename \"$0\").1\"; echo page > \"$3/$(basename \"$0\")-run.1\" ;;
  *) exit 2 ;;
esac
";

fn workspace() -> Workspace {
    let workspace = Workspace::empty();
    workspace.write(
        "Cargo.toml",
        "[workspace]\nmembers = []\n[workspace.package]\nversion = \"1.2.3\"\n",
    );
    for folder in ["conformance", "client/bulk"] {
        for text in ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"] {
            workspace.write(format!("{folder}/{text}"), text);
        }
    }
    for program in ["conformance", "crustdata-bulk"] {
        let path = workspace.path(format!("programs/{program}"));
        workspace.write(&path, PROGRAM);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    workspace
}

fn dist(workspace: &Workspace) -> Outcome {
    let programs = workspace.path("programs");
    let programs = programs.to_str().unwrap();
    workspace.xtask(&["dist", "--target", TARGET, "--programs", programs])
}

/// The files of an archive, with their modes.
fn files(archive: &[u8]) -> BTreeMap<String, (u32, String)> {
    let mut tar = tar::Archive::new(GzDecoder::new(archive));
    let entries = tar.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        let mode = entry.header().mode().unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (path, (mode, text))
    });
    entries.collect()
}

#[test]
fn an_archive_has_all_that_belongs_to_its_program() {
    let workspace = workspace();
    let outcome = dist(&workspace);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let name = format!("target/dist/conformance-1.2.3-{TARGET}.tar.gz");
    let bytes = fs::read(workspace.path(&name)).unwrap();
    let files = files(&bytes);
    let listed: Vec<String> = (files.iter())
        .map(|(path, (mode, _))| format!("{mode:o} {path}"))
        .collect();
    insta::assert_snapshot!(listed.join("\n"), @r"
    644 conformance-1.2.3-x86_64-unknown-linux-musl/CHANGELOG.md
    644 conformance-1.2.3-x86_64-unknown-linux-musl/LICENSE-APACHE
    644 conformance-1.2.3-x86_64-unknown-linux-musl/LICENSE-MIT
    644 conformance-1.2.3-x86_64-unknown-linux-musl/README.md
    644 conformance-1.2.3-x86_64-unknown-linux-musl/completions/_conformance
    644 conformance-1.2.3-x86_64-unknown-linux-musl/completions/_conformance.ps1
    644 conformance-1.2.3-x86_64-unknown-linux-musl/completions/conformance.bash
    644 conformance-1.2.3-x86_64-unknown-linux-musl/completions/conformance.elv
    644 conformance-1.2.3-x86_64-unknown-linux-musl/completions/conformance.fish
    755 conformance-1.2.3-x86_64-unknown-linux-musl/conformance
    644 conformance-1.2.3-x86_64-unknown-linux-musl/man/man1/conformance-run.1
    644 conformance-1.2.3-x86_64-unknown-linux-musl/man/man1/conformance.1
    ");
    let text = |file: &str| &files[&format!("conformance-1.2.3-{TARGET}/{file}")].1;
    assert_eq!(text("conformance"), PROGRAM);
    assert!(text("completions/_conformance").starts_with("zsh of "));
    assert_eq!(text("LICENSE-MIT"), "LICENSE-MIT");
}

#[test]
fn the_sum_is_that_of_the_archive() {
    let workspace = workspace();
    assert_eq!(dist(&workspace).code, Some(0));
    let folder = workspace.path("target/dist");
    let sums = fs::read_dir(&folder).unwrap().filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|end| end == "sha256")
    });
    let mut count = 0;
    for sum in sums {
        let output = std::process::Command::new("sha256sum")
            .args(["--check", "--strict"])
            .arg(sum.unwrap().path())
            .current_dir(&folder)
            .output();
        // Not every Unix has it.
        assert!(output.is_err() || output.is_ok_and(|output| output.status.success()));
        count += 1;
    }
    assert_eq!(count, 2);
}

#[test]
fn the_same_contents_are_the_same_bytes() {
    let workspace = workspace();
    let name = workspace.path(format!("target/dist/crustdata-bulk-1.2.3-{TARGET}.tar.gz"));
    assert_eq!(dist(&workspace).code, Some(0));
    let first = fs::read(&name).unwrap();
    assert_eq!(dist(&workspace).code, Some(0));
    assert!(first == fs::read(&name).unwrap());
}

#[test]
fn a_program_that_fails_makes_no_archive() {
    let workspace = workspace();
    let path = workspace.path("programs/conformance");
    workspace.write(&path, "#!/bin/sh\necho broken >&2; exit 4\n");
    let outcome = dist(&workspace);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.contains("completions bash` failed: broken"),
        "{}",
        outcome.stderr
    );
    fs::remove_file(path).unwrap();
    let outcome = dist(&workspace);
    assert!(
        outcome.stderr.contains("programs/conformance: "),
        "{}",
        outcome.stderr
    );
}

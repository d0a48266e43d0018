//! Completions and manual pages: that each is made, and knows every verb.

use std::fs;
use std::process::{Command, Stdio};

use clap::CommandFactory;
use crustdata_conformance::cli::Cli;

use crate::process::conformance;

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// The verbs of the command.
fn verbs() -> Vec<String> {
    let verbs: Vec<String> = (Cli::command().get_subcommands())
        .map(|verb| verb.get_name().to_owned())
        .collect();
    assert!(verbs.iter().any(|verb| verb == "run"), "{verbs:?}");
    verbs
}

#[test]
fn each_shells_script_names_each_verb_and_its_flags() {
    for shell in SHELLS {
        let printed = conformance(&format!("completions {shell}"));
        assert_eq!(printed.code, 0, "{}", printed.err);
        for verb in verbs() {
            assert!(printed.out.contains(&verb), "{shell}: {verb}");
        }
        assert!(printed.out.contains("known-failures"), "{shell}");
    }
    let printed = conformance("completions tcsh");
    assert_eq!(printed.code, 2);
    assert!(printed.err.contains("possible values"), "{}", printed.err);
}

/// Bash itself completes with the script.
#[test]
fn bash_completes_a_verb() {
    let script = conformance("completions bash").out;
    let ask =
        "COMP_WORDS=(conformance self); COMP_CWORD=1; _conformance conformance self conformance
        echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash")
        .args(["-c", &format!("{script}\n{ask}")])
        .output();
    let Ok(output) = output else {
        return; // A machine without bash has nothing to complete with.
    };
    let reply = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert_eq!(reply, "self-test");
}

#[test]
fn there_is_a_manual_page_for_each_verb() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let pages = directory.path().join("man1");
    let printed = conformance(&format!("man --output {}", pages.display()));
    assert_eq!(printed.code, 0, "{}", printed.err);
    let page = |name: &str| fs::read_to_string(pages.join(name)).expect("it is there");
    let main = page("conformance.1");
    assert_eq!(main, conformance("man").out);
    for verb in verbs() {
        let roff = page(&format!("conformance-{verb}.1"));
        assert!(roff.starts_with(".ie"), "{roff}");
        let text = read(&roff).unwrap_or(roff);
        assert!(text.contains("SYNOPSIS"), "{verb}: {text}");
    }
    let run = read(&page("conformance-run.1"));
    assert!(run.is_none_or(|text| text.contains("--known-failures")));
}

#[test]
fn pages_that_can_not_be_written_are_a_usage_error() {
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    let printed = conformance(&format!("man --output {}", file.path().display()));
    assert_eq!(printed.code, 2);
    assert!(printed.err.contains("--output"), "{}", printed.err);
}

/// A page as a reader sees it, where groff is installed. It has nothing to complain about.
fn read(page: &str) -> Option<String> {
    use std::io::Write;
    let mut groff = Command::new("groff")
        .args(["-man", "-Tascii", "-ww", "-P-cbou"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = groff.stdin.take().expect("it is piped");
    input.write_all(page.as_bytes()).expect("groff reads");
    drop(input);
    let output = groff.wait_with_output().expect("groff ends");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaints.is_empty(),
        "{complaints}"
    );
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

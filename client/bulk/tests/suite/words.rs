//! The help of each verb, and what the README says: its commands run, and its flags are there.

use std::fs;

use crate::support::{Scene, expect, rows};

#[path = "../../examples/library.rs"]
mod library;

const README: &str = include_str!("../../README.md");
const VERBS: [&str; 9] = [
    "enrich", "plan", "resume", "status", "export", "explain", "decide", "doctor", "demo",
];

/// Flags of cargo's.
const CARGO: [&str; 6] = [
    "--release",
    "--example",
    "--test",
    "--features",
    "--path",
    "--nocapture",
];

fn help(verb: &str) -> String {
    let scene = Scene::new(0);
    let arguments: Vec<&str> = verb.split_whitespace().chain(["--help"]).collect();
    expect(&mut scene.command(&arguments), 0)
}

#[test]
fn the_help_of_each_verb() {
    let mut text = help("");
    for verb in VERBS.iter().chain(&HELPERS) {
        text += &format!("\n$ crustdata-bulk {verb} --help\n{}", help(verb));
    }
    insta::assert_snapshot!("help", text);
}

/// Verbs that are not about lists.
const HELPERS: [&str; 2] = ["completions", "man"];

#[test]
fn completions_and_pages_name_each_verb() {
    let scene = Scene::new(0);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = expect(&mut scene.command(&["completions", shell]), 0);
        for verb in VERBS.iter().chain(&HELPERS) {
            assert!(script.contains(verb), "{shell}: {verb}");
        }
        assert!(script.contains("max-credits"), "{shell}");
    }
    let pages = scene.path("pages");
    let output = pages.to_str().unwrap();
    expect(&mut scene.command(&["man", "--output", output]), 0);
    let page = |name: &str| fs::read_to_string(pages.join(name)).unwrap();
    let printed = expect(&mut scene.command(&["man"]), 0);
    assert_eq!(printed, page("crustdata-bulk.1"));
    for verb in VERBS.iter().chain(&HELPERS) {
        let page = page(&format!("crustdata-bulk-{verb}.1"));
        assert!(page.contains(".SH SYNOPSIS"), "{verb}");
    }
}

#[test]
fn the_flags_of_the_readme_are_there() {
    let help: String = VERBS.iter().map(|verb| help(verb)).collect();
    let words = README.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let flags: Vec<&str> = words
        .filter(|word| word.starts_with("--") && word.len() > 2 && !word.starts_with("---"))
        .filter(|flag| !CARGO.contains(flag))
        .collect();
    assert!(flags.contains(&"--max-credits"), "{flags:?}");
    for flag in flags {
        assert!(help.contains(flag), "{flag}");
    }
    for verb in VERBS {
        assert!(README.contains(&format!("`{verb}")), "{verb}");
    }
}

/// The commands of the README's first blocks, one after the other.
#[test]
fn the_commands_of_the_readme_run() {
    let scene = Scene::new(3);
    fs::copy(scene.path("list.csv"), scene.path("people.csv")).unwrap();
    let (first, _) = README.split_once("| verb |").unwrap();
    let commands = first.lines().filter_map(|line| line.strip_prefix("$ "));
    let mut ran = Vec::new();
    for command in commands {
        let command = command.split(" #").next().unwrap().trim();
        let verb = match command.strip_prefix("crustdata-bulk ") {
            Some(verb) => verb,
            None => match command.strip_prefix("cargo run -p crustdata-bulk -- ") {
                Some(verb) => verb,
                // Itself, and what tests can't do.
                None => {
                    let known = ["cargo test -p crustdata-bulk", "export CRUSTDATA_API_KEY=…"];
                    assert!(known.contains(&command), "{command}");
                    continue;
                }
            },
        };
        let mut arguments: Vec<&str> = verb.split_whitespace().collect();
        if arguments[0] == "enrich" {
            arguments.extend(["--yes", "--interval", "0.01"]);
        }
        expect(&mut scene.command(&arguments), 0);
        ran.push(arguments[0]);
    }
    assert_eq!(ran, ["demo", "enrich"]);
    assert_eq!(rows(&scene.path("enriched.csv"))[1][2], "found");
}

#[test]
fn the_demo_shows_each_outcome() {
    let scene = Scene::new(0);
    let said = expect(&mut scene.command(&["demo", "--folder", "demo"]), 0);
    for part in [
        "7 rows name 5 different people",
        ",found,",
        ",empty,",
        ",invalid,",
        "7 rows: 5 found, 1 empty, 1 invalid",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    // The command that it ends with.
    let explain = ["explain", "2", "--journal", "demo/enriched.csv.journal"];
    let said = expect(&mut scene.command(&explain), 0);
    assert!(said.contains("answered: found"), "{said}");
}

/// Its files have the names that people use, and it asks a mock about what is in the journal.
#[test]
fn the_demo_leaves_what_is_others() {
    let scene = Scene::new(3);
    std::fs::rename(scene.path("list.csv"), scene.path("people.csv")).unwrap();
    let list = rows(&scene.path("people.csv"));
    let said = expect(&mut scene.command(&["demo", "--folder", "."]), 2);
    assert!(said.contains("choose another --folder"), "{said}");
    assert_eq!(rows(&scene.path("people.csv")), list);
    // Its own it takes again.
    for _ in 0..2 {
        expect(&mut scene.command(&["demo", "--folder", "demo"]), 0);
    }
    std::fs::remove_file(scene.path("demo/people.csv")).unwrap();
    expect(&mut scene.command(&["demo", "--folder", "demo"]), 2);
}

#[test]
fn the_example_of_the_library_runs() {
    library::main().unwrap();
}

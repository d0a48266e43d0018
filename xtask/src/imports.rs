//! `cargo xtask imports`: no circle of imports between the files of a crate, nor between its folders.
//!
//! A circle means that none of its files can be read, tested or moved without all others. Generated code and tests are
//! left out. Here are the verb and its report; how modules are found is in [`modules`] and [`paths`], what a
//! path names in [`resolve`], and what a circle is in [`graph`].

mod graph;
mod modules;
mod paths;
mod resolve;
mod source;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use crate::members;
use graph::Graph;
use modules::Crate;
use source::Error;

/// The most names that are shown for a step of a circle.
const SHOWN: usize = 3;

/// Finds circles of imports between files, and between folders.
#[derive(clap::Args)]
pub(crate) struct Arguments {}

/// Runs the verb. Exit code 1 means that there is a circle, 2 that a file could not be read.
pub(crate) fn run(root: &Path, _: &Arguments) -> ExitCode {
    match check(root) {
        Ok(report) if report.is_empty() => ExitCode::SUCCESS,
        Ok(report) => {
            let count = report.lines().filter(|line| !line.starts_with(' ')).count();
            eprintln!(
                "{report}error: circles of imports: {count}\nTo mend: move what both need into a file of its own"
            );
            ExitCode::from(1)
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Says what circles there are.
fn check(root: &Path) -> Result<String, Error> {
    let mut report = String::new();
    let manifest = members::manifest(root).map_err(Error::Manifest)?;
    let packages: Vec<_> = members::folders(&manifest).collect();
    if packages.is_empty() {
        return Err(Error::NoMembers);
    }
    for package in packages {
        for start in ["src/lib.rs", "src/main.rs"] {
            let path = root.join(package).join(start);
            if path.is_file() {
                let files = imports(&Crate::load(&path)?);
                let folders = folders(&files);
                let between_files = files.circles();
                for circle in &between_files {
                    report += &describe(package, &files, circle);
                }
                // What is a circle of files already is not told again.
                let told: BTreeSet<Vec<_>> = (between_files.iter())
                    .map(|circle| {
                        circle
                            .iter()
                            .map(|file| modules::trail(file).join("/"))
                            .collect()
                    })
                    .collect();
                for circle in folders.circles().difference(&told) {
                    report += &describe(package, &folders, circle);
                }
            }
        }
    }
    Ok(report)
}

/// Which file names what of which other file.
fn imports(code: &Crate) -> Graph {
    let mut graph = Graph::default();
    for module in code.modules() {
        for path in &module.paths {
            let Some(target) = resolve::file(code, module, path) else {
                continue;
            };
            if target != module.file && !modules::is_generated(&target) {
                graph.add(&module.file, &target, &path.join("::"));
            }
        }
    }
    graph
}

/// The same between what stands side by side in a folder: a file with what is below it.
fn folders(files: &Graph) -> Graph {
    let mut graph = Graph::default();
    for (from, to, path) in files.edges() {
        let (from, to) = (modules::trail(from), modules::trail(to));
        let shared = from
            .iter()
            .zip(&to)
            .take_while(|(one, other)| one == other)
            .count();
        // One is above the other: that is no matter of folders.
        if shared == from.len() || shared == to.len() {
            continue;
        }
        graph.add(&from[..=shared].join("/"), &to[..=shared].join("/"), path);
    }
    graph
}

/// A circle in words: who names what of the next.
fn describe(package: &str, graph: &Graph, circle: &[String]) -> String {
    let around: Vec<_> = circle
        .iter()
        .chain(circle.first())
        .map(String::as_str)
        .collect();
    let mut text = format!("{package}: {}\n", around.join(" → "));
    for pair in around.windows(2) {
        let mut paths: Vec<_> = graph.paths(pair[0], pair[1]).collect();
        // Whole paths first: what begins with a name was imported by one.
        paths.sort_by_key(|path| {
            !["crate::", "self::", "super::"]
                .iter()
                .any(|start| path.starts_with(start))
        });
        let shown = paths[..paths.len().min(SHOWN)].join(", ");
        let more = if paths.len() > SHOWN { ", …" } else { "" };
        text += &format!("    {} names {shown}{more}\n", pair[0]);
    }
    text
}

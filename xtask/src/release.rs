//! `cargo xtask release`: what a release takes before it is tagged, and what is said of it. Publishing is left to people,
//! and to the workflow that the tag starts; the archives are made by `dist`.

mod changelog;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use semver::Version;
use toml_edit::{DocumentMut, Item};

use crate::members::{self, Member};

/// Prepares the release of all crates under one version: each changelog has to tell of it; then the version is set, and
/// each package is built as the registry would.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The version, such as 0.2.0.
    version: Version,
    /// Change nothing; exit with 1 unless everything says this version already.
    #[arg(long, conflicts_with = "notes")]
    check: bool,
    /// Change nothing; print what the changelogs say of this version.
    #[arg(long)]
    notes: bool,
}

/// Runs the verb. Exit code 1 means that the release is not ready, and nothing was changed, or that a package can't be built.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> ExitCode {
    match release(root, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn release(root: &Path, arguments: &Arguments) -> Result<(), String> {
    let wanted = &arguments.version;
    let mut manifest = members::manifest(root)?;
    let members = members::published(root, &manifest)?;
    let entries = entries(root, &members, wanted)?;
    if arguments.notes {
        print!("{}", notes(&entries));
        return Ok(());
    }
    let current = members::version(&manifest)?;
    if arguments.check {
        if *wanted == dependencies(&manifest, &members, &current)? {
            return Ok(());
        }
        return Err(format!(
            "Cargo.toml has version {current}: run `cargo xtask release {wanted}` and commit what it changes"
        ));
    }
    let current = dependencies(&manifest, &members, &current)?;
    if *wanted < current {
        return Err(format!("{wanted} is before {current}, the version of now"));
    }
    set(&mut manifest, &members, wanted);
    let path = root.join("Cargo.toml");
    fs::write(&path, manifest.to_string())
        .map_err(|error| format!("{} can't be written: {error}", path.display()))?;
    cargo(root, &["update", "--quiet", "--offline", "--workspace"])?;
    let mut package = vec!["package", "--quiet", "--locked", "--allow-dirty"];
    for member in &members {
        package.extend(["--package", &member.name]);
    }
    cargo(root, &package)?;
    println!(
        "All says {wanted}. Next, in this order:
  git commit --all --message 'Release {wanted}'
  git tag --annotate v{wanted} --message 'Release {wanted}'
  git push --follow-tags     # the workflow makes binaries and the release of the tag
  cargo publish --locked --workspace"
    );
    Ok(())
}

/// What each changelog says of the version: the workspace's first, under no name.
fn entries(
    root: &Path,
    members: &[Member],
    version: &Version,
) -> Result<Vec<(String, String)>, String> {
    let of_members = (members.iter()).map(|member| (member.name.clone(), member.folder.clone()));
    let all = std::iter::once((String::new(), PathBuf::new())).chain(of_members);
    let mut entries = Vec::new();
    let mut problems = Vec::new();
    for (name, folder) in all {
        let path = folder.join("CHANGELOG.md");
        let text = fs::read_to_string(root.join(&path)).map_err(|error| error.to_string());
        let entry = text.and_then(|text| changelog::entry(&text, version).map(str::to_owned));
        match entry {
            Ok(entry) => entries.push((name, entry)),
            Err(problem) => problems.push(format!("\n  {}: {problem}", path.display())),
        }
    }
    if problems.is_empty() {
        Ok(entries)
    } else {
        Err(format!(
            "the changelogs are not ready:{}",
            problems.concat()
        ))
    }
}

fn notes(entries: &[(String, String)]) -> String {
    let mut notes = String::new();
    for (name, entry) in entries {
        if !name.is_empty() {
            notes += &format!("## {name}\n\n");
        }
        notes += &format!("{entry}\n\n");
    }
    notes
}

/// The version of the workspace, which each member has to be asked for with.
fn dependencies(
    manifest: &DocumentMut,
    members: &[Member],
    version: &str,
) -> Result<Version, String> {
    for member in members {
        let dependency = manifest["workspace"]
            .get("dependencies")
            .and_then(|all| all.get(&member.name));
        let asked = dependency.map(|one| one.get("version").and_then(|asked| asked.as_str()));
        if asked.is_some_and(|asked| asked != Some(version)) {
            return Err(format!(
                "Cargo.toml asks for {} with another version than {version}",
                member.name
            ));
        }
    }
    Version::parse(version).map_err(|error| format!("{version} is no version: {error}"))
}

/// Sets the version, where it stands and where members are asked for.
fn set(manifest: &mut DocumentMut, members: &[Member], version: &Version) {
    let workspace = &mut manifest["workspace"];
    put(workspace["package"].get_mut("version"), version);
    let dependencies = workspace.as_table_like_mut();
    let dependencies =
        dependencies.and_then(|table| table.get_mut("dependencies")?.as_table_like_mut());
    let Some(dependencies) = dependencies else {
        return;
    };
    for member in members {
        let dependency = dependencies.get_mut(&member.name);
        let dependency = dependency.and_then(Item::as_table_like_mut);
        put(
            dependency.and_then(|table| table.get_mut("version")),
            version,
        );
    }
}

/// Sets one, and leaves what is around it.
fn put(item: Option<&mut Item>, version: &Version) {
    if let Some(value) = item.and_then(Item::as_value_mut) {
        let around = value.decor().clone();
        *value = version.to_string().into();
        *value.decor_mut() = around;
    }
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = crate::cargo::command();
    match command.args(arguments).current_dir(root).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("`cargo {}` failed", arguments.join(" "))),
        Err(error) => Err(format!("cargo can't be started: {error}")),
    }
}

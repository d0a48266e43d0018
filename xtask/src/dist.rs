//! `cargo xtask dist`: an archive of each program for people who install no Rust, with its completions, manual pages and
//! licences, and the archive's SHA-256 beside it. How an archive is packed is in `archive`.

mod archive;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use sha2::{Digest, Sha256};

use crate::{cargo, members};
use archive::{Archive, Kind};

/// Builds the programs for a target, and packs each with what belongs to it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The target that is built for; this machine's without it. Its programs have to run here, since they make their own
    /// completions and pages.
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Pack the programs in this directory, and build none.
    #[arg(long, value_name = "DIR", requires = "target")]
    programs: Option<PathBuf>,
    /// Directory for the archives; made where there is none.
    #[arg(short, long, value_name = "DIR", default_value = "target/dist")]
    output: PathBuf,
}

/// A program that people install.
struct Program {
    name: &'static str,
    package: &'static str,
    /// The package's folder below the root.
    folder: &'static str,
    /// What is built in beside the defaults: who installs a binary can't choose.
    features: &'static str,
}

const PROGRAMS: [Program; 2] = [
    Program {
        name: "conformance",
        package: "crustdata-conformance",
        folder: "conformance",
        features: "",
    },
    Program {
        name: "crustdata-bulk",
        package: "crustdata-bulk",
        folder: "client/bulk",
        features: "parquet,postgres",
    },
];

/// The shells, and what each calls the script of a program.
const SHELLS: [(&str, &str, &str); 5] = [
    ("bash", "", ".bash"),
    ("elvish", "", ".elv"),
    ("fish", "", ".fish"),
    ("powershell", "_", ".ps1"),
    ("zsh", "_", ""),
];

/// Texts of a package that are in its archive.
const TEXTS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Runs the verb. Exit code 1 means that an archive is missing.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> ExitCode {
    match dist(root, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn dist(root: &Path, arguments: &Arguments) -> Result<(), String> {
    let version = members::version(&members::manifest(root)?)?;
    let target = match &arguments.target {
        Some(target) => target.clone(),
        None => host()?,
    };
    let output = root.join(&arguments.output);
    fs::create_dir_all(&output).map_err(|error| at(&output, &error))?;
    for program in &PROGRAMS {
        let binary = match &arguments.programs {
            Some(directory) => directory.join(file_name(program, &target)),
            None => build(root, program, &target)?,
        };
        let name = format!("{}-{version}-{target}", program.name);
        let archive = pack(root, program, &binary, &target, &name)?;
        let file = format!("{name}.tar.gz");
        let bytes = archive
            .finish()
            .map_err(|error| format!("{file}: {error}"))?;
        let sum: String = (Sha256::digest(&bytes).iter())
            .map(|byte| format!("{byte:02x}"))
            .collect();
        // As `sha256sum --check` reads it.
        let line = format!("{sum}  {file}\n");
        for (path, bytes) in [
            (output.join(&file), bytes.as_slice()),
            (output.join(format!("{file}.sha256")), line.as_bytes()),
        ] {
            fs::write(&path, bytes).map_err(|error| at(&path, &error))?;
            println!("{}", path.display());
        }
    }
    Ok(())
}

/// The archive of a program, below a folder that is called `name`.
fn pack(
    root: &Path,
    program: &Program,
    binary: &Path,
    target: &str,
    name: &str,
) -> Result<Archive, String> {
    let mut archive = Archive::new(name);
    let bytes = fs::read(binary).map_err(|error| at(binary, &error))?;
    archive.add(&file_name(program, target), Kind::Program, bytes);
    for text in TEXTS {
        let path = root.join(program.folder).join(text);
        let bytes = fs::read(&path).map_err(|error| at(&path, &error))?;
        archive.add(text, Kind::Text, bytes);
    }
    for (shell, before, after) in SHELLS {
        let script = ask(binary, &["completions", shell])?;
        let file = format!("completions/{before}{}{after}", program.name);
        archive.add(&file, Kind::Text, script);
    }
    let pages = tempfile::tempdir().map_err(|error| error.to_string())?;
    let directory = pages.path().display().to_string();
    ask(binary, &["man", "--output", &directory])?;
    for entry in fs::read_dir(pages.path()).map_err(|error| at(pages.path(), &error))? {
        let path = entry.map_err(|error| at(pages.path(), &error))?.path();
        let bytes = fs::read(&path).map_err(|error| at(&path, &error))?;
        let page = path.file_name().unwrap_or_default().to_string_lossy();
        archive.add(&format!("man/man1/{page}"), Kind::Text, bytes);
    }
    Ok(archive)
}

/// Builds a program, and says where it is.
fn build(root: &Path, program: &Program, target: &str) -> Result<PathBuf, String> {
    let mut command = cargo::command();
    command.args(["build", "--locked", "--release", "--target", target]);
    command.args(["--package", program.package, "--bin", program.name]);
    if !program.features.is_empty() {
        command.args(["--features", program.features]);
    }
    let status = command.current_dir(root).status();
    if !status.is_ok_and(|status| status.success()) {
        return Err(format!("{} can't be built for {target}", program.name));
    }
    let folder = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
    let folder = folder.join(target).join("release");
    Ok(folder.join(file_name(program, target)))
}

fn file_name(program: &Program, target: &str) -> String {
    let ending = if target.contains("windows") {
        ".exe"
    } else {
        ""
    };
    format!("{}{ending}", program.name)
}

/// What a program prints.
fn ask(binary: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new(binary).args(arguments).output();
    let output = output.map_err(|error| at(binary, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let call = arguments.join(" ");
        return Err(format!("`{} {call}` failed: {said}", binary.display()));
    }
    Ok(output.stdout)
}

/// The target of this machine.
fn host() -> Result<String, String> {
    let output = Command::new("rustc").arg("-vV").output();
    let output = output.map_err(|error| format!("rustc can't be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.map(str::to_owned);
    host.ok_or_else(|| "`rustc -vV` names no host: give --target".to_owned())
}

fn at(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

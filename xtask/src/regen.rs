//! `cargo xtask regen`: renders everything that depends on the OpenAPI document. Here are the list of
//! rendered files and what happens to them (written, or compared); what goes into each is in the submodules.

mod api;
mod basics;
mod consistency;
mod constants;
mod document;
mod enums;
mod error;
mod files;
mod lines;
mod map;
mod page;
mod place;
mod polish;
mod registry;
mod requests;
mod rust;
mod view;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use document::Document;
use error::Error;

/// Renders what depends on the OpenAPI document.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; exit with 1 when a file is stale, and name it.
    #[arg(long)]
    check: bool,
}

/// A rendered file.
struct Rendered {
    /// Path below the workspace root.
    path: &'static str,
    text: String,
}

/// Runs the verb. Exit code 1 means that a file is stale, 2 that the document or the file system is at fault.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> ExitCode {
    match regenerate(root, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            match error {
                Error::Stale { .. } => ExitCode::from(1),
                _ => ExitCode::from(2),
            }
        }
    }
}

fn regenerate(root: &Path, arguments: &Arguments) -> Result<(), Error> {
    let rendered = render(root, &Document::load(root)?)?;
    let mut stale = Vec::new();
    for file in &rendered {
        if !is_fresh(root, file)? {
            stale.push(file);
        }
    }

    if arguments.check && !stale.is_empty() {
        return Err(Error::Stale {
            files: stale.iter().map(|file| file.path).collect(),
        });
    }
    for file in &stale {
        write(&root.join(file.path), &file.text)?;
        println!("wrote {}", file.path);
    }
    println!(
        "{} of {} rendered files were fresh",
        rendered.len() - stale.len(),
        rendered.len()
    );
    Ok(())
}

/// The one place that knows which files are rendered, and from what.
fn render(root: &Path, document: &Document) -> Result<Vec<Rendered>, Error> {
    basics::check(document)?;
    // Then, since its errors tell best who needs what is missing.
    let constants = constants::render(document)?;
    consistency::check(document)?;
    basics::references(document)?;
    let rendered = [
        ("conformance/src/generated/contract.rs", constants.clone()),
        (
            "conformance/mock/src/generated/contract.rs",
            constants.clone(),
        ),
        ("client/src/generated/contract.rs", constants),
        (
            "conformance/src/generated/wordings.rs",
            constants::render_wordings(document)?,
        ),
        (
            "conformance/src/generated/lines.rs",
            lines::render(document)?,
        ),
        (
            "conformance/src/checks/registry.rs",
            registry::render(document)?,
        ),
        ("client/src/generated/enums.rs", enums::render(document)?),
        ("client/src/generated/api.rs", api::render(document)?),
        (files::README, map::render(root, document)?),
        (files::PAGE, page::render(document)?),
    ];
    let rendered = rendered.into_iter();
    Ok(rendered
        .map(|(path, text)| Rendered { path, text })
        .collect())
}

/// Whether the file on disk is the rendered one. A missing file is stale.
fn is_fresh(root: &Path, file: &Rendered) -> Result<bool, Error> {
    let path = root.join(file.path);
    match fs::read(&path) {
        Ok(bytes) => Ok(bytes == file.text.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::file("read", &path)(error)),
    }
}

/// Replaces a file in one step, so that nobody ever reads half of it.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    let replace = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        // Made with the usual permissions, where a plain temporary file would be its owner's alone.
        let mut file = tempfile::Builder::new().make_in(folder, |path| File::create_new(path))?;
        file.write_all(text.as_bytes())?;
        file.persist(path)?;
        Ok(())
    };
    replace().map_err(Error::file("write", path))
}

//! `cargo xtask drift FILE`: a newer document of the provider's, held against ours for the operations that we have, with the
//! clauses that each difference touches. Here are the verb and its reports; what differs is in [`comparison`], the form in
//! which schemas are compared in [`schema`], and which clause stands where in [`clauses`].

mod clauses;
mod comparison;
mod node;
mod parts;
mod schema;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::files::DOCUMENT;
use clauses::Clauses;
use comparison::Difference;

/// Holds a newer OpenAPI document (3.0 or 3.1, YAML or JSON) against ours, for the operations that we have.
///
/// Says what differs, and which clauses each difference touches. Exits with 0 if nothing differs, 1 if something does, 2 if a
/// document can't be read.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The newer document.
    file: PathBuf,
    /// How to print the differences.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// A line for each difference.
    Text,
    /// One JSON object.
    Json,
}

/// Runs the verb.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> ExitCode {
    let ours = read(&root.join(DOCUMENT));
    let theirs = read(&arguments.file);
    let (ours, theirs) = match ours.and_then(|ours| Ok((ours, theirs?))) {
        Ok(both) => both,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    let clauses = Clauses::of(&ours);
    let found = comparison::differences(&ours, &theirs);
    match arguments.format {
        Format::Text => print!("{}", text(&found, &clauses)),
        Format::Json => println!("{:#}", report(&found, &clauses)),
    }
    ExitCode::from(u8::from(!found.is_empty()))
}

/// Reads an OpenAPI document. JSON is YAML too.
fn read(path: &Path) -> Result<Value, Error> {
    let path = path.to_owned();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(Error::File { path, source }),
    };
    let document: Value = match serde_saphyr::from_str(&text) {
        Ok(document) => document,
        Err(source) => {
            let problem = source.without_snippet().to_string();
            return Err(Error::Syntax { path, problem });
        }
    };
    let version = document["openapi"].as_str().unwrap_or_default();
    if !version.starts_with("3.") || !document["paths"].is_object() {
        return Err(Error::NoDocument { path });
    }
    Ok(document)
}

fn text(found: &[Difference], clauses: &Clauses) -> String {
    let mut text = String::new();
    for difference in found {
        let touched = clauses.at(&difference.pointer);
        let touched = match touched.is_empty() {
            true => "no clause yet".to_owned(),
            false => touched.join(", "),
        };
        text += &format!("{difference}: {touched}\n");
    }
    match found.len() {
        0 => "no difference\n".to_owned(),
        1 => text + "1 difference\n",
        count => text + &format!("{count} differences\n"),
    }
}

fn report(found: &[Difference], clauses: &Clauses) -> Value {
    let all = found.iter().map(|difference| {
        json!({
            "place": difference.label,
            "pointer": format!("#{}", difference.pointer),
            "ours": difference.ours,
            "theirs": difference.theirs,
            "clauses": clauses.at(&difference.pointer),
        })
    });
    json!({ "schema": 1, "differences": all.collect::<Vec<_>>() })
}

/// Why nothing could be compared.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("could not read {}: {source}", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: {problem}", path.display())]
    Syntax { path: PathBuf, problem: String },
    #[error("{}: is no OpenAPI document of version 3 with `paths`", path.display())]
    NoDocument { path: PathBuf },
}

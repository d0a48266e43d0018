//! The list that a command is given, and what is asked of its people.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use crustdata_bulk::table;
use crustdata_bulk::{ListSpec, Source};

use super::exit::Failure;
use super::options::Contacts;

/// Seconds of a day.
const DAY: f64 = 24.0 * 60.0 * 60.0;

#[derive(Args)]
pub(super) struct Input {
    /// A CSV, TSV, JSON lines or Parquet file; - for standard input; or the URL of a Postgres server, with --input-query.
    pub(super) input: PathBuf,
    /// The query on the Postgres server whose rows are the list. It can't change anything.
    #[arg(long, value_name = "SQL")]
    input_query: Option<String>,
    /// The column with the profile URLs; found by what is in it, if not named.
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    #[command(flatten)]
    contacts: Contacts,
    /// Pays again for answers that are older.
    #[arg(long, value_parser = days, value_name = "DAYS")]
    max_age: Option<Duration>,
}

impl Input {
    pub(super) fn source(&self) -> Result<Box<dyn Source + Send>, Failure> {
        let column = self.column.as_deref();
        let url = self.input.to_str().filter(|url| {
            let schemes = ["postgres://", "postgresql://"];
            schemes.iter().any(|scheme| url.starts_with(scheme))
        });
        Ok(match (url, self.input_query.as_deref()) {
            (Some(url), Some(query)) => queried(url, query, column)?,
            (Some(_), None) => {
                let text = "say what to read from the server, with --input-query";
                return Err(Failure::usage(text));
            }
            (None, Some(_)) => {
                let text = "--input-query goes with the URL of a Postgres server as input";
                return Err(Failure::usage(text));
            }
            _ if self.is_stdin() => table::from_reader("standard input", io::stdin(), column)?,
            _ => table::open(&self.input, column)?,
        })
    }

    pub(super) fn is_stdin(&self) -> bool {
        self.input == Path::new("-")
    }

    pub(super) fn spec(&self, output: Option<String>) -> ListSpec {
        let max_age = self.max_age.map(|age| age.as_secs());
        ListSpec {
            ask: self.contacts.ask(),
            output,
            max_age,
        }
    }
}

fn days(text: &str) -> Result<Duration, String> {
    let days: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    Duration::try_from_secs_f64(days * DAY).map_err(|error| error.to_string())
}

#[cfg(feature = "postgres")]
fn queried(
    url: &str,
    query: &str,
    column: Option<&str>,
) -> Result<Box<dyn Source + Send>, Failure> {
    Ok(table::query(url, query, column)?)
}

#[cfg(not(feature = "postgres"))]
fn queried(_: &str, _: &str, _: Option<&str>) -> Result<Box<dyn Source + Send>, Failure> {
    Err(Failure::usage(
        "this program was built without Postgres: build it with `--features postgres`",
    ))
}

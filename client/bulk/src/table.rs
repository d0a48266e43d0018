//! Files as sources and sinks: CSV, TSV, JSON lines and Parquet; and a query's rows as a source. Which format an input has is
//! decided here, which column the profile URLs are in by `column`; the formats have files of their own.

mod cells;
mod column;
mod delimited;
mod json_lines;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "postgres")]
mod query;
mod quotes;
mod writer;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::error::{Error, NOT_UTF_8};
use crate::source::Source;

pub use output::{FileSink, OutputFormat};
#[cfg(feature = "postgres")]
pub use query::query;

use json_lines::JsonLines;

/// What is looked at to tell the format.
const SNIFFED: usize = 64 << 10;
/// What some programs begin a text file with.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// How Parquet begins.
const PARQUET: &[u8] = b"PAR1";
const IS_PARQUET: &str = "it is Parquet, which can't be read from its beginning: give it as a file that ends in .parquet";
#[cfg(not(feature = "parquet"))]
const NO_PARQUET: &str = "this program was built without Parquet: build it with `--features parquet`, or convert the file to CSV";

/// Opens a file of rows. The column with the profile URLs is found by what is in it, unless it is named.
///
/// # Errors
///
/// Where it can't be read, or it is not clear which column has them.
pub fn open(path: &Path, column: Option<&str>) -> Result<Box<dyn Source + Send>, Error> {
    let name = path.display().to_string();
    let is_parquet = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("parquet") || end.eq_ignore_ascii_case("pq"));
    if is_parquet {
        #[cfg(feature = "parquet")]
        return Ok(Box::new(parquet::open(path, &name, column)?));
        #[cfg(not(feature = "parquet"))]
        return Err(Error::input(&name, None, NO_PARQUET));
    }
    let file = File::open(path).map_err(|error| Error::unreadable(&name, &error))?;
    read(
        &name,
        path.extension().and_then(|end| end.to_str()),
        file,
        column,
    )
}

/// Reads rows from anywhere, such as standard input. The format is told by what comes first.
///
/// # Errors
///
/// As [`open`].
pub fn from_reader(
    name: &str,
    reader: impl Read + Send + 'static,
    column: Option<&str>,
) -> Result<Box<dyn Source + Send>, Error> {
    read(name, None, reader, column)
}

fn read(
    name: &str,
    extension: Option<&str>,
    reader: impl Read + Send + 'static,
    column: Option<&str>,
) -> Result<Box<dyn Source + Send>, Error> {
    let mut reader = BufReader::with_capacity(SNIFFED, reader);
    let failed = |error: io::Error| Error::unreadable(name, &error);
    let start = reader.fill_buf().map_err(failed)?;
    if start.starts_with(BYTE_ORDER_MARK) {
        reader.consume(BYTE_ORDER_MARK.len());
    }
    let start = reader.fill_buf().map_err(failed)?;
    // Some programs say it in a line of its own, for spreadsheets.
    let said = match start.strip_prefix(b"sep=") {
        Some([said @ (b',' | b';' | b'\t'), b'\r' | b'\n', ..]) => Some(*said),
        _ => None,
    };
    reader.consume(said.map_or(0, |_| b"sep=;".len()));
    let start = reader.fill_buf().map_err(failed)?;
    if start.starts_with(PARQUET) {
        return Err(Error::input(name, None, IS_PARQUET));
    }
    // UTF-16, which may be UTF-8 with a NUL for every other character.
    if start.iter().take(2).any(|byte| *byte == 0) {
        return Err(Error::input(name, None, NOT_UTF_8));
    }
    let extension = extension.map(str::to_ascii_lowercase);
    let first_line = start
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    // Outside of quotes, where it is text.
    let parts = first_line.split(|byte| *byte == b'"').step_by(2);
    let bare: Vec<u8> = parts.flatten().copied().collect();
    let count = |delimiter| bare.iter().filter(|byte| **byte == delimiter).count();
    let delimiter = said.unwrap_or_else(|| match extension.as_deref() {
        Some("tsv" | "tab") => b'\t',
        // As spreadsheets write it where a comma is a decimal point.
        _ if count(b';') > count(b',') && count(b';') > count(b'\t') => b';',
        _ if count(b'\t') > count(b',') => b'\t',
        _ => b',',
    });
    // A list of objects too, which is refused as one, and no table.
    let first = start.trim_ascii_start();
    let first = first.strip_prefix(b"[").unwrap_or(first);
    let reader: Box<dyn BufRead + Send> = match (extension.as_deref(), first.trim_ascii_start()) {
        (Some("json" | "jsonl" | "ndjson"), _) | (Some("txt") | None, [b'{', ..]) => {
            return Ok(Box::new(JsonLines::new(name, Box::new(reader), column)?));
        }
        _ => Box::new(reader),
    };
    Ok(Box::new(delimited::open(name, reader, delimiter, column)?))
}

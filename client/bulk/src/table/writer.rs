//! How an answer is written as text, in each format.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use crustdata_batch::{ContactRecord, Email};
use serde_json::{Map, Value, json};

use crate::list::Answer;

/// Columns that are added to the input's own, after them.
const COLUMNS: [&str; 7] = [
    "crustdata_outcome",
    "crustdata_reason",
    "crustdata_business_emails",
    "crustdata_business_email_statuses",
    "crustdata_personal_emails",
    "crustdata_personal_email_statuses",
    "crustdata_phone_numbers",
];
/// Between several values in one cell.
const BETWEEN: &str = "; ";

/// Where a format is written to.
pub(super) type Target = BufWriter<Arc<File>>;

/// Writes answers in one format.
pub(super) trait Writer: Send {
    fn answer(&mut self, answer: &Answer) -> io::Result<()>;
    /// Writes what is left.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Cells.
pub(super) struct Csv {
    header: Vec<String>,
    file: csv::Writer<Target>,
}

impl Csv {
    pub(super) fn new(file: Target, delimiter: u8, header: &[String]) -> io::Result<Self> {
        let mut builder = csv::WriterBuilder::new();
        let mut file = builder.delimiter(delimiter).from_writer(file);
        // The input's names as they are, and others than these.
        let added = different(columns(header)).split_off(header.len());
        file.write_record(header.iter().chain(&added))?;
        let header = header.to_vec();
        Ok(Self { header, file })
    }
}

impl Writer for Csv {
    fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        Ok(self.file.write_record(cells(&self.header, answer))?)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.file.flush()
    }
}

/// Names of the columns of a table of answers to a list with these columns.
pub(super) fn columns(header: &[String]) -> impl Iterator<Item = String> {
    let names = COLUMNS.map(str::to_owned);
    header.iter().cloned().chain(names)
}

/// Names of columns, each with its place where there is one like it before, or with the next number that makes it different.
pub(super) fn different(columns: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in columns {
        let numbered = (names.len() + 1..).map(|number| format!("{name}_{number}"));
        let is_new = |name: &String| !names.contains(name);
        let different = std::iter::once(name.clone()).chain(numbered).find(is_new);
        names.extend(different);
    }
    names
}

/// An answer to a list with these columns, as the cells of a row.
pub(super) fn cells(header: &[String], answer: &Answer) -> Vec<String> {
    let mut cells: Vec<String> = match &answer.content {
        Value::Array(cells) => cells.iter().map(cell).collect(),
        content => header
            .iter()
            .map(|key| content.get(key).map_or_else(String::new, cell))
            .collect(),
    };
    // Each row is as wide as the header, whatever a source makes of it.
    cells.resize(header.len(), String::new());
    cells.push(answer.outcome.name().to_owned());
    cells.push(answer.reason.clone().unwrap_or_default());
    let record = answer.record.clone();
    let record = record.and_then(|record| serde_json::from_value::<ContactRecord>(record).ok());
    let data = record.map(|record| record.data).unwrap_or_default();
    let personal = data.personal_contact_info.unwrap_or_default();
    for emails in [data.business_email, personal.personal_emails] {
        let emails = emails.unwrap_or_default();
        cells.push(joined(&emails, |email| email.email.clone()));
        cells.push(joined(&emails, |email| {
            let status = email.status.as_ref();
            status.map_or_else(String::new, ToString::to_string)
        }));
    }
    cells.push(personal.phone_numbers.unwrap_or_default().join(BETWEEN));
    cells
}

fn joined(emails: &[Email], text: impl Fn(&Email) -> String) -> String {
    emails.iter().map(text).collect::<Vec<_>>().join(BETWEEN)
}

/// A value as the text of a cell.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Objects.
pub(super) struct Json {
    header: Vec<String>,
    file: Target,
}

impl Json {
    pub(super) fn new(file: Target, header: &[String]) -> Self {
        // An object has each name once.
        let header = different(header.iter().cloned());
        Self { header, file }
    }
}

impl Writer for Json {
    fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        let input = match &answer.content {
            Value::Array(cells) => {
                let pairs = self.header.iter().cloned().zip(cells.iter().cloned());
                Value::Object(pairs.collect::<Map<_, _>>())
            }
            content => content.clone(),
        };
        let line = json!({
            "row": answer.row,
            "input": input,
            "outcome": answer.outcome.name(),
            "reason": answer.reason,
            "record": answer.record,
        });
        writeln!(self.file, "{line}")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.file.flush()
    }
}

/// Records alone.
pub(super) struct Records(pub(super) Target);

impl Writer for Records {
    fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        match &answer.record {
            Some(record) if !answer.is_repeated => writeln!(self.0, "{record}"),
            _ => Ok(()),
        }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()
    }
}

//! How an answer is written in each format.

use std::io::{self, Write};

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

/// Writes answers in one format.
pub(super) trait Writer: Send {
    fn begin(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
    fn answer(&mut self, answer: &Answer, to: &mut dyn Write) -> io::Result<()>;
}

/// Cells.
pub(super) struct Csv {
    delimiter: u8,
    header: Vec<String>,
}

impl Csv {
    pub(super) fn new(delimiter: u8, header: &[String]) -> Self {
        let header = header.to_vec();
        Self { delimiter, header }
    }

    fn row(&self, cells: &[String], to: &mut dyn Write) -> io::Result<()> {
        let mut builder = csv::WriterBuilder::new();
        let mut writer = builder.delimiter(self.delimiter).from_writer(Vec::new());
        writer.write_record(cells)?;
        to.write_all(&writer.into_inner().map_err(|error| error.into_error())?)
    }
}

impl Writer for Csv {
    fn begin(&mut self, to: &mut dyn Write) -> io::Result<()> {
        let names = COLUMNS.map(str::to_owned);
        let cells: Vec<String> = self.header.iter().cloned().chain(names).collect();
        self.row(&cells, to)
    }

    fn answer(&mut self, answer: &Answer, to: &mut dyn Write) -> io::Result<()> {
        let mut cells: Vec<String> = match &answer.content {
            Value::Array(cells) => cells.iter().map(cell).collect(),
            content => self
                .header
                .iter()
                .map(|key| content.get(key).map_or_else(String::new, cell))
                .collect(),
        };
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
        self.row(&cells, to)
    }
}

fn joined(emails: &[Email], text: impl Fn(&Email) -> String) -> String {
    emails.iter().map(text).collect::<Vec<_>>().join(BETWEEN)
}

fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Objects.
pub(super) struct Json {
    header: Vec<String>,
}

impl Json {
    pub(super) fn new(header: &[String]) -> Self {
        let header = header.to_vec();
        Self { header }
    }
}

impl Writer for Json {
    fn answer(&mut self, answer: &Answer, to: &mut dyn Write) -> io::Result<()> {
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
        writeln!(to, "{line}")
    }
}

/// Records alone.
pub(super) struct Records;

impl Writer for Records {
    fn answer(&mut self, answer: &Answer, to: &mut dyn Write) -> io::Result<()> {
        match &answer.record {
            Some(record) if !answer.is_repeated => writeln!(to, "{record}"),
            _ => Ok(()),
        }
    }
}

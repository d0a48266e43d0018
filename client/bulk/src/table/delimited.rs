//! Rows of a CSV or TSV file. A file whose first row already has a profile URL has no header.

use std::io::BufRead;

use csv::{Reader, ReaderBuilder, StringRecord};
use serde_json::Value;

use super::cells::Cells;
use super::column;
use super::quotes::Quotes;
use crate::error::{Error, NOT_UTF_8};

/// Opens a file of cells.
pub(super) fn open(
    name: &str,
    reader: Box<dyn BufRead + Send>,
    delimiter: u8,
    named: Option<&str>,
) -> Result<Cells, Error> {
    let reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(Quotes::new(reader, delimiter));
    let mut records = Records {
        name: name.to_owned(),
        reader,
        first: None,
        width: 0,
        row: 0,
    };
    let Some(start) = records.read()? else {
        return Err(Error::input(name, None, "it is empty"));
    };
    records.width = start.len();
    let header = if start.iter().any(column::is_profile) {
        records.first = Some(start);
        (1..=records.width).map(|n| format!("column_{n}")).collect()
    } else {
        start.iter().map(str::to_owned).collect()
    };
    Cells::new(name, header, Box::new(records), named)
}

struct Records {
    name: String,
    reader: Reader<Quotes<Box<dyn BufRead + Send>>>,
    /// The first row, where it is no header.
    first: Option<StringRecord>,
    width: usize,
    row: u64,
}

impl Records {
    fn read(&mut self) -> Result<Option<StringRecord>, Error> {
        let mut record = StringRecord::new();
        match self.reader.read_record(&mut record) {
            Ok(true) if self.has_others(&record) => {
                // The header is none.
                let row = (self.width > 0).then_some(self.row + 1);
                let reason = "a quote is not closed, and takes the lines after it for one cell: close it, or double it";
                Err(Error::input(&self.name, row, reason))
            }
            Ok(true) => Ok(Some(record)),
            Ok(false) => Ok(None),
            Err(error) => {
                let line = error.position().map(csv::Position::line);
                let reason = match error.kind() {
                    csv::ErrorKind::Utf8 { .. } => NOT_UTF_8.to_owned(),
                    _ => error.to_string(),
                };
                let at = line.map_or_else(String::new, |line| format!("line {line}: "));
                Err(Error::input(&self.name, None, at + &reason))
            }
        }
    }

    fn cells(&mut self, record: &StringRecord) -> Result<Vec<Value>, Error> {
        self.row += 1;
        if record.len() > self.width {
            let reason = format!(
                "it has {} cells, and the header has {}: put cells that hold the delimiter in quotes",
                record.len(),
                self.width
            );
            return Err(Error::input(&self.name, Some(self.row), reason));
        }
        let mut cells: Vec<Value> = record.iter().map(Value::from).collect();
        cells.resize(self.width, Value::from(""));
        Ok(cells)
    }

    /// Whether a cell goes on over other rows, since its quote is not closed: nobody would be enriched of them. Where all of it is
    /// on one line, a wrong quote takes nobody away.
    fn has_others(&mut self, record: &StringRecord) -> bool {
        let start = record.position().map_or(0, csv::Position::byte);
        let end = self.reader.position().byte();
        let are_wrong = self.reader.get_mut().are_wrong(start, end);
        are_wrong && record.iter().any(|cell| cell.contains(['\n', '\r']))
    }
}

impl Iterator for Records {
    type Item = Result<Vec<Value>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = match self.first.take() {
            Some(record) => Ok(Some(record)),
            None => self.read(),
        };
        let record = record.transpose()?;
        Some(record.and_then(|record| self.cells(&record)))
    }
}

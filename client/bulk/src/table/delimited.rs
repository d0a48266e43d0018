//! Rows of a CSV or TSV file. A file whose first row already has a profile URL has no header.

use std::collections::VecDeque;
use std::io::BufRead;

use csv::{Reader, ReaderBuilder, StringRecord};

use super::column;
use crate::error::Error;
use crate::list::Row;
use crate::source::Source;

/// Rows that are looked at to find the column.
const LOOKED_AT: usize = 200;

/// A file of cells.
pub(super) struct Delimited {
    name: String,
    reader: Reader<Box<dyn BufRead + Send>>,
    header: Vec<String>,
    column: usize,
    /// Rows that were looked at and not given yet.
    first: VecDeque<StringRecord>,
    row: u64,
}

impl Delimited {
    pub(super) fn new(
        name: &str,
        reader: Box<dyn BufRead + Send>,
        delimiter: u8,
        named: Option<&str>,
    ) -> Result<Self, Error> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(reader);
        let mut table = Self {
            name: name.to_owned(),
            reader,
            header: Vec::new(),
            column: 0,
            first: VecDeque::new(),
            row: 0,
        };
        while table.first.len() < LOOKED_AT
            && let Some(record) = table.read()?
        {
            table.first.push_back(record);
        }
        let Some(start) = table.first.front() else {
            return Err(Error::input(name, None, "it is empty"));
        };
        if start.iter().any(column::is_profile) {
            table.header = (1..=start.len()).map(|n| format!("column_{n}")).collect();
        } else {
            table.header = start.iter().map(str::to_owned).collect();
            table.first.pop_front();
        }
        let rows: Vec<Vec<&str>> = table.first.iter().map(|row| row.iter().collect()).collect();
        table.column = column::find(name, &table.header, &rows, named)?;
        Ok(table)
    }

    fn read(&mut self) -> Result<Option<StringRecord>, Error> {
        let mut record = StringRecord::new();
        match self.reader.read_record(&mut record) {
            Ok(true) => Ok(Some(record)),
            Ok(false) => Ok(None),
            Err(error) => {
                let line = error.position().map(csv::Position::line);
                let reason = match error.kind() {
                    csv::ErrorKind::Utf8 { .. } => "it is not UTF-8: convert it first".to_owned(),
                    _ => error.to_string(),
                };
                let at = line.map_or_else(String::new, |line| format!("line {line}: "));
                Err(Error::input(&self.name, None, at + &reason))
            }
        }
    }
}

impl Source for Delimited {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn header(&self) -> Vec<String> {
        self.header.clone()
    }

    fn next(&mut self) -> Result<Option<Row>, Error> {
        let record = match self.first.pop_front() {
            Some(record) => Some(record),
            None => self.read()?,
        };
        let Some(record) = record else {
            return Ok(None);
        };
        self.row += 1;
        let width = self.header.len();
        if record.len() > width {
            let reason = format!(
                "it has {} cells, and the header has {width}: put cells that hold the delimiter in quotes",
                record.len()
            );
            return Err(Error::input(&self.name, Some(self.row), reason));
        }
        let mut cells: Vec<&str> = record.iter().collect();
        cells.resize(width, "");
        Ok(Some(Row {
            value: cells[self.column].to_owned(),
            content: cells.into(),
        }))
    }
}

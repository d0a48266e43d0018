//! Rows of cells, wherever they come from, with the column that has the profile URLs. How a format's cells are read is in the
//! format's own file.

use serde_json::Value;

use super::column;
use super::writer::cell;
use crate::error::Error;
use crate::list::Row;
use crate::source::Source;

/// Rows that are looked at to find the column.
const LOOKED_AT: usize = 200;

/// Rows one after the other, each as long as the header.
pub(super) type Rows = Box<dyn Iterator<Item = Result<Vec<Value>, Error>> + Send>;

/// A table.
pub(super) struct Cells {
    name: String,
    header: Vec<String>,
    column: usize,
    rows: Rows,
}

impl Cells {
    /// A table with these rows, in which the column is the one that is named, or the one that is full of profile URLs.
    pub(super) fn new(
        name: &str,
        header: Vec<String>,
        mut rows: Rows,
        named: Option<&str>,
    ) -> Result<Self, Error> {
        let first = rows.by_ref().take(LOOKED_AT);
        let first = first.collect::<Result<Vec<_>, _>>()?;
        let texts: Vec<Vec<String>> = first
            .iter()
            .map(|cells| cells.iter().map(cell).collect())
            .collect();
        let texts: Vec<Vec<&str>> = texts
            .iter()
            .map(|cells| cells.iter().map(String::as_str).collect())
            .collect();
        Ok(Self {
            name: name.to_owned(),
            column: column::find(name, &header, &texts, named)?,
            header,
            rows: Box::new(first.into_iter().map(Ok).chain(rows)),
        })
    }
}

impl Source for Cells {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn header(&self) -> Vec<String> {
        self.header.clone()
    }

    fn next(&mut self) -> Result<Option<Row>, Error> {
        let cells = self.rows.next().transpose()?;
        Ok(cells.map(|cells| Row {
            value: cells.get(self.column).map_or_else(String::new, cell),
            content: cells.into(),
        }))
    }
}

//! Rows of a file of JSON lines, each an object.

use std::collections::VecDeque;
use std::io::{BufRead, ErrorKind};

use serde_json::{Map, Value};

use super::column;
use crate::error::{Error, NOT_UTF_8};
use crate::list::Row;
use crate::source::Source;

/// Rows that are looked at to find the key.
const LOOKED_AT: usize = 200;
/// Most different keys, since they become columns.
const KEYS: usize = 1000;

/// A file of objects.
pub(super) struct JsonLines {
    name: String,
    reader: Box<dyn BufRead + Send>,
    /// The keys so far, in the order in which they came.
    header: Vec<String>,
    key: String,
    /// Rows that were looked at and not given yet.
    first: VecDeque<Map<String, Value>>,
    line: u64,
}

impl JsonLines {
    pub(super) fn new(
        name: &str,
        reader: Box<dyn BufRead + Send>,
        named: Option<&str>,
    ) -> Result<Self, Error> {
        let mut table = Self {
            name: name.to_owned(),
            reader,
            header: Vec::new(),
            key: String::new(),
            first: VecDeque::new(),
            line: 0,
        };
        while table.first.len() < LOOKED_AT
            && let Some(object) = table.read()?
        {
            table.first.push_back(object);
        }
        if table.first.is_empty() {
            return Err(Error::input(name, None, "it is empty"));
        }
        let text = |object: &'_ Map<String, Value>, key: &String| {
            object
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let cells: Vec<Vec<String>> = table
            .first
            .iter()
            .map(|object| table.header.iter().map(|key| text(object, key)).collect())
            .collect();
        let rows: Vec<Vec<&str>> = cells
            .iter()
            .map(|row| row.iter().map(String::as_str).collect())
            .collect();
        let place = column::find(name, &table.header, &rows, named)?;
        table.key = table.header[place].clone();
        Ok(table)
    }

    fn read(&mut self) -> Result<Option<Map<String, Value>>, Error> {
        let mut text = String::new();
        loop {
            text.clear();
            self.line += 1;
            match self.reader.read_line(&mut text) {
                Ok(0) => return Ok(None),
                Ok(_) if text.trim().is_empty() => {}
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    let reason = format!("line {}: {NOT_UTF_8}", self.line);
                    return Err(Error::input(&self.name, None, reason));
                }
                Err(error) => return Err(Error::unreadable(&self.name, &error)),
            }
        }
        let wrong = |reason: String| {
            Error::input(&self.name, None, format!("line {}: {reason}", self.line))
        };
        // What the line says may be personal data, so only the place is told.
        let object = match serde_json::from_str(&text) {
            Ok(Value::Object(object)) => object,
            _ if text.trim_start().starts_with('[') => {
                let reason = "it is a list: write its objects one to a line, as `jq -c '.[]'` does";
                return Err(wrong(reason.to_owned()));
            }
            Ok(_) => return Err(wrong("it is JSON, but no object".to_owned())),
            Err(error) => {
                return Err(wrong(format!(
                    "it is no JSON from column {} on",
                    error.column()
                )));
            }
        };
        for key in object.keys() {
            if !self.header.contains(key) {
                if self.header.len() == KEYS {
                    return Err(wrong(format!(
                        "the objects have more than {KEYS} different keys"
                    )));
                }
                self.header.push(key.clone());
            }
        }
        Ok(Some(object))
    }
}

impl Source for JsonLines {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn header(&self) -> Vec<String> {
        self.header.clone()
    }

    fn next(&mut self) -> Result<Option<Row>, Error> {
        let object = match self.first.pop_front() {
            Some(object) => Some(object),
            None => self.read()?,
        };
        Ok(object.map(|object| Row {
            value: object
                .get(&self.key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            content: object.into(),
        }))
    }
}

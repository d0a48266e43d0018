//! Parquet files: rows that are read one after the other, and answers that are written a group of rows at a time. Neither
//! holds more than that in memory.

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::Type;
use serde_json::Value;

use super::cells::Cells;
use super::writer::{Target, Writer, cells, columns, different};
use crate::error::Error;
use crate::list::Answer;

/// Rows of a group, which is in memory until it is written.
const GROUP: usize = 10_000;
/// Days, and the parts of a second, that dates reach back and forth: some files have any number there.
const DAYS: i64 = 95_000_000;
const SECONDS: i64 = DAYS * 24 * 60 * 60;

/// Opens a file of rows.
pub(super) fn open(path: &Path, name: &str, named: Option<&str>) -> Result<Cells, Error> {
    let file = File::open(path).map_err(|error| Error::unreadable(name, &error))?;
    let open = unpanicked(|| {
        let reader = SerializedFileReader::new(file)?;
        let schema = reader.metadata().file_metadata().schema();
        let header = schema.get_fields().iter();
        let header = header.map(|field| field.name().to_owned()).collect();
        Ok((header, reader.into_iter()))
    });
    let (header, rows) = open.map_err(|error| unreadable(name, None, &error))?;
    let rows = Rows {
        name: name.to_owned(),
        rows: Some(rows),
        row: 0,
    };
    Cells::new(name, header, Box::new(rows), named)
}

struct Rows {
    name: String,
    /// None after a failure.
    rows: Option<RowIter<'static>>,
    row: u64,
}

/// The reader panics at some damaged files, which must be no worse for the caller than others.
fn unpanicked<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(ParquetError::General(
            "its parts contradict each other".into(),
        ))
    })
}

impl Iterator for Rows {
    type Item = Result<Vec<Value>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let rows = self.rows.as_mut()?;
        let row = unpanicked(|| {
            let cells = |row: Row| {
                row.get_column_iter()
                    .map(|(_, field)| value(field))
                    .collect()
            };
            Ok(rows.next().transpose()?.map(cells))
        });
        self.row += 1;
        match row {
            Ok(row) => row.map(Ok),
            Err(error) => {
                self.rows = None;
                Some(Err(unreadable(&self.name, Some(self.row), &error)))
            }
        }
    }
}

fn unreadable(name: &str, row: Option<u64>, error: &ParquetError) -> Error {
    let reason = match error {
        ParquetError::NYI(text) => format!(
            "{text}: write it with Snappy, gzip or no compression{}",
            if cfg!(feature = "parquet-zstd") {
                ", or with Zstandard"
            } else {
                ""
            }
        ),
        error => format!("it is damaged, or no Parquet ({error}): write it anew"),
    };
    Error::input(name, row, reason)
}

/// A value as JSON has it; bytes that are text as text.
fn value(field: &Field) -> Value {
    let is_date = |value: i64, most: i64| (-most..=most).contains(&value);
    match field {
        Field::Bytes(bytes) => match std::str::from_utf8(bytes.data()) {
            Ok(text) => Value::from(text),
            Err(_) => field.to_json_value(),
        },
        // No date that anybody could write.
        Field::Date(days) if !is_date((*days).into(), DAYS) => Value::from(*days),
        Field::TimestampMillis(time) if !is_date(*time, SECONDS * 1000) => Value::from(*time),
        Field::TimestampMicros(time) if !is_date(*time, SECONDS * 1_000_000) => Value::from(*time),
        Field::Group(row) => row
            .get_column_iter()
            .map(|(name, field)| (name.clone(), value(field)))
            .collect(),
        Field::ListInternal(list) => list.elements().iter().map(value).collect(),
        Field::MapInternal(map) => map
            .entries()
            .iter()
            .map(|(key, field)| (super::writer::cell(&value(key)), value(field)))
            .collect(),
        field => field.to_json_value(),
    }
}

/// Writes the cells of a CSV file as columns of text, in which an empty cell is null.
pub(super) struct Parquet {
    header: Vec<String>,
    file: SerializedFileWriter<Target>,
    group: Vec<Vec<String>>,
}

impl Parquet {
    pub(super) fn new(file: Target, header: &[String]) -> io::Result<Self> {
        // Two columns of the same name are legal, and hardly any program reads them.
        let names = different(columns(header));
        let fields = names.iter().map(|name| {
            let field = Type::primitive_type_builder(name, Physical::BYTE_ARRAY);
            let field = field.with_logical_type(Some(LogicalType::String));
            let field = field.with_repetition(Repetition::OPTIONAL).build();
            field.map(Arc::new).map_err(failed)
        });
        let fields = fields.collect::<io::Result<_>>()?;
        let schema = Type::group_type_builder("rows").with_fields(fields).build();
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
        let schema = Arc::new(schema.map_err(failed)?);
        let file = SerializedFileWriter::new(file, schema, Arc::new(properties.build()));
        Ok(Self {
            header: header.to_vec(),
            file: file.map_err(failed)?,
            group: Vec::new(),
        })
    }

    fn write_group(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.group);
        let mut group = self.file.next_row_group().map_err(failed)?;
        let mut place = 0;
        while let Some(mut column) = group.next_column().map_err(failed)? {
            let cells = rows.iter().map(|row| row[place].as_str());
            let levels: Vec<i16> = cells
                .clone()
                .map(|cell| (!cell.is_empty()).into())
                .collect();
            let values = cells.filter(|cell| !cell.is_empty()).map(ByteArray::from);
            let values: Vec<ByteArray> = values.collect();
            let writer = column.typed::<ByteArrayType>();
            writer
                .write_batch(&values, Some(&levels), None)
                .map_err(failed)?;
            column.close().map_err(failed)?;
            place += 1;
        }
        group.close().map(drop).map_err(failed)
    }
}

impl Writer for Parquet {
    fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        self.group.push(cells(&self.header, answer));
        match self.group.len() < GROUP {
            true => Ok(()),
            false => self.write_group(),
        }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if !self.group.is_empty() {
            self.write_group()?;
        }
        self.file.close().map(drop).map_err(failed)
    }
}

/// What the system said, where it did.
fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(cause) => io::Error::other(cause),
        },
        error => io::Error::other(error),
    }
}

//! A file of answers, whole or not at all: it is written beside its place, and takes it when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crustdata_batch::Uuid;

#[cfg(feature = "parquet")]
use super::parquet::Parquet;
use super::writer::{Csv, Json, Records, Target, Writer};
use crate::error::Error;
use crate::list::Answer;
use crate::sink::Sink;

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputFormat {
    /// The input's columns and the contacts', with commas.
    Csv,
    /// The same with tabs.
    Tsv,
    /// An object for each row.
    JsonLines,
    /// The same columns as a CSV file's, all of them text.
    #[cfg(feature = "parquet")]
    Parquet,
    /// The records as they came, one for each person: no row, and nobody without a record.
    Records,
}

impl OutputFormat {
    /// What a path's ending asks for; CSV, if nothing.
    pub fn of(path: &Path) -> Self {
        let end = path.extension().and_then(|end| end.to_str());
        match end.map(str::to_ascii_lowercase).as_deref() {
            Some("jsonl" | "ndjson") => Self::JsonLines,
            Some("tsv" | "tab") => Self::Tsv,
            #[cfg(feature = "parquet")]
            Some("parquet" | "pq") => Self::Parquet,
            _ => Self::Csv,
        }
    }

    fn writer(self, file: Target, header: &[String]) -> io::Result<Box<dyn Writer>> {
        Ok(match self {
            Self::Csv => Box::new(Csv::new(file, b',', header)?),
            Self::Tsv => Box::new(Csv::new(file, b'\t', header)?),
            Self::JsonLines => Box::new(Json::new(file, header)),
            #[cfg(feature = "parquet")]
            Self::Parquet => Box::new(Parquet::new(file, header)?),
            Self::Records => Box::new(Records(file)),
        })
    }
}

/// Writes answers to a file. Until the last is written, what was there before stays there; the rest of a process that was
/// killed is `PATH.NUMBER.partial`, and may be removed. A file that is a link is written where that leads.
pub struct FileSink {
    path: PathBuf,
    /// Where they are until the last is written.
    partial: PathBuf,
    format: OutputFormat,
    file: Option<(Arc<File>, Box<dyn Writer>)>,
}

impl FileSink {
    /// Answers to this file.
    pub fn new(path: impl Into<PathBuf>, format: OutputFormat) -> Self {
        let path = path.into();
        let path = path.canonicalize().unwrap_or(path);
        // Another run or an export may write the same output at the same time, on another machine, too.
        let number = Uuid::new_v4().as_fields().0;
        let mut partial = path.as_os_str().to_owned();
        partial.push(format!(".{number:08x}.partial"));
        Self {
            path,
            partial: partial.into(),
            format,
            file: None,
        }
    }

    fn create(&self) -> Result<File, Error> {
        // Its place would be taken: of a device, too.
        if fs::metadata(&self.path).is_ok_and(|there| !there.is_file()) {
            let reason = "what is there is no file: choose another place";
            return Err(self.failed(io::Error::other(reason)));
        }
        File::create(&self.partial).map_err(|error| self.failed(error))
    }

    /// Leaves nothing half-written.
    fn discard(&self) {
        // Where that fails, there is nothing, or nothing to be done.
        let _ = fs::remove_file(&self.partial);
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Output {
            path: self.path.clone(),
            source,
        }
    }
}

impl Sink for FileSink {
    fn prepare(&mut self) -> Result<(), Error> {
        drop(self.create()?);
        fs::remove_file(&self.partial).map_err(|error| self.failed(error))
    }

    fn begin(&mut self, header: &[String]) -> Result<(), Error> {
        let file = Arc::new(self.create()?);
        let target = BufWriter::new(file.clone());
        let writer = self.format.writer(target, header);
        self.file = Some((file, writer.map_err(|error| self.failed(error))?));
        Ok(())
    }

    fn answer(&mut self, answer: &Answer) -> Result<(), Error> {
        let Some((_, writer)) = &mut self.file else {
            return Ok(());
        };
        writer.answer(answer).map_err(|error| self.failed(error))
    }

    fn finish(&mut self) -> Result<(), Error> {
        let Some((file, writer)) = self.file.take() else {
            return Ok(());
        };
        let finish = || {
            writer.finish()?;
            file.sync_all()?;
            fs::rename(&self.partial, &self.path)?;
            // The name is in the folder, which is written apart from the file. Where folders can't be opened, that is done.
            let folder = self
                .path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            match File::open(folder.unwrap_or(Path::new("."))) {
                Ok(folder) if cfg!(unix) => folder.sync_all(),
                _ => Ok(()),
            }
        };
        finish().map_err(|error| {
            self.discard();
            self.failed(error)
        })
    }
}

impl Drop for FileSink {
    fn drop(&mut self) {
        if self.file.is_some() {
            self.discard();
        }
    }
}

impl std::fmt::Debug for FileSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("FileSink");
        debug
            .field("path", &self.path)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

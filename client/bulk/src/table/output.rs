//! A file of answers, whole or not at all: it is written beside its place, and takes it when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::writer::{Csv, Json, Records, Writer};
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
            _ => Self::Csv,
        }
    }
}

/// Writes answers to a file. Until the last is written, what was there before stays there; the rest of a run that was
/// killed is `PATH.partial`, which the next one writes anew.
pub struct FileSink {
    path: PathBuf,
    format: OutputFormat,
    file: Option<(BufWriter<File>, Box<dyn Writer>)>,
}

impl FileSink {
    /// Answers to this file.
    pub fn new(path: impl Into<PathBuf>, format: OutputFormat) -> Self {
        Self {
            path: path.into(),
            format,
            file: None,
        }
    }

    fn partial(&self) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".partial");
        name.into()
    }

    fn create(&self) -> Result<File, Error> {
        if self.path.is_dir() {
            return Err(self.failed(io::ErrorKind::IsADirectory.into()));
        }
        File::create(self.partial()).map_err(|error| self.failed(error))
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Output {
            path: self.path.clone(),
            source,
        }
    }

    fn write(
        &mut self,
        write: impl FnOnce(&mut dyn Writer, &mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), Error> {
        let Some((file, writer)) = &mut self.file else {
            return Ok(());
        };
        write(&mut **writer, file).map_err(|error| self.failed(error))
    }
}

impl Sink for FileSink {
    fn prepare(&mut self) -> Result<(), Error> {
        drop(self.create()?);
        fs::remove_file(self.partial()).map_err(|error| self.failed(error))
    }

    fn begin(&mut self, header: &[String]) -> Result<(), Error> {
        let writer: Box<dyn Writer> = match self.format {
            OutputFormat::Csv => Box::new(Csv::new(b',', header)),
            OutputFormat::Tsv => Box::new(Csv::new(b'\t', header)),
            OutputFormat::JsonLines => Box::new(Json::new(header)),
            OutputFormat::Records => Box::new(Records),
        };
        self.file = Some((BufWriter::new(self.create()?), writer));
        self.write(|writer, file| writer.begin(file))
    }

    fn answer(&mut self, answer: &Answer) -> Result<(), Error> {
        self.write(|writer, file| writer.answer(answer, file))
    }

    fn finish(&mut self) -> Result<(), Error> {
        let Some((file, _)) = self.file.take() else {
            return Ok(());
        };
        let finish = || {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            fs::rename(self.partial(), &self.path)?;
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
        finish().map_err(|error| self.failed(error))
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

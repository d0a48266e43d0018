//! A file of answers, whole or not at all: it is written beside its place, and takes it when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::{Builder, NamedTempFile, TempPath};

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
    /// The records alone, one for each person: no row, and nobody without a record.
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
/// killed is `PATH.LETTERS.partial`, and may be removed. A file that is a link is written where that leads.
pub struct FileSink {
    path: PathBuf,
    format: OutputFormat,
    partial: Option<Partial>,
}

/// A file until the last answer is written; dropped before, it is removed.
struct Partial {
    writer: Box<dyn Writer>,
    file: Arc<File>,
    path: TempPath,
}

impl FileSink {
    /// Answers to this file.
    pub fn new(path: impl Into<PathBuf>, format: OutputFormat) -> Self {
        let path = path.into();
        Self {
            path: path.canonicalize().unwrap_or(path),
            format,
            partial: None,
        }
    }

    /// A file of its own beside the output: another run or an export may write the same output at the same time.
    fn create(&self) -> Result<NamedTempFile, Error> {
        // Its place would be taken: of a device, too.
        if fs::metadata(&self.path).is_ok_and(|there| !there.is_file()) {
            let reason = "what is there is no file: choose another place";
            return Err(self.failed(io::Error::other(reason)));
        }
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".");
        let mut file = Builder::new();
        file.prefix(&name).suffix(".partial");
        // As other files are, not only for their owner.
        #[cfg(unix)]
        file.permissions(fs::Permissions::from_mode(0o666));
        let file = file.tempfile_in(self.folder());
        file.map_err(|error| self.failed(error))
    }

    fn folder(&self) -> &Path {
        let folder = self.path.parent();
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new("."))
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
        self.create().map(drop)
    }

    fn begin(&mut self, header: &[String]) -> Result<(), Error> {
        let (file, path) = self.create()?.into_parts();
        let file = Arc::new(file);
        let writer = self
            .format
            .writer(BufWriter::new(file.clone()), header)
            .map_err(|error| self.failed(error))?;
        self.partial = Some(Partial { writer, file, path });
        Ok(())
    }

    fn answer(&mut self, answer: &Answer) -> Result<(), Error> {
        let Some(partial) = &mut self.partial else {
            return Ok(());
        };
        let written = partial.writer.answer(answer);
        written.map_err(|error| self.failed(error))
    }

    fn finish(&mut self) -> Result<(), Error> {
        let Some(Partial { writer, file, path }) = self.partial.take() else {
            return Ok(());
        };
        let finish = || {
            writer.finish()?;
            // For whom the one is whose place it takes.
            let there = fs::metadata(&self.path).map(|there| there.permissions());
            if let Ok(there) = there
                && there != file.metadata()?.permissions()
            {
                file.set_permissions(there)?;
            }
            file.sync_all()?;
            path.persist(&self.path)?;
            // The name is in the folder, which is written apart from the file. Where folders can't be opened, that is done.
            match File::open(self.folder()) {
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

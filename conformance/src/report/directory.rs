//! Writes the reports that are files. Each is rendered whole into a temporary file beside its place and renamed
//! once all are there, so that nobody ever sees half a report, or reports of two runs.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{exchanges, html, json, junit};
use crate::results::Results;

/// How a report is written.
type Render = fn(&mut dyn Write, &Results) -> io::Result<()>;

/// The files, and what is in them.
const FILES: &[(&str, Render)] = &[
    ("exchanges.ndjson", exchanges),
    ("report.html", html),
    ("junit.xml", junit),
    ("results.json", json),
];

/// A directory in which reports can be written.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
}

/// Why reports can't be written.
#[derive(Debug, thiserror::Error)]
#[error("no report can be written in {}", path.display())]
pub struct DirectoryError {
    path: PathBuf,
    source: io::Error,
}

impl Directory {
    /// Makes the directory where there is none, and makes sure that files can be written in it.
    ///
    /// # Errors
    ///
    /// When it can't be made, or no file can be made in it.
    pub fn open(path: &Path) -> Result<Self, DirectoryError> {
        let directory = Self {
            path: path.to_owned(),
        };
        fs::create_dir_all(path)
            .and_then(|()| directory.temporary().map(drop))
            .map_err(|source| directory.error(source))?;
        Ok(directory)
    }

    /// Writes `results.json`, `junit.xml`, `report.html` and `exchanges.ndjson`, in place of those of an earlier
    /// run.
    ///
    /// # Errors
    ///
    /// When one of them can't be written; then what was there before still is.
    pub fn write(&self, results: &Results) -> Result<(), DirectoryError> {
        let rendered: Result<Vec<_>, io::Error> = FILES
            .iter()
            .map(|(name, render)| Ok((name, self.rendered(*render, results)?)))
            .collect();
        for (name, file) in rendered.map_err(|source| self.error(source))? {
            file.persist(self.path.join(name))
                .map_err(|error| self.error(error.error))?;
        }
        Ok(())
    }

    fn rendered(&self, render: Render, results: &Results) -> io::Result<NamedTempFile> {
        let mut file = self.temporary()?;
        let mut buffer = BufWriter::new(&mut file);
        render(&mut buffer, results)?;
        buffer.flush()?;
        drop(buffer);
        file.as_file().sync_all()?;
        Ok(file)
    }

    fn temporary(&self) -> io::Result<NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".conformance-");
        // As other files of the user: a report is made to be shown around.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(&self.path)
    }

    fn error(&self, source: io::Error) -> DirectoryError {
        DirectoryError {
            path: self.path.clone(),
            source,
        }
    }
}

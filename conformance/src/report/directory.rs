//! Writes the reports that are files. Each is rendered whole into a temporary file beside its place (the
//! recording as exchanges happen) and renamed once all are there, so that nobody ever sees half a report, or reports of two runs.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{html, json, junit};
use crate::results::Results;

/// How a report is written.
type Render = fn(&mut dyn Write, &Results) -> io::Result<()>;

/// The files, and what is in them.
const FILES: &[(&str, Render)] = &[
    ("report.html", html),
    ("junit.xml", junit),
    ("results.json", json),
];

/// A directory in which reports can be written.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    /// The recording, beside its place until it is finished.
    recording: NamedTempFile,
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
        let open = || {
            fs::create_dir_all(path)?;
            temporary(path)
        };
        match open() {
            Ok(recording) => Ok(Self {
                path: path.to_owned(),
                recording,
            }),
            Err(source) => Err(error(path, source)),
        }
    }

    /// The file that the exchanges are to be recorded in, as they happen.
    ///
    /// # Errors
    ///
    /// When no further file can be opened.
    pub fn recording(&self) -> Result<File, DirectoryError> {
        let file = self.recording.as_file();
        file.try_clone().map_err(|source| error(&self.path, source))
    }

    /// Writes `results.json`, `junit.xml` and `report.html`, and finishes `exchanges.ndjson`, in place of those of an
    /// earlier run.
    ///
    /// # Errors
    ///
    /// When one of them can't be written; then what was there before still is.
    pub fn write(self, results: &mut Results) -> Result<(), DirectoryError> {
        let path = self.path.clone();
        self.write_all(results)
            .map_err(|source| error(&path, source))
    }

    fn write_all(self, results: &mut Results) -> io::Result<()> {
        let mut files = Vec::new();
        for (name, render) in FILES {
            files.push((*name, rendered(&self.path, *render, results)?));
        }
        if let Some(recorder) = results.recorder.take() {
            recorder.finish(Some(results.verdict.as_str()))?;
            self.recording.as_file().sync_all()?;
            files.insert(0, ("exchanges.ndjson", self.recording));
        }
        for (name, file) in files {
            file.persist(self.path.join(name))?;
        }
        Ok(())
    }
}

fn rendered(path: &Path, render: Render, results: &Results) -> io::Result<NamedTempFile> {
    let mut file = temporary(path)?;
    let mut buffer = BufWriter::new(&mut file);
    render(&mut buffer, results)?;
    buffer.flush()?;
    drop(buffer);
    file.as_file().sync_all()?;
    Ok(file)
}

fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".conformance-");
    // As other files of the user: a report is made to be shown around.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(path)
}

fn error(path: &Path, source: io::Error) -> DirectoryError {
    DirectoryError {
        path: path.to_owned(),
        source,
    }
}

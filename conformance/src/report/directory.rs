//! Writes the reports that are files, so that a directory never holds reports of two runs.
//!
//! They are written into a folder within the directory, the recording as exchanges happen. The directory itself is not
//! replaced: it may be a mount, which can't be renamed, or hold other things. Once all reports are there, the folder gets
//! the name [`READY`], the reports of the earlier run are removed, and the new ones are moved into their place. So what
//! is there is of one run at every moment, if not all of it. A swap that was interrupted is finished by the next run,
//! since nothing but moving is left to do.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{html, json, junit, sarif};
use crate::results::Results;

/// How a report is written.
type Render = fn(&mut dyn Write, &Results) -> io::Result<()>;

/// The file of the recording.
const RECORDING: &str = "exchanges.ndjson";

/// The other files, and what is in them.
const RENDERED: &[(&str, Render)] = &[
    ("report.html", html),
    ("junit.xml", junit),
    ("results.sarif", sarif),
    ("results.json", json),
];

/// The folder of reports that are whole and not yet in their place.
const READY: &str = ".conformance-ready";

/// A directory in which reports can be written.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    /// The folder aside.
    folder: TempDir,
    recording: File,
}

/// Why reports can't be written.
#[derive(Debug, thiserror::Error)]
#[error("no report can be written in {}", path.display())]
pub struct DirectoryError {
    path: PathBuf,
    source: io::Error,
}

impl Directory {
    /// Makes the directory where there is none, makes sure that the reports can be written in it, and finishes what
    /// an interrupted run left there.
    ///
    /// # Errors
    ///
    /// When it can't be made, no file can be made in it, or something that is no file has the name of a report.
    pub fn open(path: &Path) -> Result<Self, DirectoryError> {
        let open = || {
            fs::create_dir_all(path)?;
            names_are_free(path)?;
            swap(path)?;
            let folder = tempfile::Builder::new()
                .prefix(".conformance-")
                .tempdir_in(path)?;
            let recording = File::create_new(folder.path().join(RECORDING))?;
            Ok((folder, recording))
        };
        match open() {
            Ok((folder, recording)) => Ok(Self {
                path: path.to_owned(),
                folder,
                recording,
            }),
            Err(source) => Err(error(path, source)),
        }
    }

    /// Its path, as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file that the exchanges are to be recorded in, as they happen.
    ///
    /// # Errors
    ///
    /// When no further file can be opened.
    pub fn recording(&self) -> Result<File, DirectoryError> {
        let file = self.recording.try_clone();
        file.map_err(|source| error(&self.path, source))
    }

    /// Writes the reports that are rendered, and finishes `exchanges.ndjson`, in place of those of an
    /// earlier run.
    ///
    /// # Errors
    ///
    /// When one of them can't be written; then those of the earlier run are still there. When they are all written
    /// and one can't be moved to its place, the others of this run are there, and the next run moves it.
    pub fn write(self, results: &mut Results) -> Result<(), DirectoryError> {
        let path = self.path.clone();
        self.write_all(results)
            .map_err(|source| error(&path, source))
    }

    fn write_all(self, results: &mut Results) -> io::Result<()> {
        for (name, render) in RENDERED {
            let mut file = BufWriter::new(File::create_new(self.folder.path().join(name))?);
            render(&mut file, results)?;
            file.into_inner()?.sync_all()?;
        }
        match results.recorder.take() {
            Some(recorder) => {
                recorder.finish(Some(results.verdict.as_str()))?;
                self.recording.sync_all()?;
            }
            None => fs::remove_file(self.folder.path().join(RECORDING))?,
        }
        names_are_free(&self.path)?;
        fs::rename(self.folder.path(), self.path.join(READY))?;
        // It has another name now, under which nobody is to remove it.
        let _ = self.folder.keep();
        swap(&self.path)
    }
}

/// The names of the reports. Nothing else in the directory is touched.
fn names() -> impl Iterator<Item = &'static str> {
    (RENDERED.iter().map(|(name, _)| *name)).chain([RECORDING])
}

/// Puts the reports that are ready in the place of earlier ones. Each step may be the last, and all of it be done again.
fn swap(path: &Path) -> io::Result<()> {
    let ready = path.join(READY);
    let waiting: Vec<(PathBuf, PathBuf)> = names()
        .map(|name| (ready.join(name), path.join(name)))
        .filter(|(file, _)| file.exists())
        .collect();
    for (_, place) in &waiting {
        allow_missing(fs::remove_file(place))?;
    }
    for (file, place) in &waiting {
        fs::rename(file, place)?;
    }
    allow_missing(fs::remove_dir(ready))
}

/// An error where something that is no file stands in a report's place: it is the user's, and stays.
fn names_are_free(path: &Path) -> io::Result<()> {
    match names().find(|name| path.join(name).is_dir()) {
        Some(name) => Err(io::Error::other(format!("{name} is a directory"))),
        None => Ok(()),
    }
}

fn error(path: &Path, source: io::Error) -> DirectoryError {
    DirectoryError {
        path: path.to_owned(),
        source,
    }
}

fn allow_missing(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

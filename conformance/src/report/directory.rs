//! Writes the reports that are files, so that a directory never holds reports of two runs.
//!
//! They are rendered into a folder aside, within the directory: a directory of its own may be a mount, which can't be
//! renamed, or hold other things, which are none of ours to move. Once all are there, the folder gets the name
//! [`READY`], the reports of the earlier run are removed, and the new ones are moved into their place. So at every
//! moment what is there is of one run, if not all of it; and since nothing but moving is left to do, a swap that was
//! interrupted is finished by the next run.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{exchanges, html, json, junit};
use crate::results::Results;

/// How a report is written.
type Render = fn(&mut dyn Write, &Results) -> io::Result<()>;

/// The files, and what is in them. No others in the directory are touched.
const FILES: &[(&str, Render)] = &[
    ("exchanges.ndjson", exchanges),
    ("report.html", html),
    ("junit.xml", junit),
    ("results.json", json),
];

/// The folder of reports that are whole and not yet in their place.
const READY: &str = ".conformance-ready";

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
    /// Makes the directory where there is none, makes sure that the reports can be written in it, and finishes what
    /// an interrupted run left there.
    ///
    /// # Errors
    ///
    /// When it can't be made, no file can be made in it, or something that is no file has the name of a report.
    pub fn open(path: &Path) -> Result<Self, DirectoryError> {
        let directory = Self {
            path: path.to_owned(),
        };
        fs::create_dir_all(path)
            .and_then(|()| directory.folder().map(drop))
            .and_then(|()| directory.names_are_free())
            .and_then(|()| directory.swap())
            .map_err(|source| directory.error(source))?;
        Ok(directory)
    }

    /// Writes `results.json`, `junit.xml`, `report.html` and `exchanges.ndjson`, in place of those of an earlier
    /// run.
    ///
    /// # Errors
    ///
    /// When one of them can't be written; then those of the earlier run are still there. When they are all written
    /// and one can't be moved to its place, the others of this run are there, and the next run moves it.
    pub fn write(&self, results: &Results) -> Result<(), DirectoryError> {
        self.rendered(results)
            .and_then(|folder| {
                self.names_are_free()?;
                fs::rename(folder.path(), self.path.join(READY))?;
                // It has another name now, under which nobody is to remove it.
                let _ = folder.keep();
                self.swap()
            })
            .map_err(|source| self.error(source))
    }

    /// A folder aside with the reports.
    fn rendered(&self, results: &Results) -> io::Result<TempDir> {
        let folder = self.folder()?;
        for (name, render) in FILES {
            let mut file = BufWriter::new(fs::File::create_new(folder.path().join(name))?);
            render(&mut file, results)?;
            file.into_inner()?.sync_all()?;
        }
        Ok(folder)
    }

    /// Puts the reports that are ready in the place of earlier ones. Each step may be the last, and all of it be done
    /// again.
    fn swap(&self) -> io::Result<()> {
        let ready = self.path.join(READY);
        let waiting: Vec<(PathBuf, PathBuf)> = FILES
            .iter()
            .map(|(name, _)| (ready.join(name), self.path.join(name)))
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
    fn names_are_free(&self) -> io::Result<()> {
        for (name, _) in FILES {
            if self.path.join(name).is_dir() {
                return Err(io::Error::other(format!("{name} is a directory")));
            }
        }
        Ok(())
    }

    fn folder(&self) -> io::Result<TempDir> {
        tempfile::Builder::new()
            .prefix(".conformance-")
            .tempdir_in(&self.path)
    }

    fn error(&self, source: io::Error) -> DirectoryError {
        DirectoryError {
            path: self.path.clone(),
            source,
        }
    }
}

fn allow_missing(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

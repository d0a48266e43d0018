//! The file of a journal: which one a path means, whose it is while a run uses it, and what its errors mean.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use crate::error::Error;

/// The file that a path means. Some paths, such as an empty one, mean a database to SQLite that is gone with the process.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path).map_err(|error| Error::Journal {
        path: path.to_owned(),
        source: error.into(),
    })
}

/// The lock is a database of its own beside the journal, so that the journal itself can be read meanwhile. It holds nothing.
pub(super) fn lock(path: &Path, file: &Path) -> Result<Connection, Error> {
    // A link to a journal is the same journal, also where that is yet to be made. One that is there is not opened here: SQLite's
    // locks on a file end with any handle of it that the process closes.
    if !file.exists() {
        drop(OpenOptions::new().append(true).create(true).open(file));
    }
    let there = file.canonicalize();
    let mut name = there.as_deref().unwrap_or(file).as_os_str().to_owned();
    name.push(".lock");
    let lock = || {
        let lock = Connection::open(PathBuf::from(name))?;
        lock.busy_timeout(Duration::ZERO)?;
        lock.execute_batch("BEGIN EXCLUSIVE")?;
        Ok(lock)
    };
    lock().map_err(|error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::JournalInUse {
            path: path.to_owned(),
        },
        _ => failure(path, error),
    })
}

pub(super) fn failure(path: &Path, error: rusqlite::Error) -> Error {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::JournalDamaged {
            path,
            reason: error.to_string(),
        },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::JournalLocked { path },
        _ => Error::Journal {
            path,
            source: error.into(),
        },
    }
}

//! What a run can fail with: each says what is wrong and what to do about it. A row that can't be answered is no error, but
//! an outcome (`list`).

use std::io;
use std::path::PathBuf;

/// Any failure of the journal's storage.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a text can't be read, and what to do about it.
pub(crate) const NOT_UTF_8: &str = "it is not UTF-8: convert it first";

/// What keeps a run from going on. Nothing is lost by it: what was submitted is in the journal, and a later run goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The API refused, or can't be reached.
    #[error("{during}: {source}")]
    Api {
        /// What was being done.
        during: &'static str,
        /// The client's error, with its remedy.
        source: crustdata_batch::Error,
    },
    /// The credits don't last.
    #[error(
        "the balance is {balance} credits, and the next person may cost {needed}: add credits, then resume"
    )]
    Credits {
        /// The account's credits.
        balance: f64,
        /// The most that the next person costs beside what is under way.
        needed: f64,
    },
    /// The caller's ceiling is reached.
    #[error(
        "submissions may cost {spent} credits by now, and the ceiling is {ceiling}: resume with a higher --max-credits"
    )]
    Ceiling {
        /// The worst case of what is submitted.
        spent: f64,
        /// The ceiling.
        ceiling: f64,
    },
    /// The API accepts nothing for certain, or nothing arrives at it.
    #[error(
        "none of the last {count} submissions got an answer that says what became of it, so no more are sent: see `status`, and resume when the API is well"
    )]
    Unknowns {
        /// Submissions in a row.
        count: u32,
    },
    /// The contract doesn't allow the request.
    #[error("the request can't be made: {0}")]
    Request(#[from] crustdata_batch::InvalidRequest),
    /// There is no such journal.
    #[error(
        "there is no journal {path}: name the one that `enrich` has made, with --journal, or its output, with -o"
    )]
    NoJournal {
        /// Where it should be.
        path: PathBuf,
    },
    /// Another process runs with this journal.
    #[error(
        "another run uses the journal {path}: wait for it, stop it, or use another --journal; `status` works meanwhile"
    )]
    JournalInUse {
        /// The journal.
        path: PathBuf,
    },
    /// Another program has locked the journal.
    #[error(
        "another program has locked the journal {path}: close the database shell, backup or the like that holds it, then resume; what was submitted is kept"
    )]
    JournalLocked {
        /// The journal.
        path: PathBuf,
    },
    /// The journal is not one, or is damaged.
    #[error(
        "the journal {path} is damaged ({reason}): recover it with `sqlite3 {path} .recover`, or restore it from a backup that is no older than the last run; without it, or with an older one, people who are paid for are paid for again"
    )]
    JournalDamaged {
        /// The journal.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The journal is of a later version of this crate.
    #[error(
        "the journal {path} has schema version {found}, and this program knows {known}: update it"
    )]
    JournalTooNew {
        /// The journal.
        path: PathBuf,
        /// Its schema's version.
        found: i64,
        /// The latest version that is known here.
        known: i64,
    },
    /// The journal can't be opened, read or written.
    #[error(
        "the journal {path} can't be used: {source}. Look at the disk's free space and the file's permissions, then resume: what was submitted is kept"
    )]
    Journal {
        /// The journal.
        path: PathBuf,
        /// What the storage said.
        source: Cause,
    },
    /// Others have taken over what this run had, since it was not heard of for too long.
    #[error("this run was not heard of for so long that others took over: resume to join them")]
    LeaseLost,
    /// The journal has no list of this number.
    #[error("the journal has no list{}: `status` shows those that it has", .0.map_or_else(String::new, |id| format!(" {id}")))]
    NoList(Option<i64>),
    /// The journal's database can't be used.
    #[error(
        "the journal {name} can't be used: {source}. See that the database is there and lets this user in, then resume: what was submitted is kept"
    )]
    Database {
        /// The database.
        name: String,
        /// What it said.
        source: Cause,
    },
    /// The input is not the one that was begun with.
    #[error(
        "{name}, --column or --max-age has changed since list {list} was begun with it, which is not finished. `resume` finishes that list as it was; `enrich --changed` begins a list with the rows as they are now, in which people who were submitted are not submitted again"
    )]
    InputChanged {
        /// The input.
        name: String,
        /// The list in the journal.
        list: i64,
    },
    /// The input can't be read.
    #[error("{name} can't be read{}: {reason}", .row.map_or_else(String::new, |row| format!(" at row {row}")))]
    Input {
        /// The input.
        name: String,
        /// The row, from 1.
        row: Option<u64>,
        /// What is wrong, and what to do about it.
        reason: String,
    },
    /// The output can't be written.
    #[error(
        "the output {path} can't be written: {source}. Make room or choose another place; what was answered is in the journal, and `export` writes it"
    )]
    Output {
        /// The output.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody decided about a submission that needs no decision.
    #[error("submission {id} can't be decided: {reason}")]
    NotToDecide {
        /// The submission.
        id: i64,
        /// Why not.
        reason: String,
    },
}

impl Error {
    /// An input that can't be read.
    pub(crate) fn input(name: &str, row: Option<u64>, reason: impl Into<String>) -> Self {
        Self::Input {
            name: name.to_owned(),
            row,
            reason: reason.into(),
        }
    }

    /// An input that the system can't read.
    pub(crate) fn unreadable(name: &str, error: &io::Error) -> Self {
        Self::input(name, None, error.to_string())
    }
}

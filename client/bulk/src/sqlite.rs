//! The journal in a SQLite file: opening and migrating it, and its transactions. Which file that is, and whose, is in `file`, the
//! schema in `schema.sql`; lists are read in by `import`, what happens in a run is kept by `run`, and read by `report`.

mod answer;
mod decide;
mod file;
mod import;
mod report;
mod run;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use self::file::{absolute, failure, lock};
use crate::error::Error;
use crate::journal::{
    Changed, Describe, Intent, Journal, Kept, OpenJob, Plan, Rest, Settlement, Standing, Submitted,
    Tally, Unresolved,
};
use crate::list::{Answer, List, ListSpec};
use crate::source::Source;
use crustdata_batch::Uuid;

/// The schema, a step for each version.
const MIGRATIONS: [&str; 1] = [include_str!("sqlite/schema.sql")];
/// Tells a journal from other SQLite files.
const APPLICATION_ID: i64 = 0x4372_4264;
/// How long another process may write, such as one that decides about a submission.
const PATIENCE: Duration = Duration::from_secs(10);

/// A journal in a SQLite file, with a write-ahead log that is synchronized at each commit.
///
/// One run at a time uses it; others may read it meanwhile. It can be looked into with any SQLite shell: the schema is
/// documented in `schema.sql`.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    db: Connection,
    /// Active jobs of the account that are not in here.
    others_active: u64,
    /// Locks the journal for as long as it lives, and until the process ends in whatever way.
    _lock: Option<Connection>,
}

impl Sqlite {
    /// Opens a journal for a run, and creates it if there is none.
    ///
    /// # Errors
    ///
    /// Where another run uses it, it is damaged or of a later version, or the file can't be used.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let lock = lock(path, &absolute(path)?)?;
        let mut journal = Self::connect(path, OpenFlags::default(), Some(lock))?;
        journal.set_up()?;
        Ok(journal)
    }

    /// Opens a journal that is there, beside a run or not, to read it or to decide about a submission.
    ///
    /// # Errors
    ///
    /// Where there is none, it is damaged or of a later version, or the file can't be used.
    pub fn look(path: impl AsRef<Path>) -> Result<Self, Error> {
        let flags = OpenFlags::default() & !OpenFlags::SQLITE_OPEN_CREATE;
        let path = path.as_ref();
        if matches!(absolute(path)?.try_exists(), Ok(false)) {
            let path = path.to_owned();
            return Err(Error::NoJournal { path });
        }
        let mut journal = Self::connect(path, flags, None)?;
        let version = journal.version()?;
        match version {
            0 => Err(journal.damaged("it has no journal in it")),
            _ => journal.migrate().map(|()| journal),
        }
    }

    /// A journal in memory, which ends with this: for plans.
    ///
    /// # Errors
    ///
    /// Where there is no memory.
    pub fn in_memory() -> Result<Self, Error> {
        let path = Path::new("in memory");
        let db = Connection::open_in_memory().map_err(|error| failure(path, error))?;
        let mut journal = Self::of(path, db, None)?;
        journal.migrate()?;
        Ok(journal)
    }

    fn connect(path: &Path, flags: OpenFlags, lock: Option<Connection>) -> Result<Self, Error> {
        let db = Connection::open_with_flags(absolute(path)?, flags);
        Self::of(path, db.map_err(|error| failure(path, error))?, lock)
    }

    fn of(path: &Path, db: Connection, lock: Option<Connection>) -> Result<Self, Error> {
        let journal = Self {
            path: path.to_owned(),
            db,
            others_active: 0,
            _lock: lock,
        };
        journal.settings().map_err(|error| journal.failed(error))?;
        Ok(journal)
    }

    fn settings(&self) -> rusqlite::Result<()> {
        self.db.busy_timeout(PATIENCE)?;
        self.db.pragma_update(None, "journal_mode", "WAL")?;
        self.db.pragma_update(None, "synchronous", "FULL")?;
        // Each commit goes on into the file itself, which may be all that is left, or moved elsewhere, after a crash. It costs some
        // milliseconds; a list is read in with one, and a job takes a few.
        self.db.pragma_update(None, "wal_autocheckpoint", 1)?;
        self.db.pragma_update(None, "foreign_keys", true)?;
        self.db.set_prepared_statement_cache_capacity(64);
        Ok(())
    }

    fn set_up(&mut self) -> Result<(), Error> {
        let check = self
            .db
            .query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
        match check {
            Ok(text) if text == "ok" => self.migrate(),
            Ok(text) => Err(self.damaged(&text)),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn version(&self) -> Result<i64, Error> {
        let pragma = |name| self.db.pragma_query_value(None, name, |row| row.get(0));
        let version = pragma("user_version").map_err(|error| self.failed(error))?;
        let id: i64 = pragma("application_id").map_err(|error| self.failed(error))?;
        let known = MIGRATIONS.len() as i64;
        match version {
            0 => Ok(0),
            _ if id != APPLICATION_ID => Err(self.damaged("it is a database of another program")),
            found if found < 0 => Err(self.damaged("its version is below 0")),
            found if found > known => Err(Error::JournalTooNew {
                path: self.path.clone(),
                found,
                known,
            }),
            found => Ok(found),
        }
    }

    fn migrate(&mut self) -> Result<(), Error> {
        let version = self.version()?;
        if version == MIGRATIONS.len() as i64 {
            return Ok(());
        }
        let is_empty = "SELECT count(*) = 0 FROM sqlite_schema";
        let is_empty = self.db.query_row(is_empty, [], |row| row.get::<_, bool>(0));
        if version == 0 && !is_empty.map_err(|error| self.failed(error))? {
            return Err(self.damaged("it is a database of another program"));
        }
        self.write(|tx| {
            for step in &MIGRATIONS[version as usize..] {
                tx.execute_batch(step)?;
            }
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.pragma_update(None, "user_version", MIGRATIONS.len() as i64)
        })
    }

    /// One transaction: what it does is kept when this returns, or nothing of it.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let write = || {
            let tx = self
                .db
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&tx)?;
            tx.commit()?;
            Ok(value)
        };
        write().map_err(|error| failure(&self.path, error))
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        work(&self.db).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: rusqlite::Error) -> Error {
        failure(&self.path, error)
    }

    fn damaged(&self, reason: &str) -> Error {
        Error::JournalDamaged {
            path: self.path.clone(),
            reason: reason.to_owned(),
        }
    }
}

impl Journal for Sqlite {
    fn import(
        &mut self,
        spec: &ListSpec,
        source: &mut dyn Source,
        changed: Changed,
        keep: bool,
    ) -> Result<(List, Plan), Error> {
        match keep {
            true => self.import_list(spec, source, changed),
            false => self.plan_list(spec, source, changed),
        }
    }
    fn lists(&mut self) -> Result<Vec<List>, Error> {
        self.read(report::lists)
    }
    fn plan(&mut self, list: &List) -> Result<Plan, Error> {
        self.read(|db| report::plan(db, list.id))
    }
    fn tally(&mut self, list: i64) -> Result<Tally, Error> {
        self.read(|db| report::tally(db, list))
    }
    fn reopen(&mut self) -> Result<(), Error> {
        self.write(run::reopen)
    }
    fn unresolved(&mut self) -> Result<Vec<Unresolved>, Error> {
        self.read(run::unresolved)
    }
    fn open_jobs(&mut self) -> Result<Vec<OpenJob>, Error> {
        self.read(run::open_jobs)
    }
    fn known_jobs(&mut self) -> Result<Vec<Uuid>, Error> {
        self.read(run::known_jobs)
    }
    fn committed(&mut self, list: i64) -> Result<f64, Error> {
        self.read(|db| run::committed(db, list))
    }
    fn standing(&mut self, list: i64) -> Result<Standing, Error> {
        self.read(|db| run::standing(db, list, self.others_active))
    }
    fn has_waiting(&mut self, list: i64) -> Result<bool, Error> {
        self.read(|db| run::has_waiting(db, list))
    }
    fn polled(&mut self, others_active: u64) -> Result<(), Error> {
        self.others_active = others_active;
        Ok(())
    }
    fn intend(
        &mut self,
        list: &List,
        most: &mut dyn FnMut(&Standing) -> usize,
        describe: Describe<'_>,
    ) -> Result<Option<Intent>, Error> {
        // Nobody else submits for this journal.
        let most = most(&self.standing(list.id)?);
        self.write(|tx| run::intend(tx, list, most, describe))?
    }
    fn settle(&mut self, submission: i64, settlement: &Settlement) -> Result<(), Error> {
        self.write(|tx| run::settle(tx, submission, settlement))
    }
    fn job_ended(&mut self, batch_id: Uuid, failure: Option<&str>) -> Result<(), Error> {
        self.write(|tx| answer::job_ended(tx, batch_id, failure))
    }
    fn people(&mut self, batch_id: Uuid) -> Result<Vec<Submitted>, Error> {
        self.read(|db| answer::people(db, batch_id))
    }
    fn keep_records(&mut self, batch_id: Uuid, records: &[Kept], lines: u64) -> Result<u64, Error> {
        self.write(|tx| answer::keep(tx, batch_id, records, lines))
    }
    fn job_read(&mut self, batch_id: Uuid, rest: &Rest) -> Result<u64, Error> {
        self.write(|tx| answer::job_read(tx, batch_id, rest))
    }
    fn answers(&mut self, list: i64, after: u64, most: u64) -> Result<Vec<Answer>, Error> {
        self.read(|db| report::answers(db, list, after, most))
    }
    fn finish(&mut self, list: i64) -> Result<(), Error> {
        self.write(|tx| report::finish(tx, list))
    }
    fn history(&mut self, list: i64, row: u64) -> Result<Vec<String>, Error> {
        self.read(|db| report::history(db, list, row))
    }
    fn decide(&mut self, submission: i64, job: Option<Uuid>) -> Result<(), Error> {
        self.write(|tx| decide::decide(tx, submission, job))?
            .map_err(|reason| Error::NotToDecide {
                id: submission,
                reason,
            })
    }
}

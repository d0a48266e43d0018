//! The journal in a Postgres database, which runs on any number of machines share: opening it, and its transactions. The
//! schema is in `schema.sql`, migrated by `version`; `link` is the connection, `lease` what a run holds. Lists are read in by
//! `import`, what happens in a run is kept by `run` and `answer`, what runs have in common by `share`, and read by `report`.

mod answer;
mod decide;
mod import;
mod lease;
mod link;
mod report;
mod run;
mod share;
mod version;

use std::time::{Duration, Instant};

use tokio_postgres::{Client, Transaction};

use self::lease::{Lease, Moment};
use self::link::{Fault, Link, PATIENCE, name, wait};
use crate::error::Error;
use crate::journal::{
    Changed, Describe, Intent, Journal, Kept, OpenJob, Plan, Rest, Settlement, Standing, Submitted,
    Tally, Unresolved,
};
use crate::list::{Answer, List, ListSpec};
use crate::source::Source;
use crustdata_batch::Uuid;

/// A lease's length: a machine that dies is taken over so long after its last renewal.
const LEASE: Duration = Duration::from_secs(30);
/// For how long the database may be away when a journal is opened.
const PATIENCE_AT_FIRST: Duration = Duration::from_secs(15);
/// For how long the end of a run may take to be told.
const FAREWELL: Duration = Duration::from_secs(2);

/// A journal in a Postgres database (13 or later), which any number of runs share, on any number of machines.
///
/// Each run holds a lease. Whoever is not heard of for as long as that is taken over, and none of its writes is accepted any
/// more. The tables are in the schema `crustdata_bulk`, and documented in `schema.sql`. A database is the journal of one account.
///
/// The methods of [`Journal`] wait for the database on the thread that calls them.
#[derive(Debug)]
pub struct Postgres {
    link: Link,
    lease: Option<Lease>,
    length: Duration,
    /// The number of the last transaction.
    last_write: i64,
}

impl Postgres {
    /// Joins a journal for a run, and creates it if there is none. The URL is as `psql` takes it; without a password, that is
    /// taken from `PGPASSWORD`.
    ///
    /// # Errors
    ///
    /// Where the database can't be reached or used, or the journal is of a later version.
    pub fn open(url: &str) -> Result<Self, Error> {
        Self::with_lease(url, LEASE)
    }

    /// The same with a lease that is not half a minute long.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn with_lease(url: &str, length: Duration) -> Result<Self, Error> {
        let mut journal = Self::connect(url, length)?;
        journal.migrate()?;
        journal.join()?;
        Ok(journal)
    }

    /// Opens a journal that is there, beside runs or not, to read it or to decide about a submission.
    ///
    /// # Errors
    ///
    /// Where there is none, it is of a later version, or the database can't be reached or used.
    pub fn look(url: &str) -> Result<Self, Error> {
        let mut journal = Self::connect(url, LEASE)?;
        let version = journal
            .link
            .patiently(PATIENCE_AT_FIRST, async |client| version::of(client).await)?;
        match version {
            0 => Err(journal.link.failed("it has no journal in it")),
            _ => journal.migrate().map(|()| journal),
        }
    }

    fn connect(url: &str, length: Duration) -> Result<Self, Error> {
        Ok(Self {
            link: Link::new(url)?,
            lease: None,
            length,
            last_write: 0,
        })
    }

    fn migrate(&mut self) -> Result<(), Error> {
        let name = name(self.link.database());
        self.link.patiently(PATIENCE_AT_FIRST, async |client| {
            version::migrate(client, &name).await
        })
    }

    /// Takes a new lease.
    fn join(&mut self) -> Result<(), Error> {
        self.lease = None;
        self.last_write = 0;
        let since = Moment::now();
        let length = self.length;
        // Should the answer get lost, another worker is there that nobody renews.
        let worker = self
            .link
            .read(async |client| share::join(client, length).await)?;
        let database = self.link.database().clone();
        self.lease =
            (self.link.handle()).map(|handle| Lease::keep(worker, length, since, database, handle));
        Ok(())
    }

    /// The fencing token. Nobody has the one that there is without a lease.
    fn worker(&self) -> i64 {
        self.lease.as_ref().map_or(0, |lease| lease.worker)
    }

    fn read<T>(&mut self, work: impl AsyncFnMut(&Client) -> Result<T, Fault>) -> Result<T, Error> {
        self.link.read(work)
    }

    /// One transaction: what it does is kept when this returns, or nothing of it. It is refused once the lease is over: the
    /// worker's row is locked meanwhile, so nobody can take over between the question and the commit.
    fn write<T>(
        &mut self,
        mut work: impl AsyncFnMut(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        let worker = self.worker();
        let number = self.last_write + 1;
        // What came of an attempt whose connection broke in the commit.
        let mut unsure = None;
        let value = self.link.patiently(PATIENCE, async |client| {
            let tx = client.transaction().await?;
            // A commit that is still under way is waited for here.
            let last_write = share::fence(&tx, worker).await?;
            if last_write == number
                && let Some(value) = unsure.take()
            {
                return Ok(value);
            }
            let value = work(&tx).await?;
            share::count(&tx, worker, number).await?;
            unsure = Some(value);
            tx.commit().await?;
            unsure.take().ok_or(Fault::Own(Error::LeaseLost))
        })?;
        self.last_write = number;
        Ok(value)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let worker = self.worker();
        self.lease = None;
        if worker != 0
            && let Some(client) = self.link.client()
        {
            // Who comes too late to say so is taken over a little later.
            drop(wait(
                share::leave(client, worker),
                Instant::now() + FAREWELL,
            ));
        }
    }
}

impl Journal for Postgres {
    fn import(
        &mut self,
        spec: &ListSpec,
        source: &mut dyn Source,
        changed: Changed,
        keep: bool,
    ) -> Result<(List, Plan), Error> {
        self.import_list(spec, source, changed, keep)
    }
    fn lists(&mut self) -> Result<Vec<List>, Error> {
        self.read(async |db| report::lists(db).await)
    }
    fn plan(&mut self, list: &List) -> Result<Plan, Error> {
        self.read(async |db| report::plan(db, list.id).await)
    }
    fn tally(&mut self, list: i64) -> Result<Tally, Error> {
        self.read(async |db| report::tally(db, list).await)
    }
    fn reopen(&mut self) -> Result<(), Error> {
        self.write(async |tx| run::reopen(tx).await)
    }
    fn unresolved(&mut self) -> Result<Vec<Unresolved>, Error> {
        let worker = self.worker();
        self.read(async |db| run::unresolved(db, worker).await)
    }
    fn open_jobs(&mut self) -> Result<Vec<OpenJob>, Error> {
        self.read(async |db| run::open_jobs(db).await)
    }
    fn known_jobs(&mut self) -> Result<Vec<Uuid>, Error> {
        self.read(async |db| run::known_jobs(db).await)
    }
    fn committed(&mut self, list: i64) -> Result<f64, Error> {
        self.read(async |db| run::committed(db, list).await)
    }
    fn standing(&mut self, list: i64) -> Result<Standing, Error> {
        let worker = self.worker();
        self.read(async |db| run::standing(db, worker, list).await)
    }
    fn has_waiting(&mut self, list: i64) -> Result<bool, Error> {
        self.read(async |db| run::has_waiting(db, list).await)
    }
    fn polled(&mut self, others_active: u64) -> Result<(), Error> {
        let worker = self.worker();
        self.read(async |db| share::polled(db, worker, others_active).await)
    }
    fn intend(
        &mut self,
        list: &List,
        most: &mut dyn FnMut(&Standing) -> usize,
        describe: Describe<'_>,
    ) -> Result<Option<Intent>, Error> {
        let worker = self.worker();
        self.write(async |tx| run::intend(tx, worker, list, most, describe).await)
    }
    fn settle(&mut self, submission: i64, settlement: &Settlement) -> Result<(), Error> {
        let worker = self.worker();
        self.write(async |tx| run::settle(tx, worker, submission, settlement).await)
    }
    fn job_ended(&mut self, batch_id: Uuid, failure: Option<&str>) -> Result<(), Error> {
        self.write(async |tx| answer::job_ended(tx, batch_id, failure).await)
    }
    fn people(&mut self, batch_id: Uuid) -> Result<Vec<Submitted>, Error> {
        self.read(async |db| answer::people(db, batch_id).await)
    }
    fn keep_records(&mut self, batch_id: Uuid, records: &[Kept], lines: u64) -> Result<u64, Error> {
        self.write(async |tx| answer::keep(tx, batch_id, records, lines).await)
    }
    fn job_read(&mut self, batch_id: Uuid, rest: &Rest) -> Result<u64, Error> {
        self.write(async |tx| answer::job_read(tx, batch_id, rest).await)
    }
    fn answers(&mut self, list: i64, after: u64, most: u64) -> Result<Vec<Answer>, Error> {
        self.read(async |db| report::answers(db, list, after, most).await)
    }
    fn finish(&mut self, list: i64) -> Result<(), Error> {
        self.write(async |tx| report::finish(tx, list).await)
    }
    fn history(&mut self, list: i64, row: u64) -> Result<Vec<String>, Error> {
        self.read(async |db| report::history(db, list, row).await)
    }
    fn decide(&mut self, submission: i64, job: Option<Uuid>) -> Result<(), Error> {
        self.link.patiently(PATIENCE, async |client| {
            let tx = client.transaction().await?;
            decide::decide(&tx, submission, job).await?;
            Ok(tx.commit().await?)
        })
    }
    fn is_held(&self) -> bool {
        self.lease.as_ref().is_some_and(Lease::is_held)
    }
    fn rejoin(&mut self) -> Result<(), Error> {
        self.join()
    }
    fn take_over(&mut self) -> Result<(), Error> {
        let worker = self.worker();
        if self.read(async |db| share::is_anything_left(db, worker).await)? {
            self.write(async |tx| share::take_over(tx, worker).await)?;
        }
        Ok(())
    }
    fn is_poll_due(&mut self, every: Duration) -> Result<bool, Error> {
        let worker = self.worker();
        self.read(async |db| share::is_poll_due(db, worker, every).await)
    }
    fn rest(&mut self, asked: Option<Duration>) -> Result<Option<Duration>, Error> {
        let worker = self.worker();
        self.read(async |db| share::rest(db, worker, asked).await)
    }
    fn claim(&mut self, job: &OpenJob) -> Result<Option<OpenJob>, Error> {
        let worker = self.worker();
        self.write(async |tx| share::claim(tx, worker, job).await)
    }
    fn others_at_work(&mut self, list: i64, is_idle: bool) -> Result<bool, Error> {
        let worker = self.worker();
        self.read(async |db| share::others_at_work(db, worker, list, is_idle).await)
    }
}

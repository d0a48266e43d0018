//! What a journal keeps, and what it promises: when a method returns, what it wrote survives a crash of the process and of
//! the machine. `sqlite` is one, `postgres` another; the engine knows this trait alone.

mod stored;
mod values;

use std::time::{Duration, SystemTime};

use auto_impl::auto_impl;
use crustdata_batch::{InvalidRequest, Submission, Uuid};

use crate::ask::Ask;
use crate::error::Error;
use crate::list::{Answer, List, ListSpec};
use crate::source::Source;

pub(crate) use self::stored::{Answered, BY_HAND, Fingerprint, fitting, outcome, wider};
pub use self::values::{
    Changed, Intent, Kept, OpenJob, Plan, Rest, Settlement, Standing, Submitted, Tally, Unresolved,
};

/// Describes the request that asks for this about these people.
pub type Describe<'a> = &'a mut dyn FnMut(&Ask, &[String]) -> Result<Submission, InvalidRequest>;

/// Where a run keeps what it intends, what became of it, and what came back.
///
/// Each method is one transaction: it happens as a whole or not at all. A box of a journal is one, too, for a kind that is
/// known at run time only.
#[auto_impl(Box)]
pub trait Journal: Send {
    /// Reads a list in. The same rows asked the same, with answers of the same age, are the same list, which is not read in
    /// twice. With `keep` unset nothing is kept, and the plan is what would be.
    ///
    /// # Errors
    ///
    /// Among others [`Error::InputChanged`].
    fn import(
        &mut self,
        spec: &ListSpec,
        source: &mut dyn Source,
        changed: Changed,
        keep: bool,
    ) -> Result<(List, Plan), Error>;

    /// The lists, oldest first.
    fn lists(&mut self) -> Result<Vec<List>, Error>;

    /// What is left of a list.
    fn plan(&mut self, list: &List) -> Result<Plan, Error>;

    /// How many rows of a list have which outcome.
    fn tally(&mut self, list: i64) -> Result<Tally, Error>;

    /// Before a run: jobs whose results could not be read are to be read again, and people who wait, and were submitted for
    /// as much for another list since, wait no more.
    fn reopen(&mut self) -> Result<(), Error>;

    /// Submissions whose outcome nobody knows, oldest first.
    fn unresolved(&mut self) -> Result<Vec<Unresolved>, Error>;

    /// Jobs that were accepted and whose results are not read to the end, oldest first.
    fn open_jobs(&mut self) -> Result<Vec<OpenJob>, Error>;

    /// All jobs that were ever accepted.
    fn known_jobs(&mut self) -> Result<Vec<Uuid>, Error>;

    /// The worst case of what was submitted for a list, refusals left out, in credits.
    fn committed(&mut self, list: i64) -> Result<f64, Error>;

    /// What is under way.
    fn standing(&mut self, list: i64) -> Result<Standing, Error>;

    /// Whether a list has people who are still to be submitted.
    fn has_waiting(&mut self, list: i64) -> Result<bool, Error>;

    /// Keeps how many jobs of the account are active that the journal doesn't know; they are in [`Standing::active`].
    fn polled(&mut self, others_active: u64) -> Result<(), Error>;

    /// Takes the next people of a list, at most as many as `most` allows with what is under way at this moment, and keeps the
    /// intent to submit them for what they wait for: some may wait for more, for another list. None, if there are none.
    fn intend(
        &mut self,
        list: &List,
        most: &mut dyn FnMut(&Standing) -> usize,
        describe: Describe<'_>,
    ) -> Result<Option<Intent>, Error>;

    /// Keeps what became of a submission.
    fn settle(&mut self, submission: i64, settlement: &Settlement) -> Result<(), Error>;

    /// Keeps that a job has ended; with a reason, that it failed.
    fn job_ended(&mut self, batch_id: Uuid, failure: Option<&str>) -> Result<(), Error>;

    /// Who was submitted in a job.
    fn people(&mut self, batch_id: Uuid) -> Result<Vec<Submitted>, Error>;

    /// Keeps records of a job, with the number of lines that were read so far. A person who has one keeps it. Gives the
    /// number of people who were answered.
    fn keep_records(&mut self, batch_id: Uuid, records: &[Kept], lines: u64) -> Result<u64, Error>;

    /// Keeps that a job's results are read to the end, and how the people who have no record are answered: as empty, or
    /// as failed with this reason.
    fn job_read(&mut self, batch_id: Uuid, rest: &Rest) -> Result<u64, Error>;

    /// Rows of a list with their answers, in order, after this row.
    fn answers(&mut self, list: i64, after: u64, most: u64) -> Result<Vec<Answer>, Error>;

    /// Keeps that a list is answered and its output written.
    fn finish(&mut self, list: i64) -> Result<(), Error>;

    /// All that happened for a row, a line for each thing.
    fn history(&mut self, list: i64, row: u64) -> Result<Vec<String>, Error>;

    /// Somebody's word on a submission whose outcome is unknown: the job that it is, or that it was not accepted. A job that has
    /// given nothing was a slip, and may be another one.
    ///
    /// # Errors
    ///
    /// [`Error::NotToDecide`].
    fn decide(&mut self, submission: i64, job: Option<Uuid>) -> Result<(), Error>;

    // What follows is for journals that several runs share.

    /// Whether this run still has its part of the journal to itself, by this machine's clocks. Asked right before a submission
    /// is sent, so it must not wait for anything.
    fn is_held(&self) -> bool {
        true
    }

    /// After [`Error::LeaseLost`]: begins as a new run.
    fn rejoin(&mut self) -> Result<(), Error> {
        Ok(())
    }

    /// Takes over what runs have left that are dead.
    fn take_over(&mut self) -> Result<(), Error> {
        Ok(())
    }

    /// Whether it is this run's turn to ask for the jobs of all runs. Once it is, so long it is nobody's.
    fn is_poll_due(&mut self, _every: Duration) -> Result<bool, Error> {
        Ok(true)
    }

    /// Tells all runs of a rest that the API asks for, and gives the one that is left.
    fn rest(&mut self, asked: Option<Duration>) -> Result<Option<Duration>, Error> {
        Ok(asked)
    }

    /// A job that has ended, for this run to read: as it stands now, or none, if another run reads it.
    fn claim(&mut self, job: &OpenJob) -> Result<Option<OpenJob>, Error> {
        Ok(Some(*job))
    }

    /// Keeps whether this run has nothing left to do for a list, and gives whether another one has.
    fn others_at_work(&mut self, _list: i64, _is_idle: bool) -> Result<bool, Error> {
        Ok(false)
    }
}

/// The present time as journals keep it: seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() as i64)
}

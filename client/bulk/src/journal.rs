//! What a journal keeps, and what it promises: when a method returns, what it wrote survives a crash of the process and of
//! the machine. `sqlite` is one; the engine knows this trait alone.

use std::time::SystemTime;

use crustdata_batch::{InvalidRequest, Submission, Uuid};

use crate::error::Error;
use crate::list::{Answer, List, ListSpec, Outcome};
use crate::source::Source;

/// Where a run keeps what it intends, what became of it, and what came back.
///
/// Each method is one transaction: it happens as a whole or not at all.
pub trait Journal: Send {
    /// Reads a list in. The same rows asked the same are the same list, which is not read in twice. With `keep` unset
    /// nothing is kept, and the plan is what would be.
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

    /// Before a run: jobs whose results could not be read are to be read again.
    fn reopen(&mut self) -> Result<(), Error>;

    /// Submissions whose outcome nobody knows, oldest first.
    fn unresolved(&mut self) -> Result<Vec<Unresolved>, Error>;

    /// Jobs that were accepted and whose results are not read to the end, oldest first.
    fn open_jobs(&mut self) -> Result<Vec<OpenJob>, Error>;

    /// All jobs that were ever accepted.
    fn known_jobs(&mut self) -> Result<Vec<Uuid>, Error>;

    /// The worst case of what was submitted for a list, refusals left out, in credits.
    fn committed(&mut self, list: i64) -> Result<f64, Error>;

    /// Takes the next people of a list, at most so many, and keeps the intent to submit them. None, if nobody is left.
    fn intend(
        &mut self,
        list: &List,
        most: usize,
        describe: &mut dyn FnMut(&[String]) -> Result<Submission, InvalidRequest>,
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

    /// Somebody's word on a submission whose outcome is unknown: the job that it is, or that it was not accepted.
    ///
    /// # Errors
    ///
    /// [`Error::NotToDecide`].
    fn decide(&mut self, submission: i64, job: Option<Uuid>) -> Result<(), Error>;
}

/// What to do with an input that is not the one that an unfinished list was begun with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Nothing: [`Error::InputChanged`].
    Refuse,
    /// A list of its own.
    Accept,
}

/// What a list comes to, before the next request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// Rows.
    pub rows: u64,
    /// Rows that name nobody.
    pub invalid: u64,
    /// Different people.
    pub people: u64,
    /// Those of them who are answered.
    pub known: u64,
    /// Those who are submitted and not answered.
    pub submitted: u64,
    /// Those who are still to be submitted.
    pub waiting: u64,
}

/// How many rows have which outcome, in the order of [`Outcome::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally(pub(crate) [u64; Outcome::ALL.len()]);

impl Tally {
    /// Rows with this outcome.
    pub fn of(&self, outcome: Outcome) -> u64 {
        let place = Outcome::ALL.iter().position(|other| *other == outcome);
        place.map_or(0, |place| self.0[place])
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// A submission that nobody knows the outcome of.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Unresolved {
    /// Its number in the journal.
    pub id: i64,
    /// What the client recognises its job by.
    pub submission: Submission,
    /// What is known of it.
    pub evidence: Option<String>,
    /// People in it.
    pub people: u64,
}

/// A job whose results are not read to the end.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct OpenJob {
    /// Its id.
    pub batch_id: Uuid,
    /// Whether it has ended.
    pub has_ended: bool,
    /// Lines of its results that are kept.
    pub lines_read: u64,
    /// The most that it costs, in credits.
    pub worst_case: f64,
}

/// A submission that is about to be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Intent {
    /// Its number in the journal.
    pub submission: i64,
    /// Whom to submit.
    pub identifiers: Vec<String>,
}

/// What became of a submission.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Settlement {
    /// It is this job.
    Accepted {
        /// The job.
        batch_id: Uuid,
        /// The id of the request.
        request_id: Option<String>,
        /// Credits that the response spoke of.
        credits: Option<f64>,
        /// How that is known, if not by the response.
        evidence: Option<String>,
    },
    /// It is certainly no job: its people are to be submitted again.
    NotAccepted {
        /// Why.
        reason: String,
    },
    /// It was refused for what is in it: its people are to be submitted in halves, and one who is alone has failed.
    Refused {
        /// Why.
        reason: String,
    },
    /// Nobody knows.
    Unknown {
        /// What the client recognises its job by.
        submission: Box<Submission>,
        /// What happened.
        evidence: String,
    },
}

/// A person in a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Submitted {
    /// Their number in the journal.
    pub id: i64,
    /// What they were submitted as.
    pub identifier: String,
    /// What all spellings of it have in common.
    pub key: String,
    /// Whether they have a record.
    pub has_record: bool,
}

/// A record to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// The person in the journal.
    pub person: i64,
    /// The record, as JSON.
    pub record: String,
    /// Whether it has any contact.
    pub is_found: bool,
}

/// How the people of a job are answered who have no record in its results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// All have one, or the job says that nobody was found.
    Empty,
    /// The results lack them, for this reason.
    Missing(String),
}

/// The present time as journals keep it: seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() as i64)
}

//! What goes into a journal and comes out of it.

use crustdata_batch::{Submission, Uuid};

use crate::list::Outcome;

/// What to do with an input that is not the one that an unfinished list was begun with, of which somebody was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Nothing: [`Error::InputChanged`](crate::Error::InputChanged).
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

impl Plan {
    /// Counts different people, by their state in the journal; without one they are new.
    pub(crate) fn count(&mut self, state: Option<&str>, people: u64) {
        self.people += people;
        *(match state {
            None | Some("waiting") => &mut self.waiting,
            Some("submitted") => &mut self.submitted,
            Some(_) => &mut self.known,
        }) += people;
    }
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

/// What is under way, and what may be charged for it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Standing {
    /// Places of the account that are taken, as far as the journal knows.
    pub active: u64,
    /// The worst case of what was submitted for the list, refusals left out, in credits.
    pub committed: f64,
    /// The worst case of all that may not be charged yet, in credits.
    pub under_way: f64,
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
    /// Whether it is for this run to find out what became of it.
    pub is_own: bool,
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

//! A list to be enriched: what it is made of, and what its rows are answered with.

use crustdata_batch::Uuid;
use serde_json::Value;

use crate::ask::Ask;

/// One row of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where the profile URL should be.
    pub value: String,
    /// The row itself: a JSON list of cells, or an object. It is given back with the answer.
    pub content: Value,
}

/// What a list is, beside its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct ListSpec {
    /// What is asked for about each person.
    pub ask: Ask,
    /// Where the answers go, for people and for the command line; the library only keeps it.
    pub output: Option<String>,
    /// Answers that are older than so many seconds are asked for again, and paid for again.
    pub max_age: Option<u64>,
}

/// A list that the journal holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct List {
    /// Its number in the journal.
    pub id: i64,
    /// What its rows were read from.
    pub source: String,
    /// What is asked for.
    pub ask: Ask,
    /// Where its answers go.
    pub output: Option<String>,
    /// Names of its columns.
    pub header: Vec<String>,
    /// Rows that it has.
    pub rows: u64,
}

/// How a row is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Outcome {
    /// With contacts.
    Found,
    /// The person has no contacts of the kinds asked for.
    Empty,
    /// The row names nobody.
    Invalid,
    /// There will be no answer: a refusal, a failed job, a record that is missing.
    Failed,
    /// The submission may have been accepted or not: somebody has to decide it.
    Indeterminate,
    /// Not yet.
    Pending,
}

impl Outcome {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::Found,
        Self::Empty,
        Self::Invalid,
        Self::Failed,
        Self::Indeterminate,
        Self::Pending,
    ];

    /// Its name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Empty => "empty",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
            Self::Indeterminate => "indeterminate",
            Self::Pending => "pending",
        }
    }
}

/// A row with its answer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// The row's number, from 1.
    pub row: u64,
    /// The row itself.
    pub content: Value,
    /// How it is answered.
    pub outcome: Outcome,
    /// Why, unless contacts were found.
    pub reason: Option<String>,
    /// The record as the API wrote it, as far as it is known.
    pub record: Option<Value>,
    /// Whether an earlier row is about the same person.
    pub is_repeated: bool,
    /// The job that the record is from.
    pub batch_id: Option<Uuid>,
}

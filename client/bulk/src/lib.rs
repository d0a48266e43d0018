#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

// What lives where: `bulk` is the face. `person`, `ask` and `list` say what is enriched, `source` and `sink` where it comes
// from and goes to, `journal` what is kept, `sqlite` and `postgres` where. `engine` is the run, `event` what it tells, `hints`
// what it is told, `error` what keeps it from going on. `table` reads and writes files.
mod ask;
mod bulk;
#[cfg(feature = "postgres")]
mod database;
mod engine;
mod error;
mod event;
mod hints;
mod journal;
mod list;
mod person;
#[cfg(feature = "postgres")]
mod postgres;
mod sink;
mod source;
mod sqlite;
pub mod table;

pub use ask::Ask;
pub use bulk::{Bulk, Report, Stopper};
pub use error::{Cause, Error};
pub use event::{Event, Step};
pub use hints::Hints;
pub use list::{Answer, List, ListSpec, Outcome, Row};
pub use person::{NoPerson, Person};
pub use sink::Sink;
pub use source::Source;

pub use journal::{
    Changed, Describe, Intent, Journal, Kept, OpenJob, Plan, Rest, Settlement, Standing, Submitted,
    Tally, Unresolved,
};
#[cfg(feature = "postgres")]
pub use postgres::Postgres;
pub use sqlite::Sqlite;

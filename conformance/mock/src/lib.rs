//! A mock server of Crustdata's Batch API: the contract on a loopback port, without a key, a job or a bill.
//! Unofficial.
//!
//! It is a second opinion. The bounds rendered from the document are all that it shares with the client and
//! the suite: it depends on neither, since a mistake would otherwise hide on both sides.
//!
//! What lives where: `server` owns the thread and the port, `connections` what comes in there; `exchange` is what every request goes through;
//! `routes` has one file for each operation; `submission` reads a submission and `rules` judges it;
//! `instance` is the state; `faults` and `variants` list the ways in which an instance can depart from the
//! contract, all of them made of `effect`s.

mod answer;
mod config;
mod connections;
mod effect;
mod exchange;
mod faults;
mod generated;
mod instance;
mod jobs;
mod rate;
mod received;
mod records;
mod routes;
mod rules;
mod server;
mod submission;
mod variants;
mod webhook;

pub use config::{Clock, JobOutcome, JobTiming, MOCK_KEY, MockConfig, UnknownFault};
pub use faults::{Fault, faults, find};
pub use instance::Stats;
pub use rate::RateLimit;
pub use received::ReceivedRequest;
pub use records::TEST_PROFILES;
pub use server::{Mock, MockError};
pub use variants::variants;

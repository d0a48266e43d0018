//! A mock server of Crustdata's Batch API: the contract on a loopback port, without a key, a job or a bill.
//! Unofficial.
//!
//! It is a second opinion. The bounds rendered from the document are all that it shares with the client and
//! the suite: it depends on neither, since a mistake would otherwise hide on both sides.
//!
//! What lives where, each on what comes before it: `submission` reads a submission and `rules` judges it; `jobs`,
//! `records`, `file`, `query`, `billing`, `ledger`, `usage_query`, `rate`, `response`, of which `render` makes bytes, and
//! `webhook` are the rest of the model;
//! `hooks` are the points at which an instance can be made to depart from the contract, and `edits` what hooks are put
//! together from; `faults`, `variants` and `mishaps` list such departures; `config` is the set-up of an instance and
//! `instance` its state; `exchange` is what every request goes through, and `tap` tells of it; `routes` has one file for
//! each operation; `connections` are what comes in at the port, and `server` owns that and the thread.

mod billing;
mod catalogue;
mod conduct;
mod config;
mod connections;
mod edits;
mod exchange;
mod faults;
mod file;
mod generated;
mod hooks;
mod instance;
mod jobs;
mod key;
mod ledger;
mod mishaps;
mod phase;
mod query;
mod rate;
mod received;
mod records;
mod render;
mod response;
mod routes;
mod rules;
mod server;
mod submission;
mod tap;
mod usage_query;
mod variants;
mod webhook;

pub use billing::{Charge, ChargeLine};
pub use catalogue::{faults, find, mishaps, variants};
pub use conduct::{JobOutcome, JobTiming};
pub use config::{Clock, MOCK_KEY, MockConfig, UnknownFault};
pub use hooks::Fault;
pub use instance::Stats;
pub use rate::RateLimit;
pub use received::ReceivedRequest;
pub use records::TEST_PROFILES;
pub use server::{Mock, MockError};
pub use tap::{Answer, Exchanged};

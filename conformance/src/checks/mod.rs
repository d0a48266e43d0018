//! The checks: one clause of the contract each, as a value in a file that has the clause's name.
//!
//! A check is a pure function over evidence. It sends nothing, and it does not know who did.

pub mod acceptance;
mod account;
pub(crate) mod accounts;
mod check;
mod client;
mod course;
mod delivered;
mod files;
mod job;
mod jobs;
mod judgement;
mod judging;
mod latest;
mod limit;
mod list;
mod lists;
mod needs;
mod refusal;
mod registry;
mod reject;
mod response;
mod result;
mod submit;
pub(crate) mod usage;
mod webhook;

pub use check::{Check, Level};
pub use client::{CLIENT_CHECKS, find_client};
pub use judgement::{Judgement, Other, Tally, Violation, Violations};
pub use judging::Judging;
pub use needs::{Needs, Submissions};
pub use registry::{CHECKS, find};

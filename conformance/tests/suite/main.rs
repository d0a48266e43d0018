//! The suite's tests: everything through the library's public face or the binary, over real HTTP on loopback.

// Tests say what is wrong by panicking.
#![allow(clippy::panic, clippy::unwrap_used)]

/// The client crate against the mock.
mod client;
/// The model of the contract against the generators.
mod contract;
/// The printed `curl` lines.
mod curl;
/// What is checked in and rendered: the clauses' page, the schema of the results.
mod documents;
/// Every exit code.
mod exit_codes;
/// The suite on a server that is not its own.
mod external;
/// A plain HTTP client.
mod http;
/// The list of known failures.
mod known_failures;
/// What is hidden from reports.
mod masks;
/// The mock itself.
mod mock;
#[path = "mock_faults.rs"]
mod mock_faults;
/// Runs the binary.
mod process;
/// What is shown while a run goes on.
mod progress;
/// What is in each report.
mod report_texts;
/// The reports that are files.
mod reports;
/// `serve`, and runs that are ended from outside.
mod signals;
/// What people read.
mod snapshots;
/// Targets that misbehave as a whole.
mod targets;
/// Bad input on the command line.
mod usage;

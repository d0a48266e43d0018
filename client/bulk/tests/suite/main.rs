//! The command and the library through their public faces, against the mock over HTTP on this machine.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

/// Servers between the client and the mock that do harm.
mod between;
/// Cells and columns of inputs.
mod columns;
/// Connections to a database that break in a commit.
#[cfg(unix)]
mod commits;
/// Journals that can't be used.
mod damaged;
/// Submissions that nobody can find out about.
mod doubt;
/// Connections to a database that are encrypted.
#[cfg(unix)]
mod encrypted;
/// Servers that break the contract, connections that break, responses that go wrong.
mod faults;
/// What the journal in Postgres keeps and refuses.
#[cfg(unix)]
mod journal;
/// The process killed at each step and at random, with the mock's ledger as the judge.
mod kill;
/// The library without the command.
mod library;
/// Several processes on a journal in Postgres: killed, paused, cut off.
#[cfg(unix)]
mod machines;
/// Ceilings and balances.
mod money;
/// Outputs, and what is in their place.
mod outputs;
/// Parquet files.
mod parquet;
/// Whom a profile URL names.
mod people;
/// A query's rows as input.
mod query;
/// What the environment says of a campaign.
mod random;
/// Jobs that can't be asked for, and files that lack people.
mod reading;
/// A Postgres server.
#[cfg(unix)]
mod server;
/// What the journal in a file counts, and gives to submit.
mod stored;
/// Servers that refuse, lose and mix up submissions.
mod submitting;
/// A list, the mock, and the command.
mod support;
/// Files that are read and written.
mod tables;
/// What a terminal and a service see.
mod terminal;
/// A server that tells of jobs otherwise than the mock.
mod told;
/// Disks and inputs that don't do what they should, and interrupts.
mod trouble;
/// Webhook deliveries.
mod webhooks;
/// The help, the README and the examples.
mod words;

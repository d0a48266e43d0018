//! The command and the library through their public faces, against the mock over HTTP on this machine.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

/// The process killed at each step and at random, with the mock's ledger as the judge.
mod kill;
/// Ceilings and balances.
mod money;
/// Whom a profile URL names.
mod people;
/// A list, the mock, and the command.
mod support;
/// Files that are read and written.
mod tables;
/// Disks, journals, inputs and outputs that don't do what they should.
mod trouble;

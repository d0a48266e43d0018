//! The tests of `cargo xtask`, all through its command line, on copies of the workspace.

#![allow(clippy::unwrap_used, clippy::panic)] // A test that can't go on should stop where it is.

/// What stands in the way of rendering, and how it is said.
mod bad_document;
/// The steps of CI.
mod ci;
/// The archives of the programs.
mod dist;
/// What the document says of values.
mod document;
/// What a newer document of the provider's says otherwise.
mod drift;
/// Circles of imports.
mod imports;
/// Values of the contract are not written by hand.
mod literals;
/// The map from clauses to places in the document.
mod map;
/// Client, mock and suite follow the document.
mod moved;
/// What a provider writes in ways of its own.
mod provider;
/// What `regen` and `regen --check` write, print and exit with.
mod regen;
/// What a release takes.
mod release;
/// A workspace to work on.
mod workspace;

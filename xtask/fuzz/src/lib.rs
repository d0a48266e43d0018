//! What reads bytes of others, one function each, given bytes that nobody meant. None may panic, hang, hand out the key, or
//! show more of what it was given than an excerpt. The fuzzer in `../libfuzzer` runs them, and so do the tests, on stable
//! Rust. What is broken on purpose over a connection is in the client's campaign against a hostile server.

#![allow(clippy::panic)] // A broken promise is told by a panic: the fuzzer knows no other word.

mod files;
mod responses;

pub use files::{har, journal, known_failures, ndjson, table};
pub use responses::{errors, gzip, listed, polled, results, submitted, webhook};

/// A function that reads bytes of others.
pub type Target = fn(&[u8]);

/// All of them, by the name of their folder in `corpus`. A fuzzer names its own instead: what it can't reach is then no part
/// of it, and it need not look for coverage there after each input.
pub const TARGETS: [(&str, Target); 12] = [
    ("submitted", submitted),
    ("polled", polled),
    ("listed", listed),
    ("errors", errors),
    ("results", results),
    ("gzip", gzip),
    ("webhook", webhook),
    ("har", har),
    ("ndjson", ndjson),
    ("known_failures", known_failures),
    ("table", table),
    ("journal", journal),
];

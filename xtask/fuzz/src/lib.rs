//! What reads bytes of others, one function each, given bytes that nobody meant. None may panic, hang, hand out the key, or
//! show more of what it was given than an excerpt. The fuzzer in `../libfuzzer` runs them, and so do the tests, on stable
//! Rust. What is broken on purpose over a connection is in the client's campaign against a hostile server.

#![allow(clippy::panic)] // A broken promise is told by a panic: the fuzzer knows no other word.

mod files;
mod responses;

/// A function that reads bytes of others.
pub type Target = fn(&[u8]);

/// All of them, by the name of their folder in `corpus`.
pub const TARGETS: [(&str, Target); 12] = [
    ("submitted", responses::submitted),
    ("polled", responses::polled),
    ("listed", responses::listed),
    ("errors", responses::errors),
    ("results", responses::results),
    ("gzip", responses::gzip),
    ("webhook", responses::webhook),
    ("har", files::har),
    ("ndjson", files::ndjson),
    ("known_failures", files::known_failures),
    ("table", files::table),
    ("journal", files::journal),
];

/// Runs one of them.
///
/// # Panics
///
/// Where it breaks a promise, or there is none of that name.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|(its, _)| *its == name);
    let (_, target) = target.unwrap_or_else(|| panic!("there is no target {name}"));
    target(input);
}

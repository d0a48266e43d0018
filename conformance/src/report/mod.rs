//! Reports: each renders a [`Results`](crate::results::Results) to a writer, and decides nothing.

pub mod console;

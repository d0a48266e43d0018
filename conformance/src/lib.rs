//! Placeholder.

pub mod checks;
pub mod contract;
pub mod exchange;
pub mod generated;
pub mod mock;
pub mod probes;
pub mod runner;

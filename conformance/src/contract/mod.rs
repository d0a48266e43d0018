//! The contract as a model: what a request says, and what it deserves. Pure functions over bytes; no probe,
//! no mock and no check has a say in it. The clauses themselves are in `checks`, one file each.

pub mod expectation;
pub mod fingerprint;
pub mod repeated;
pub mod request;
mod rules;
mod submission;

//! Drives a client of any language through scenarios on the mock, and judges it by its traffic, by how it ends, and by
//! what it writes. One file a step: `scenario` says what one is, `kinds` of which kinds they are, and `catalogue` lists
//! them; `task` is what a client is given and how it ends, `command` runs a client that is a program; `stage` is the
//! mock of one scenario and what it saw; `judgement` judges a scenario and `drive` all of them; `reference` is a client
//! with planted mistakes, by which the self-test shows that each can be told.

mod catalogue;
mod command;
mod drive;
mod ending;
mod error;
mod judgement;
mod kinds;
mod records;
pub mod reference;
mod scenario;
mod stage;
mod task;

pub use catalogue::SCENARIOS;
pub use command::Command;
pub use drive::{Driven, Options, Played, drive};
pub use error::HarnessError;
pub use scenario::Scenario;
pub use task::{Client, Ended, Task};

//! Where the requests come from: what a submission is made of, the catalogue of those that every run
//! needs, and the strategies that make up more of them. Nothing here says what a request deserves; that is
//! read from its bytes by `contract`.

pub mod catalogue;
mod draft;
pub mod families;
mod made;
pub mod profile_urls;
pub mod scenario;
pub mod strategy;
pub mod submission;
mod words;

pub use submission::Probe;

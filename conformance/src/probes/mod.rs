//! Where the requests come from: what a submission is made of, the catalogue of those that every run
//! needs, and the strategies that make up more of them. Nothing here says what a request deserves; that is
//! read from its bytes by `contract`.

pub mod catalogue;
pub mod profile_urls;
pub mod scenario;
pub mod strategy;
pub mod submission;

use crate::exchange::Request;
use submission::Submission;

/// A submission to be sent, and what it is about.
#[derive(Debug, Clone)]
pub struct Probe {
    /// A few words, for people.
    pub name: String,
    /// What is sent.
    pub submission: Submission,
}

impl Probe {
    /// The request, as it is recorded: the key's place is taken by its placeholder.
    pub fn request(&self) -> Request {
        self.submission.request()
    }
}

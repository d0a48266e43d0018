//! What a client is given in a scenario, and how it ends.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

/// What a client has to do.
#[derive(Debug, Clone)]
pub struct Task {
    /// Root of the API.
    pub base_url: Url,
    /// The key.
    pub key: String,
    /// Name of the scenario.
    pub scenario: &'static str,
    /// The identifiers to submit.
    pub identifiers: Vec<String>,
    /// File with the same, one a line.
    pub identifiers_file: PathBuf,
    /// The fields to ask for.
    pub fields: &'static [&'static str],
    /// File to write the records to.
    pub output: PathBuf,
    /// How many times as fast as outside the time passes; a client that sleeps divides by it.
    pub speed: u32,
}

/// How a client ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It says that it worked.
    Success,
    /// It says that it failed, or broke; in words.
    Failure(String),
    /// It was stopped when its time was up.
    Stopped,
    /// It could not be started; in words.
    NotStarted(String),
}

impl Ended {
    /// In words.
    pub(super) fn text(&self, limit: Duration) -> String {
        match self {
            Self::Success => "it ended with success".to_owned(),
            Self::Failure(how) => format!("it ended with failure: {how}"),
            Self::Stopped => format!("it was stopped after {} s", limit.as_secs()),
            Self::NotStarted(why) => format!("it can't be started: {why}"),
        }
    }
}

/// A client, whatever its language.
pub trait Client: Sync {
    /// Does the task. It need not keep the limit: it is dropped when the time is up.
    fn run(&self, task: Task) -> impl Future<Output = Ended> + Send;
}

//! A client as it should be, and with one mistake at a time: what the self-test drives to show that each clause of a
//! client can be seen to be violated. `mistake` lists them, `work` is how the client goes about its task, `api` how it
//! calls, and `proof` drives all of them.

mod api;
mod mistake;
mod proof;
mod read;
mod state;
mod work;

pub use mistake::Mistake;
pub use proof::{Row, prove};

use super::error::HarnessError;
use super::task::{Client, Ended, Task};
use crate::runner::local;
use api::Api;
use work::Work;

/// The reference client, with this mistake if any.
#[derive(Debug, Clone)]
pub struct Reference {
    /// What it gets wrong.
    pub mistake: Option<Mistake>,
    http: reqwest::Client,
}

impl Reference {
    /// The client with this mistake, or as it should be.
    ///
    /// # Errors
    ///
    /// When no request can be sent: see [`HarnessError`].
    pub fn new(mistake: Option<Mistake>) -> Result<Self, HarnessError> {
        let http = local()?;
        Ok(Self { mistake, http })
    }
}

impl Client for Reference {
    async fn run(&self, task: Task) -> Ended {
        let work = Work {
            api: Api {
                http: &self.http,
                task: &task,
                mistake: self.mistake,
            },
        };
        match work.run().await {
            Ok(()) => Ended::Success,
            Err(api::Failed(why)) => Ended::Failure(why),
        }
    }
}

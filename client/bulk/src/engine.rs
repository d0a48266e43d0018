//! The run: jobs are polled, places that are free are filled, results are read, until every person of a list is answered or
//! nobody can be. Each of these has a file; here is their order, and what they share.

mod poll;
mod read;
mod resolve;
mod submit;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crustdata_batch::{Client, Uuid};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::error::Error;
use crate::event::{Event, Step};
use crate::journal::Journal;
use crate::list::List;

/// How a run behaves.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) max_credits: Option<f64>,
    /// Most people in a job.
    pub(crate) people_per_job: usize,
    /// Between two looks at the jobs.
    pub(crate) interval: Duration,
    /// For how long it is found out what became of a submission.
    pub(crate) unknown_patience: Duration,
    /// For how long the API may be away.
    pub(crate) outage_patience: Duration,
    /// Takes the place of waiting, where time is not real.
    pub(crate) pass: Option<Arc<dyn Fn(Duration) + Send + Sync>>,
}

/// Whom events are told.
pub(crate) type Listener = dyn FnMut(&Event) + Send;

/// How a run ended that could go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing is left to do.
    Done,
    /// Somebody stopped it.
    Stopped,
}

/// A run of one list.
pub(crate) struct Engine<'a> {
    pub(crate) client: &'a Client,
    pub(crate) journal: &'a mut dyn Journal,
    pub(crate) list: &'a List,
    pub(crate) settings: &'a Settings,
    pub(crate) listener: &'a mut Listener,
    pub(crate) stop: watch::Receiver<bool>,
    pub(crate) progress: Progress,
}

/// What a run remembers that the journal needn't.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Since when calls fail.
    failing_since: Option<Instant>,
    /// Active jobs of the account that are not in the journal.
    others_active: usize,
    /// Whether nobody is left to be submitted.
    is_drained: bool,
    /// What keeps the rest from being submitted.
    blocked: Option<Error>,
    /// Refusals of what was submitted, without an acceptance in between.
    refusals: u32,
    /// Unknown outcomes likewise.
    unknowns: u32,
    /// When submissions were looked for first and last in this run.
    looks: HashMap<i64, Look>,
    /// Failed attempts to read a job's results.
    failed_reads: HashMap<Uuid, u32>,
}

/// Looks for what became of a submission.
#[derive(Clone, Copy, Debug)]
struct Look {
    first: Instant,
    last: Instant,
    is_over: bool,
}

impl Engine<'_> {
    /// Goes on until nothing is left to do, or somebody stops it.
    pub(crate) async fn run(&mut self) -> Result<End, Error> {
        self.journal.reopen()?;
        loop {
            self.resolve().await?;
            if self.is_stopped() {
                return Ok(End::Stopped);
            }
            self.poll().await?;
            self.submit().await?;
            self.read().await?;
            if self.is_stopped() {
                return Ok(End::Stopped);
            }
            if self.is_over()? {
                return match self.progress.blocked.take() {
                    Some(error) => Err(error),
                    None => Ok(End::Done),
                };
            }
            self.wait().await?;
        }
    }

    /// Whether there is nothing to wait for.
    fn is_over(&mut self) -> Result<bool, Error> {
        let is_drained = self.progress.is_drained || self.progress.blocked.is_some();
        if !is_drained || !self.journal.open_jobs()?.is_empty() {
            return Ok(false);
        }
        let unresolved = self.journal.unresolved()?;
        let looks = &self.progress.looks;
        Ok(unresolved
            .iter()
            .all(|submission| looks.get(&submission.id).is_some_and(|look| look.is_over)))
    }

    async fn wait(&mut self) -> Result<(), Error> {
        let wait = self.settings.interval;
        let active = self.journal.open_jobs()?.len() as u64;
        self.tell(&Event::Waiting { wait, active });
        if let Some(pass) = &self.settings.pass {
            pass(wait);
            tokio::task::yield_now().await;
            return Ok(());
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // An error means that nobody is left who could stop it.
            Ok(_) = self.stop.wait_for(|is_stopped| *is_stopped) => {}
        }
        Ok(())
    }

    fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    fn tell(&mut self, event: &Event) {
        (self.listener)(event);
    }

    fn step(&mut self, step: Step) {
        self.tell(&Event::Step(step));
    }

    /// A call went well.
    fn reached(&mut self) {
        self.progress.failing_since = None;
    }

    /// A call failed. That is put up with for a while, where it may go well later.
    fn failed(&mut self, during: &'static str, error: crustdata_batch::Error) -> Result<(), Error> {
        let since = *self.progress.failing_since.get_or_insert_with(Instant::now);
        let is_patient = since.elapsed() < self.settings.outage_patience;
        if error.is_transient() && is_patient {
            self.tell(&Event::Problem(format!("{during}: {error}")));
            return Ok(());
        }
        Err(Error::Api {
            during,
            source: error,
        })
    }
}

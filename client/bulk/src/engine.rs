//! The run: jobs are polled, places that are free are filled, results are read, until every person of a list is answered or
//! nobody can be. Each of these has a file; here is their order, and what they share.

mod limits;
mod outage;
mod poll;
mod read;
mod resolve;
mod send;
mod submit;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use crustdata_batch::{BatchJob, Client, Reconciliation, Uuid, WebhookUrl};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::error::Error;
use crate::event::{Event, Step};
use crate::hints::Hinted;
use crate::journal::Journal;
use crate::list::{List, Outcome};

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
    /// Whether a submission that the list doesn't have is taken not to have been accepted, without the account's usage.
    pub(crate) is_list_trusted: bool,
    /// Where the API is to report the end of jobs.
    pub(crate) webhook_url: Option<WebhookUrl>,
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
    client: &'a Client,
    journal: &'a mut dyn Journal,
    list: &'a List,
    settings: &'a Settings,
    listener: &'a mut Listener,
    stop: watch::Receiver<bool>,
    hinted: &'a mut Hinted,
    progress: Progress,
    /// Looks that go on beside everything else.
    looking: JoinSet<(i64, Looked)>,
    /// What they found out, and nobody has acted upon.
    looked: Vec<(i64, Looked)>,
}

/// What a run remembers that the journal needn't.
#[derive(Debug, Default)]
struct Progress {
    /// For how long the API has asked for silence.
    rest: Option<Duration>,
    /// Whether the journal knows of it.
    is_begun: bool,
    /// Whether a job is said to have ended that nobody has looked at since.
    is_hinted: bool,
    /// Since when calls fail, by what they are for: one that goes well says nothing of the others.
    failing_since: HashMap<&'static str, Instant>,
    /// What keeps the rest from being submitted.
    blocked: Option<Error>,
    /// Refusals of what was submitted, without an acceptance in between.
    refusals: u32,
    /// Unknown outcomes likewise.
    unknowns: u32,
    /// Whether requests leave out the webhook's URL, which may be what is refused.
    is_without_webhook: bool,
    /// Looks for what became of submissions, in this run.
    looks: HashMap<i64, Look>,
    /// Jobs that have ended, as they were read: each is asked for once.
    ended: HashMap<Uuid, BatchJob>,
    /// Failed attempts to read a job's results.
    failed_reads: HashMap<Uuid, u32>,
    /// Since when a job can't be asked for, or responses contradict each other about it.
    unreadable_since: HashMap<Uuid, Instant>,
    /// Since when the list has shown a job as active, or since it was last asked for all the same.
    active_since: HashMap<Uuid, Instant>,
}

/// Looks for what became of a submission, with the time that they took in all.
#[derive(Clone, Copy, Debug)]
enum Look {
    GoingOn(Duration),
    Ended(Duration),
}

/// What a look found out.
type Looked = Result<Reconciliation, crustdata_batch::Error>;

impl<'a> Engine<'a> {
    pub(crate) fn new(
        client: &'a Client,
        journal: &'a mut dyn Journal,
        list: &'a List,
        settings: &'a Settings,
        listener: &'a mut Listener,
        stop: watch::Receiver<bool>,
        hinted: &'a mut Hinted,
    ) -> Self {
        Self {
            client,
            journal,
            list,
            settings,
            listener,
            stop,
            hinted,
            progress: Progress::default(),
            looking: JoinSet::new(),
            looked: Vec::new(),
        }
    }
}

impl Engine<'_> {
    /// Goes on until nothing is left to do, or somebody stops it.
    pub(crate) async fn run(&mut self) -> Result<End, Error> {
        loop {
            match self.round().await {
                Ok(Some(end)) => return Ok(end),
                Ok(None) => {}
                Err(Error::LeaseLost) => self.begin_anew()?,
                Err(error) => return Err(error),
            }
            self.wait().await?;
        }
    }

    /// Everything once. Gives the end, if it has come.
    async fn round(&mut self) -> Result<Option<End>, Error> {
        if !self.progress.is_begun {
            self.journal.reopen()?;
            self.journal.others_at_work(self.list.id, false)?;
            self.progress.is_begun = true;
        }
        self.journal.take_over()?;
        self.resolve().await?;
        if self.is_stopped() {
            return Ok(Some(End::Stopped));
        }
        self.poll().await?;
        self.rest().await?;
        self.submit().await?;
        self.rest().await?;
        self.read().await?;
        self.rest().await?;
        if self.is_stopped() {
            return Ok(Some(End::Stopped));
        }
        if !self.is_over()? {
            return Ok(None);
        }
        match self.progress.blocked.take() {
            Some(error) => Err(error),
            None => Ok(Some(End::Done)),
        }
    }

    /// Others take over what this run had: all that it remembers may be wrong by now.
    fn begin_anew(&mut self) -> Result<(), Error> {
        let problem =
            "this run was paused or cut off for so long that others take over: it joins again";
        self.tell(&Event::Problem(problem.to_owned()));
        self.looking = JoinSet::new();
        self.looked.clear();
        self.progress = Progress::default();
        self.journal.rejoin()
    }

    /// Whether there is nothing to wait for, from this run or from another one.
    fn is_over(&mut self) -> Result<bool, Error> {
        let list = self.list.id;
        let is_idle = self.looked.is_empty()
            && (self.progress.blocked.is_some() || !self.journal.has_waiting(list)?)
            && self.journal.open_jobs()?.is_empty()
            && (!self.is_looking()? || !self.is_in_doubt()?);
        Ok(!self.journal.others_at_work(list, is_idle)? && is_idle)
    }

    /// Whether a row of the list waits for what is found out: other lists' submissions hold it up no longer.
    fn is_in_doubt(&mut self) -> Result<bool, Error> {
        let tally = self.journal.tally(self.list.id)?;
        Ok(tally.of(Outcome::Indeterminate) > 0)
    }

    /// Whether there is a submission that this run still looks for.
    fn is_looking(&mut self) -> Result<bool, Error> {
        let patience = self.settings.unknown_patience;
        let looks = &self.progress.looks;
        let has_ended = |id: &i64| {
            looks
                .get(id)
                .is_some_and(|look| matches!(look, Look::Ended(spent) if *spent >= patience))
        };
        let mut own = self
            .journal
            .unresolved()?
            .into_iter()
            .filter(|other| other.is_own);
        Ok(!own.all(|submission| has_ended(&submission.id)))
    }

    async fn wait(&mut self) -> Result<(), Error> {
        let wait = self.settings.interval;
        let open = self.journal.open_jobs()?;
        let at_work = open.iter().filter(|job| !job.has_ended);
        let at_work: HashSet<Uuid> = at_work.map(|job| job.batch_id).collect();
        let active = at_work.len() as u64;
        self.tell(&Event::Waiting { wait, active });
        self.pass(wait, &at_work).await;
        Ok(())
    }

    /// Sends nothing for as long as the API has asked for.
    async fn rest(&mut self) -> Result<(), Error> {
        if let Some(rest) = self.journal.rest(self.progress.rest.take())? {
            // No hint ends it.
            self.pass(rest, &HashSet::new()).await;
        }
        Ok(())
    }

    /// Lets time go by, unless somebody stops the run, something is found out, or one of these jobs is said to have ended.
    async fn pass(&mut self, wait: Duration, jobs: &HashSet<Uuid>) {
        if let Some(pass) = &self.settings.pass {
            pass(wait);
            tokio::task::yield_now().await;
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // An error means that nobody is left who could stop it.
            Ok(_) = self.stop.wait_for(|is_stopped| *is_stopped) => {}
            Some(looked) = self.looking.join_next() => self.looked.extend(looked.ok()),
            () = self.hinted.about(jobs) => self.progress.is_hinted = true,
        }
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
}

//! The face of the library: a run from a source to a sink, on a journal. How it behaves is in `settings`.

mod settings;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crustdata_batch::{Client, ProfileUrls};
use tokio::sync::watch;

use crate::engine::{End, Engine, Settings};
use crate::error::Error;
use crate::event::{Event, Step};
use crate::hints::{self, Hinted};
use crate::journal::{Changed, Journal, Plan, Tally};
use crate::list::{List, ListSpec, Outcome};
use crate::sink::Sink;
use crate::source::Source;

/// Answers that are in memory at a time.
const ANSWERS_AT_ONCE: u64 = 1000;

/// Enriches lists. Made with a client, it takes a journal, and then runs.
#[must_use = "nothing happens until `run` is called"]
pub struct Bulk<J = ()> {
    client: Client,
    journal: J,
    settings: Settings,
    changed: Changed,
    listener: Box<dyn FnMut(&Event) + Send>,
    stop: watch::Receiver<bool>,
    hinted: Hinted,
    /// So that a run nobody can stop is not taken for one that was.
    _stopper: Option<Stopper>,
}

/// Stops a run from outside. Nothing is lost by it.
#[derive(Clone, Debug)]
pub struct Stopper(Arc<watch::Sender<bool>>);

impl Stopper {
    /// Lets the request that is under way finish, and no other begin.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The list in the journal.
    pub list: List,
    /// How its rows are answered.
    pub tally: Tally,
    /// Whether the run was stopped before all rows were answered; then no output was written.
    pub is_stopped: bool,
    /// The most that all submissions of the list cost, in credits.
    pub worst_case: f64,
}

impl Report {
    /// Whether every row is answered, and none has failed or has to be decided about.
    pub fn is_whole(&self) -> bool {
        let open = [Outcome::Failed, Outcome::Indeterminate, Outcome::Pending];
        open.iter().all(|outcome| self.tally.of(*outcome) == 0)
    }
}

impl Bulk {
    /// A run with this client.
    ///
    /// The client's `submit_attempts` and `max_active_jobs` are best left as they are: the run retries and counts by itself.
    pub fn new(client: Client) -> Self {
        let (stopper, stop) = watch::channel(false);
        Self {
            client,
            journal: (),
            settings: Settings {
                max_credits: None,
                people_per_job: ProfileUrls::MAX,
                interval: Duration::from_secs(6),
                unknown_patience: Duration::from_secs(15 * 60),
                outage_patience: Duration::from_secs(10 * 60),
                is_list_trusted: false,
                webhook_url: None,
                pass: None,
            },
            changed: Changed::Refuse,
            listener: Box::new(|_| {}),
            stop,
            hinted: hints::channel().1,
            _stopper: Some(Stopper(Arc::new(stopper))),
        }
    }

    /// Keeps everything in this journal.
    pub fn journal<J: Journal>(self, journal: J) -> Bulk<J> {
        Bulk {
            client: self.client,
            journal,
            settings: self.settings,
            changed: self.changed,
            listener: self.listener,
            stop: self.stop,
            hinted: self.hinted,
            _stopper: self._stopper,
        }
    }
}

impl<J: Journal> Bulk<J> {
    /// What a list comes to, without keeping or sending anything.
    ///
    /// # Errors
    ///
    /// Where the source or the journal can't be read.
    pub fn plan(&mut self, spec: &ListSpec, source: &mut dyn Source) -> Result<Plan, Error> {
        let (_, plan) = self.journal.import(spec, source, self.changed, false)?;
        Ok(plan)
    }

    /// Reads a list in; [`finish`](Self::finish) then answers it.
    ///
    /// # Errors
    ///
    /// Where the source can't be read, has changed, or the journal can't be used.
    pub fn import(
        &mut self,
        spec: &ListSpec,
        source: &mut dyn Source,
    ) -> Result<(List, Plan), Error> {
        let imported = self.journal.import(spec, source, self.changed, true)?;
        self.step(Step::Imported);
        (self.listener)(&Event::Planned(imported.1));
        Ok(imported)
    }

    /// Answers a list: reads it in, unless the journal has it, submits whom nobody has submitted, waits for the jobs, and
    /// writes every row with its answer.
    ///
    /// After any end, a crash included, the same call goes on where this one stopped. Dropping the future is as good as a
    /// crash.
    ///
    /// # Errors
    ///
    /// What keeps it from going on; see [`Error`]. Rows that can't be answered are no error.
    pub async fn run(
        &mut self,
        spec: &ListSpec,
        source: &mut dyn Source,
        sink: &mut dyn Sink,
    ) -> Result<Report, Error> {
        sink.prepare()?;
        let (list, _) = self.import(spec, source)?;
        self.finish(&list, sink).await
    }

    /// Answers a list that is in the journal.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn finish(&mut self, list: &List, sink: &mut dyn Sink) -> Result<Report, Error> {
        sink.prepare()?;
        let mut engine = Engine::new(
            &self.client,
            &mut self.journal,
            list,
            &self.settings,
            &mut *self.listener,
            self.stop.clone(),
            &mut self.hinted,
        );
        let end = engine.run().await?;
        if end == End::Done {
            self.export(list, sink)?;
            let tally = self.journal.tally(list.id)?;
            // One that still has to be decided about is not finished.
            if tally.of(Outcome::Indeterminate) == 0 {
                match self.journal.finish(list.id) {
                    // It was paused while it wrote. The answers are the same whoever it is.
                    Err(Error::LeaseLost) => {
                        self.journal.rejoin()?;
                        self.journal.finish(list.id)?;
                    }
                    outcome => outcome?,
                }
                self.step(Step::Finished);
            }
        }
        Ok(Report {
            list: list.clone(),
            tally: self.journal.tally(list.id)?,
            is_stopped: end == End::Stopped,
            worst_case: self.journal.committed(list.id)?,
        })
    }

    /// Writes every row of a list with its answer as it stands, in order.
    ///
    /// # Errors
    ///
    /// Where the sink can't be written, or the journal not read.
    pub fn export(&mut self, list: &List, sink: &mut dyn Sink) -> Result<(), Error> {
        sink.begin(&list.header)?;
        let mut after = 0;
        loop {
            let answers = self.journal.answers(list.id, after, ANSWERS_AT_ONCE)?;
            let Some(last) = answers.last() else {
                break;
            };
            after = last.row;
            for answer in &answers {
                sink.answer(answer)?;
            }
        }
        self.step(Step::Written);
        sink.finish()?;
        self.step(Step::Placed);
        Ok(())
    }

    /// The journal.
    pub fn journal_mut(&mut self) -> &mut J {
        &mut self.journal
    }

    fn step(&mut self, step: Step) {
        (self.listener)(&Event::Step(step));
    }
}

impl<J> fmt::Debug for Bulk<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Bulk");
        debug.field("client", &self.client).finish_non_exhaustive()
    }
}

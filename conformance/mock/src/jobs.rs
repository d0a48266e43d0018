//! The jobs of an instance: what one is, the phases it goes through, and the order in which they came.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use url::Url;
use uuid::Uuid;

use crate::config::JobOutcome;
use crate::generated::contract;
use crate::submission::Submission;

/// An accepted submission.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) id: Uuid,
    pub(crate) submission: Submission,
    pub(crate) chunk_size: usize,
    pub(crate) webhook_url: Option<Url>,
    /// When it was accepted, in the instance's own time, as is every time here.
    pub(crate) created: Duration,
    /// When work on it starts.
    pub(crate) started: Duration,
    /// When it becomes final.
    pub(crate) completed: Duration,
    pub(crate) outcome: JobOutcome,
    /// How often its status was asked for.
    pub(crate) looks: u32,
    /// How often since it is final.
    pub(crate) final_looks: u32,
}

/// Where a job stands, in the order of the statuses in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Pending,
    Processing,
    Completed,
    Failed,
}

impl Phase {
    /// The phase as the API calls it.
    pub(crate) fn status(self) -> &'static str {
        contract::job::status::VALUES[self as usize]
    }

    /// Whether it never changes again.
    pub(crate) fn is_final(self) -> bool {
        self >= Self::Completed
    }
}

impl Job {
    pub(crate) fn phase(&self, now: Duration) -> Phase {
        if now >= self.completed {
            match self.outcome {
                JobOutcome::Completed => Phase::Completed,
                JobOutcome::Failed => Phase::Failed,
            }
        } else if now >= self.started {
            Phase::Processing
        } else {
            Phase::Pending
        }
    }

    pub(crate) fn identifiers(&self) -> &[String] {
        &self.submission.identifiers.values
    }
}

/// The jobs that are not final.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Active {
    pub(crate) pending: usize,
    pub(crate) processing: usize,
    /// When the first of them will be final.
    pub(crate) next_free: Option<Duration>,
}

impl Active {
    pub(crate) fn count(&self) -> usize {
        self.pending + self.processing
    }
}

/// The jobs, oldest first. Each has a number, by which the rest refers to it.
#[derive(Debug)]
pub(crate) struct Jobs {
    all: VecDeque<Job>,
    /// Most jobs that are kept.
    kept: usize,
    /// Number of the oldest job that is kept.
    oldest: usize,
    first_id: Option<Uuid>,
    by_id: HashMap<Uuid, usize>,
    /// The jobs that were not final when it was last asked.
    active: Vec<usize>,
    /// The jobs whose webhook has not been called.
    unannounced: Vec<usize>,
}

impl Jobs {
    pub(crate) fn new(kept: usize) -> Self {
        Self {
            all: VecDeque::new(),
            kept,
            oldest: 0,
            first_id: None,
            by_id: HashMap::new(),
            active: Vec::new(),
            unannounced: Vec::new(),
        }
    }

    /// Id of the first job that there ever was.
    pub(crate) fn first_id(&self) -> Option<Uuid> {
        self.first_id
    }

    pub(crate) fn add(&mut self, job: Job, now: Duration) {
        let number = self.oldest + self.all.len();
        self.first_id.get_or_insert(job.id);
        self.by_id.insert(job.id, number);
        self.active.push(number);
        if job.webhook_url.is_some() {
            self.unannounced.push(number);
        }
        self.all.push_back(job);
        self.forget(now);
    }

    /// Forgets the oldest jobs beyond the bound, but none that somebody may still be waiting for.
    fn forget(&mut self, now: Duration) {
        while self.all.len() > self.kept
            && let Some(job) = self.all.front()
            && job.phase(now).is_final()
            && self.unannounced.first() != Some(&self.oldest)
        {
            let number = self.oldest;
            // Another job may have taken the id since.
            if self.by_id.get(&job.id) == Some(&number) {
                self.by_id.remove(&job.id);
            }
            self.active.retain(|active| *active != number);
            self.all.pop_front();
            self.oldest += 1;
        }
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&Job> {
        let number = self.by_id.get(&id)?;
        self.all.get(number - self.oldest)
    }

    /// The same, after counting a look at it.
    pub(crate) fn look(&mut self, id: Uuid, now: Duration) -> Option<&Job> {
        let number = self.by_id.get(&id)?;
        let job = self.all.get_mut(number - self.oldest)?;
        job.looks += 1;
        job.final_looks += u32::from(job.phase(now).is_final());
        Some(job)
    }

    pub(crate) fn active(&mut self, now: Duration) -> Active {
        let job = |number: &usize| &self.all[number - self.oldest];
        self.active
            .retain(|number| !job(number).phase(now).is_final());
        let active = self.active.iter().map(job);
        let processing = active
            .clone()
            .filter(|job| job.phase(now) == Phase::Processing)
            .count();
        Active {
            pending: self.active.len() - processing,
            processing,
            next_free: active.map(|job| job.completed).min(),
        }
    }

    /// The jobs with a webhook that have become final since this was last asked.
    pub(crate) fn take_unannounced(&mut self, now: Duration) -> Vec<&Job> {
        let (all, oldest) = (&self.all, self.oldest);
        self.unannounced
            .extract_if(.., |number| all[*number - oldest].phase(now).is_final())
            .map(|number| &all[number - oldest])
            .collect()
    }

    /// The jobs, most recent first.
    pub(crate) fn newest_first(&self) -> Vec<&Job> {
        self.all.iter().rev().collect()
    }
}

//! The jobs of an instance: what one is, the phases it goes through, and the order in which they came.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use url::Url;
use uuid::Uuid;

use crate::conduct::JobOutcome;
pub(crate) use crate::phase::Phase;
use crate::submission::Submission;

/// An accepted submission.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) id: Uuid,
    /// Id of the first job of this instance, which may be this one.
    pub(crate) first_id: Uuid,
    /// Jobs accepted so far, this one included.
    pub(crate) number: u64,
    pub(crate) submission: Submission,
    /// How many of its identifiers contacts are found for.
    pub(crate) found: usize,
    pub(crate) chunk_size: usize,
    pub(crate) webhook_url: Option<Url>,
    /// When it was accepted, in the instance's own time, as is every time here.
    pub(crate) created: Duration,
    /// When work on it starts.
    pub(crate) started: Duration,
    /// When it becomes final.
    pub(crate) completed: Duration,
    /// When its webhook is called.
    pub(crate) notified: Duration,
    pub(crate) outcome: JobOutcome,
}

/// A request for the status of a job that exists, with a valid key.
#[derive(Debug)]
pub(crate) struct Poll {
    pub(crate) job: Arc<Job>,
    /// The phase in which the job is, or is shown.
    pub(crate) phase: Phase,
    /// Polls of this job that had a version, this one included.
    pub(crate) number: u32,
    /// Those of them since it is final.
    pub(crate) final_number: u32,
    /// Polls of this job, with a version or without, this one included.
    pub(crate) total: u32,
    /// Those of them since it is final.
    pub(crate) final_total: u32,
    /// Whether this one has a version.
    pub(crate) has_version: bool,
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

/// A job that is kept, and how often it was polled with a version.
#[derive(Debug)]
struct Kept {
    job: Arc<Job>,
    polls: u32,
    final_polls: u32,
    total: u32,
    final_total: u32,
}

/// The jobs, oldest first. Each has an index, by which the rest refers to it.
///
/// All jobs of an instance take the same time, so they become final in the order in which they came.
#[derive(Debug)]
pub(crate) struct Jobs {
    all: VecDeque<Kept>,
    /// Most jobs that are kept.
    bound: usize,
    /// Index of the oldest job that is kept.
    oldest: usize,
    first_id: Option<Uuid>,
    by_id: HashMap<Uuid, usize>,
    /// The jobs that were not final when it was last asked.
    active: VecDeque<Arc<Job>>,
    /// The jobs whose webhook delivery is still to be sent.
    undelivered: VecDeque<Arc<Job>>,
}

impl Jobs {
    pub(crate) fn new(bound: usize) -> Self {
        Self {
            all: VecDeque::new(),
            bound,
            oldest: 0,
            first_id: None,
            by_id: HashMap::new(),
            active: VecDeque::new(),
            undelivered: VecDeque::new(),
        }
    }

    /// Id of the first job that there ever was.
    pub(crate) fn first_id(&self) -> Option<Uuid> {
        self.first_id
    }

    pub(crate) fn add(&mut self, job: Job, now: Duration) {
        let job = Arc::new(job);
        self.first_id.get_or_insert(job.id);
        self.by_id.insert(job.id, self.oldest + self.all.len());
        if !job.phase(now).is_final() {
            self.active.push_back(job.clone());
        }
        if job.webhook_url.is_some() {
            self.undelivered.push_back(job.clone());
        }
        self.all.push_back(Kept {
            job,
            polls: 0,
            final_polls: 0,
            total: 0,
            final_total: 0,
        });
        self.evict(now);
    }

    /// Evicts the oldest jobs beyond the bound, but none that may still be waited for.
    fn evict(&mut self, now: Duration) {
        while self.all.len() > self.bound
            && let Some(Kept { job, .. }) = self.all.front()
            && job.phase(now).is_final()
        {
            // Another job may have taken the id since.
            if self.by_id.get(&job.id) == Some(&self.oldest) {
                self.by_id.remove(&job.id);
            }
            self.all.pop_front();
            self.oldest += 1;
        }
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&Arc<Job>> {
        let index = self.by_id.get(&id)?;
        Some(&self.all.get(index - self.oldest)?.job)
    }

    /// A poll of a job. It counts if it has a version.
    pub(crate) fn poll(&mut self, id: Uuid, has_version: bool, now: Duration) -> Option<Poll> {
        let index = self.by_id.get(&id)?;
        let kept = self.all.get_mut(index - self.oldest)?;
        let phase = kept.job.phase(now);
        kept.total += 1;
        kept.final_total += u32::from(phase.is_final());
        if has_version {
            kept.polls += 1;
            kept.final_polls += u32::from(phase.is_final());
        }
        Some(Poll {
            job: kept.job.clone(),
            phase,
            number: kept.polls,
            final_number: kept.final_polls,
            total: kept.total,
            final_total: kept.final_total,
            has_version,
        })
    }

    pub(crate) fn active(&mut self, now: Duration) -> Active {
        while let Some(job) = self.active.front()
            && job.phase(now).is_final()
        {
            self.active.pop_front();
        }
        let processing = self.active.partition_point(|job| job.started <= now);
        Active {
            pending: self.active.len() - processing,
            processing,
            next_free: self.active.front().map(|job| job.completed),
        }
    }

    /// The next of the jobs whose webhook is to be called by now.
    pub(crate) fn take_undelivered(&mut self, now: Duration) -> Option<Arc<Job>> {
        let next = self.undelivered.front();
        next.filter(|job| now >= job.notified)?;
        self.undelivered.pop_front()
    }

    /// The jobs, most recent first: all of them, or those after the job of this id; `None` if it does not exist.
    pub(crate) fn newest_first(
        &self,
        after: Option<Uuid>,
    ) -> Option<impl Iterator<Item = &Arc<Job>>> {
        let end = match after {
            Some(id) => self.by_id.get(&id)? - self.oldest,
            None => self.all.len(),
        };
        Some(self.all.range(..end).rev().map(|kept| &kept.job))
    }
}

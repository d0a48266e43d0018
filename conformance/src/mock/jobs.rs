//! The jobs of an instance: what one is, the phases it goes through, and the order in which they are listed.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

use super::config::JobOutcome;
use crate::generated::contract;

/// An accepted submission.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) id: Uuid,
    pub(crate) identifiers: Vec<String>,
    pub(crate) fields: Vec<String>,
    pub(crate) chunk_size: usize,
    pub(crate) webhook_url: Option<Url>,
    /// When it was accepted, in the instance's own time, as is every time here.
    pub(crate) created: Duration,
    /// When work on it starts.
    pub(crate) started: Duration,
    /// When it becomes final.
    pub(crate) completed: Duration,
    pub(crate) outcome: JobOutcome,
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
        contract::JOB_STATUSES[self as usize]
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
}

/// All jobs, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    all: Vec<Job>,
    by_id: HashMap<Uuid, usize>,
    /// Places of the jobs that were not final when it was last asked.
    active: Vec<usize>,
    /// Places of the jobs whose webhook has not been called.
    unannounced: Vec<usize>,
}

/// A page of the list.
pub(crate) struct Page<'a> {
    pub(crate) jobs: Vec<&'a Job>,
    pub(crate) has_more: bool,
}

impl Jobs {
    pub(crate) fn first_id(&self) -> Option<Uuid> {
        self.all.first().map(|job| job.id)
    }

    pub(crate) fn add(&mut self, job: Job) {
        let place = self.all.len();
        self.by_id.insert(job.id, place);
        self.active.push(place);
        if job.webhook_url.is_some() {
            self.unannounced.push(place);
        }
        self.all.push(job);
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&Job> {
        self.by_id.get(&id).map(|place| &self.all[*place])
    }

    /// The number of jobs that are not final, and when the first of them will be.
    pub(crate) fn active(&mut self, now: Duration) -> (usize, Option<Duration>) {
        let all = &self.all;
        self.active
            .retain(|place| !all[*place].phase(now).is_final());
        (
            self.active.len(),
            self.active.iter().map(|place| all[*place].completed).min(),
        )
    }

    /// The jobs that have become final since this was last asked and that want to be announced.
    pub(crate) fn take_announcements(&mut self, now: Duration) -> Vec<(Url, Map<String, Value>)> {
        let all = &self.all;
        let due = self
            .unannounced
            .extract_if(.., |place| all[*place].phase(now).is_final());
        due.filter_map(|place| {
            let job = &all[place];
            let body = [
                ("batch_id", job.id.to_string()),
                ("status", job.phase(now).status().to_owned()),
            ];
            let body = body.map(|(key, value)| (key.to_owned(), Value::String(value)));
            Some((job.webhook_url.clone()?, Map::from_iter(body)))
        })
        .collect()
    }

    /// At most `limit` jobs in the `status`, most recent first, that are older than the `cursor`. Nothing if
    /// there is no job with the id of the cursor.
    pub(crate) fn page(
        &self,
        now: Duration,
        cursor: Option<Uuid>,
        status: Option<&str>,
        limit: usize,
    ) -> Option<Page<'_>> {
        let end = match cursor {
            Some(id) => *self.by_id.get(&id)?,
            None => self.all.len(),
        };
        let wanted = |job: &&Job| status.is_none_or(|status| job.phase(now).status() == status);
        let mut matching = self.all[..end].iter().rev().filter(wanted);
        let jobs = matching.by_ref().take(limit).collect();
        Some(Page {
            jobs,
            has_more: matching.next().is_some(),
        })
    }
}

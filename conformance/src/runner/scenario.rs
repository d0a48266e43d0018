//! What is asked beside submissions: how jobs fare, what their files hold, what the list shows. One job serves
//! every check that it can.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use super::kept::Kept;
use super::log::{batch_id, is_over};
use super::polls::Polls;
use super::requests;
use super::sender::Sender;
use super::stop::Stop;
use super::submitter::{Sent, Submitter};
use super::webhook::Listener;
use crate::checks::{Check, Submissions, acceptance};
use crate::exchange::Exchange;
use crate::generated::contract::{job::status, limits};
use crate::probes::profile_urls::mix;
use crate::probes::submission::{Authorization, Body, Contents, Submission};
use crate::probes::{Probe, scenario};

/// The most polls of one job on the mock, whose jobs are over after far fewer.
const MOST_POLLS: usize = 200;

/// Jobs of which only the first is asked for right after it was accepted.
pub(super) const FEWEST: usize = 7;

/// A job that was accepted.
#[derive(Debug, Clone)]
pub(super) struct Job {
    id: String,
    contents: Contents,
}

/// Runs the scenario around the baseline submissions.
pub(super) struct Scenario<'a> {
    pub(super) sender: &'a Sender<'a>,
    pub(super) listener: Option<&'a Listener>,
    /// What the minutes allow beyond what each clause needs.
    pub(super) kept: &'a Kept,
}

impl Scenario<'_> {
    /// Sends the baseline submissions, and one more than may be active where nothing is known to end sooner.
    pub(super) async fn submit(
        &self,
        probes: &[Probe],
        submitter: &mut Submitter<'_>,
    ) -> Result<Vec<Job>, Stop> {
        let mut jobs = Vec::new();
        let mut tried_one_too_many = false;
        for probe in probes {
            if submitter.permits().is_full() && !tried_one_too_many {
                tried_one_too_many = true;
                self.one_too_many(submitter).await?;
            }
            let Body::Object(contents) = &probe.submission.body else {
                continue;
            };
            let Sent::Exchange(_, exchange) = submitter.submit(probe).await? else {
                continue;
            };
            let Some(id) = batch_id(&exchange).map(str::to_owned) else {
                continue;
            };
            if jobs.is_empty() && !self.kept.is_late() {
                // While it still waits.
                self.ask_in_all_ways(&id).await?;
            }
            if jobs.is_empty() || jobs.len() >= FEWEST {
                // Just accepted, it must be found.
                self.sender
                    .ask_if_needed(scenario::job(&id, Authorization::Key, true))
                    .await?;
            }
            jobs.push(Job {
                id,
                contents: contents.clone(),
            });
        }
        Ok(jobs)
    }

    /// Submits while the most jobs are active, then polls each of them, to be sure that they were.
    async fn one_too_many(&self, submitter: &mut Submitter<'_>) -> Result<(), Stop> {
        let wanted = |check: &&Check| check.needs.submissions == Submissions::OneTooMany;
        if !self.sender.config.checks.iter().any(wanted) {
            return Ok(());
        }
        let mut contents = Contents::plain(mix(!self.sender.config.seed));
        contents.count = 2;
        let probe = Probe {
            name: "one job too many".to_owned(),
            submission: Submission::of(contents),
        };
        if let Sent::Exchange(_, exchange) = submitter.submit_once(&probe).await? {
            // What refuses now and then says nothing of the limit.
            if acceptance::refused(&exchange)
                && let Some(second) = probe.anew()
            {
                submitter.submit_once(&second).await?;
            }
            for id in submitter.permits().newest(limits::ACTIVE_JOBS + 1) {
                self.sender
                    .ask_if_needed(scenario::job(&id, Authorization::Key, true))
                    .await?;
            }
        }
        Ok(())
    }

    /// Asks for the newest job in the ways that a status can be asked for: the first one was, when it was accepted.
    pub(super) async fn ways_to_ask(&self, jobs: &[Job]) -> Result<(), Stop> {
        for id in scenario::NO_SUCH_JOBS {
            self.sender
                .ask_if_needed(scenario::job(id, Authorization::Key, true))
                .await?;
        }
        match jobs.last() {
            Some(job) => self.ask_in_all_ways(&job.id).await,
            None => Ok(()),
        }
    }

    async fn ask_in_all_ways(&self, id: &str) -> Result<(), Stop> {
        for request in requests::ways_to_ask(id) {
            self.sender.ask_if_needed(request).await?;
        }
        Ok(())
    }

    /// Follows the jobs to their end: their files, their deliveries, a last poll, and the lists that have them.
    pub(super) async fn follow(&self, jobs: &[Job]) -> Result<(), Stop> {
        let mut parts_left = requests::MOST_PARTS;
        let mut patience = self.sender.config.webhook_patience();
        for (place, job) in jobs.iter().enumerate() {
            let Some(poll) = self.wait(job).await? else {
                continue;
            };
            if let Some((merged, parts)) = links(&poll) {
                self.sender
                    .ask_if_needed(scenario::download(&merged))
                    .await?;
                if self.sender.config.embedded || parts.len() <= parts_left {
                    parts_left = parts_left.saturating_sub(parts.len());
                    for part in &parts {
                        self.sender.ask_if_needed(scenario::download(part)).await?;
                    }
                }
            }
            if let (Some(listener), Some(url)) = (self.listener, &job.contents.webhook_url)
                && (self.sender.config.checks.iter()).any(|check| check.needs.deliveries)
            {
                let delivery = listener.delivery(url, patience).await;
                if delivery.outcome.is_err() {
                    // The later ones of a server that sends none are not worth the same wait each.
                    patience = patience.min(Duration::from_millis(200));
                }
                self.sender.add(delivery);
            }
            let poll = self
                .sender
                .ask_if_needed(scenario::job(&job.id, Authorization::Key, true))
                .await?;
            // A link opens the file more than once.
            if let Some((merged, _)) = poll.as_deref().and_then(links) {
                self.sender
                    .ask_if_needed(scenario::download(&merged))
                    .await?;
            }
            if place == 0 || place + 1 == jobs.len() {
                self.ask_in_all_ways(&job.id).await?;
            }
        }
        if jobs.is_empty() {
            return Ok(());
        }
        for request in requests::later_lists() {
            self.sender.ask_if_needed(request).await?;
        }
        if !self.kept.is_late() {
            for request in requests::locked_lists() {
                self.sender.ask_if_needed(request).await?;
            }
        }
        self.walk(&format!("status={}&limit=2", status::COMPLETED))
            .await?;
        self.walk("limit=2").await?;
        // Held against a large page, as the walk before.
        self.sender.ask_if_needed(requests::newest()).await?;
        self.walk("limit=1").await
    }

    /// Polls a job until it is over; `None` when nothing selected wants to know.
    async fn wait(&self, job: &Job) -> Result<Option<Arc<Exchange>>, Stop> {
        let mut polls = Polls::begin(self.sender);
        for count in 1.. {
            let poll = scenario::job(&job.id, Authorization::Key, true);
            let Some(poll) = self.sender.ask_if_needed(poll).await? else {
                return Ok(None);
            };
            if is_over(&poll) {
                return Ok(Some(poll));
            }
            // A job that comes back after its end may never end again.
            if self.sender.was_over(&job.id) {
                return Ok(None);
            }
            if self.sender.config.embedded && count > MOST_POLLS {
                break;
            }
            polls.pause(&job.id, self.sender).await?;
        }
        Ok(None)
    }

    /// Asks for the list in all the ways that a clause is about.
    pub(super) async fn lists(&self) -> Result<(), Stop> {
        for request in requests::lists() {
            self.sender.ask_if_needed(request).await?;
        }
        self.walk("limit=2").await
    }

    async fn walk(&self, query: &str) -> Result<(), Stop> {
        let mut next = query.to_owned();
        for _ in 0..requests::most_pages(self.sender.config) {
            let Some(page) = self
                .sender
                .ask_if_needed(scenario::list(&next, Authorization::Key))
                .await?
            else {
                return Ok(());
            };
            let page = page.accepted_object();
            match page.and_then(|page| page.get("next_cursor")?.as_str()) {
                Some(cursor)
                    if cursor
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-')
                        // What a server says to another cursor says nothing of its filter.
                        && (!query.contains("status") || Uuid::try_parse(cursor).is_ok()) =>
                {
                    let is_first = next == query;
                    next = format!("{query}&cursor={cursor}");
                    if is_first && !self.kept.is_late() {
                        for key in [Authorization::Absent, Authorization::UnknownKey] {
                            self.sender
                                .ask_if_needed(scenario::list(&next, key))
                                .await?;
                        }
                    }
                }
                _ => return Ok(()),
            }
        }
        Ok(())
    }
}

/// The link to the merged file of a completed job, and those to its parts.
fn links(poll: &Exchange) -> Option<(String, Vec<String>)> {
    let job = poll.accepted_object()?;
    let url = |value: &Value| {
        let url = value.as_str()?;
        (url.starts_with("http://") || url.starts_with("https://")).then(|| url.to_owned())
    };
    let merged = url(job.get("download_url")?)?;
    let parts = job.get("download_urls").and_then(Value::as_array);
    let parts = parts.into_iter().flatten().filter_map(url).collect();
    Some((merged, parts))
}

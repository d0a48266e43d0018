//! One case: a client, and the calls that it makes of a server that misbehaves.

use std::future::Future;
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use crustdata_batch::{
    ApiKey, BatchJob, Client, ContactEnrichRequest, ContactField, Error, ListQuery, OutcomeUnknown,
    Reconciliation, SubmitError, UsageQuery, Uuid,
};
use fastrand::Rng;
use futures_util::StreamExt;
use serde_json::json;
use tokio::time::{Instant, timeout};

use super::Campaign;
use super::judge;
use super::secret::KEY;
use super::sockets::Sockets;
use super::store::{File, LINE_LIMIT};
use super::world::{List, Track, World};

/// The calls that a campaign makes, each many times.
pub(super) const CALLS: [&str; 8] = [
    "submit",
    "reconcile",
    "job",
    "list",
    "jobs",
    "wait",
    "results",
    "account",
];

/// The client's time for a call, and without a byte of a file. Longer than a busy machine needs for most of them.
const TIMEOUT: Duration = Duration::from_millis(500);
/// Time after which a call that the server has asked to wait is left.
const PACED: Duration = Duration::from_millis(150);
/// How often it is looked whether a call is to be left.
const LOOK: Duration = Duration::from_millis(50);
/// Looks after which a call hangs: all of the client's own limits together are far below 30 seconds. Counted, since time also
/// passes while the machine does not get to the client.
const HANGING: u32 = 600;
/// Most records of a file.
const RECORDS: usize = 40;
/// Pages after which a list without end is left.
const PAGES: usize = 30;

/// A case under way.
struct Session {
    campaign: Arc<Campaign>,
    world: Arc<World>,
    client: Client,
    random: Rng,
    /// Identifiers of the last submission: no two of a case have as many.
    identifiers: usize,
    /// Submissions that certainly were not accepted, by their identifiers.
    not_accepted: Vec<(usize, String)>,
}

/// Runs a case.
pub(super) async fn run(campaign: Arc<Campaign>, sockets: Arc<Sockets>, case: u64) {
    let mut random = campaign.random(case, 0);
    let at = |address| format!("http://{address}/{case}");
    let base_url = match random.u8(..30) {
        0 => at(sockets.dead),
        1 => at(sockets.slamming),
        _ => at(sockets.api),
    };
    let world = World::new(
        Arc::clone(&campaign),
        case,
        at(sockets.api),
        at(sockets.elsewhere),
    );
    let attempts = |number| NonZeroU32::new(number).unwrap();
    let client = Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .base_url(base_url)
        .requests_per_minute(None)
        .timeout(TIMEOUT)
        .download_idle_timeout(TIMEOUT)
        .download_attempts(attempts(random.u32(1..4)))
        .submit_attempts(attempts(random.u32(1..4)))
        .submit_backoff(Duration::from_millis(1))
        .build()
        .unwrap();
    let mut session = Session {
        campaign,
        world: Arc::new(world),
        client,
        identifiers: 0,
        not_accepted: Vec::new(),
        random,
    };
    sockets.enter(&session.world);
    for _ in 0..session.random.u8(3..12) {
        // A call that was left may still be under way, and others would wait for their turn behind it.
        if session.call().await.is_none() {
            break;
        }
    }
    judge::end(&session.world, &session.not_accepted);
    sockets.leave(&session.world);
}

impl Session {
    /// Makes some call. None: it was left before its end.
    async fn call(&mut self) -> Option<()> {
        let jobs = self.world.state().jobs.clone();
        let (call, job) = (self.random.u8(..10), self.random.choice(&jobs));
        let Some(job) = job.filter(|_| call < 7) else {
            return self.submit().await;
        };
        match call {
            0 => self.job(job.id).await,
            1 => self.list().await,
            2 => self.jobs().await,
            3 => self.wait(job.id).await,
            4 => self.account().await,
            _ => self.results(job.id).await,
        }
    }

    async fn submit(&mut self) -> Option<()> {
        self.begin("submit", List::Sound);
        self.world.state().track = Track::default();
        self.identifiers += 1;
        let urls =
            (0..self.identifiers).map(|n| format!("https://www.linkedin.com/in/nobody-{n}/"));
        let request = ContactEnrichRequest::builder()
            .profile_urls(urls)
            .fields([ContactField::BusinessEmail])
            .build()
            .unwrap();
        let result = match self.random.u8(..20) {
            // Whoever calls may drop the call at any time.
            0 => {
                let after = Duration::from_millis(self.random.u64(..20));
                timeout(after, self.client.submit(&request)).await.ok()
            }
            _ => self.bounded(self.client.submit(&request)).await,
        };
        judge::submission(&self.world, self.identifiers, result.as_ref());
        match result? {
            Ok(_) => Some(()),
            Err(SubmitError::NotAccepted(error)) => {
                let text = format!("{error:?}");
                self.not_accepted.push((self.identifiers, text));
                Some(())
            }
            Err(SubmitError::OutcomeUnknown(unknown)) => self.reconcile(&unknown).await,
        }
    }

    async fn reconcile(&mut self, unknown: &OutcomeUnknown) -> Option<()> {
        self.begin("reconcile", List::Sound);
        let before = self.world.jobs_of(self.identifiers);
        let result = self.bounded(look_for(&self.client, unknown)).await?;
        judge::reconciliation(&self.world, self.identifiers, &before, &result);
        Some(())
    }

    async fn job(&mut self, id: Uuid) -> Option<()> {
        self.begin("job", List::Sound);
        let result = self.bounded(self.client.job(id)).await?;
        judge::job(&self.world, id, &result);
        Some(())
    }

    async fn list(&mut self) -> Option<()> {
        let list = self.odd_list();
        self.begin("list", list);
        let result = self.bounded(self.client.list(&ListQuery::new())).await?;
        judge::shown(&self.world, &result);
        Some(())
    }

    async fn jobs(&mut self) -> Option<()> {
        let list = self.odd_list();
        self.begin("jobs", list);
        let items = self.bounded(async {
            let mut jobs = self.client.jobs(ListQuery::new());
            let mut items = Vec::new();
            while let Some(item) = jobs.next().await {
                items.push(item);
            }
            items
        });
        judge::list(&self.world, &items.await?);
        Some(())
    }

    async fn wait(&mut self, id: Uuid) -> Option<()> {
        self.begin("wait", List::Sound);
        let millis = |number| Duration::from_millis(number);
        let wait = self
            .client
            .wait(id)
            .intervals(millis(1), millis(3))
            .patience(millis(self.random.u64(..50)))
            .deadline(millis(self.random.u64(1..1_000)));
        let result = self.bounded(wait.into_future()).await?;
        judge::wait(&self.world, id, &result);
        Some(())
    }

    async fn results(&mut self, id: Uuid) -> Option<()> {
        self.begin("results", List::Sound);
        let file = File::new(&mut self.random, RECORDS);
        let is_known = file.result_count.is_none() || self.random.u8(..4) > 0;
        let count = file.result_count;
        self.world.state().file = file;
        let mut job = json!({"batch_id": id, "status": "pending", "entity": "person", "action": "contact_enrich"});
        if is_known {
            job["status"] = json!("completed");
            job["result_count"] = json!(count);
            job["download_url"] = json!(self.world.link(&mut self.random));
        }
        let job: BatchJob = serde_json::from_value(job).unwrap();
        let items = self.bounded(async {
            let mut results = self.client.results(&job).line_limit(LINE_LIMIT);
            let mut items = Vec::new();
            while let Some(item) = results.next().await {
                items.push(item);
            }
            items
        });
        judge::results(&self.world, &items.await?);
        Some(())
    }

    async fn account(&mut self) -> Option<()> {
        self.begin("account", List::Sound);
        let client = &self.client;
        match self.random.u8(..3) {
            0 => judge::shown(&self.world, &self.bounded(client.credits()).await?),
            1 => {
                let endpoint = client.endpoint(ContactEnrichRequest::PATH);
                judge::shown(&self.world, &self.bounded(endpoint).await?);
            }
            _ => {
                let events = client.usage(UsageQuery::new()).take(PAGES);
                for event in self.bounded(events.collect::<Vec<_>>()).await? {
                    judge::shown(&self.world, &event);
                }
            }
        }
        Some(())
    }

    fn begin(&self, call: &str, list: List) {
        let place = CALLS.iter().position(|name| *name == call).unwrap();
        self.campaign.calls.lock().unwrap()[place] += 1;
        let mut state = self.world.state();
        state.list = list;
        state.pages = 0;
    }

    fn odd_list(&mut self) -> List {
        let lists = [
            List::Sound,
            List::Sound,
            List::Cycling,
            List::LeadingNowhere,
            List::Endless,
            List::Odd,
        ];
        *self.random.choice(&lists).unwrap()
    }

    /// What a call gives. None: the server made it wait, or go on for ever, and it was left; or it hangs.
    async fn bounded<T>(&self, call: impl Future<Output = T>) -> Option<T> {
        let mut call = pin!(call);
        let start = Instant::now();
        for _ in 0..HANGING {
            if let Ok(result) = timeout(LOOK, &mut call).await {
                return Some(result);
            }
            let state = self.world.state();
            let is_endless = state.list == List::Endless && state.pages > PAGES;
            if is_endless || state.is_pacing && start.elapsed() > PACED {
                return None;
            }
        }
        self.world.violation("a call hangs");
        None
    }
}

/// Searches for the job of a submission whose outcome is unknown.
async fn look_for(client: &Client, unknown: &OutcomeUnknown) -> Result<Reconciliation, Error> {
    client.reconcile(unknown.submission()).await
}

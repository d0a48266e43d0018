//! What the account's usage shows of a submission: the requests to its endpoint at its time, by their bodies.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::UsageEvidence;
use crate::clock::CLOCK_SKEW;
use crate::submission::{Likeness, Submission, Window};
use crate::{Client, ContactEnrichRequest, Error, UsageEvent, UsageQuery};

/// How long after its arrival a request may take to be among the events. About 10 seconds are documented.
pub(super) const RECORDED_AFTER: Duration = Duration::from_secs(60);
/// Most events that are listed for one search.
const MOST_EVENTS: u64 = 10_000;
/// Most events that are read in whole for one search, each a request of its own.
const MOST_READ: usize = 50;

/// What one search after the other has learnt, so that no event is read twice.
#[derive(Debug)]
pub(super) struct Memory {
    begun: Instant,
    read: HashMap<String, Compared>,
}

/// A request to the submission's endpoint, read in whole.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    event: UsageEvent,
    likeness: Likeness,
    pub(super) standing: Standing,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Accepted,
    Refused,
    /// It failed, or it is not known what became of it.
    Unknown,
}

/// What the events show.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) evidence: UsageEvidence,
    /// The requests with the submission's body whose outcome nobody else knows.
    pub(super) own: Vec<Compared>,
    /// Whether one of them bears the very id of the submission's request.
    pub(super) is_named: bool,
    /// Whether a request has the submission's identifiers, and not quite its body.
    pub(super) has_similar: bool,
    /// Whether there are requests that can't be compared.
    pub(super) has_unreadable: bool,
    /// Whether the submission would be among the events by now, if any later ones are there.
    pub(super) is_old: bool,
    /// Accepted requests to the endpoint, newest first, each with whether it is the submission's, and how many
    /// identifiers it has.
    pub(super) accepted: Vec<(bool, Option<u64>)>,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            begun: Instant::now(),
            read: HashMap::new(),
        }
    }

    /// Reads the events of the submission's time.
    pub(super) async fn read(
        &mut self,
        client: &Client,
        submission: &Submission,
        window: &Window,
    ) -> Result<Record, Error> {
        let arrived_by = self.arrived_by(client, submission, window);
        let is_past = |now: SystemTime| {
            let since = now.duration_since(arrived_by);
            since.is_ok_and(|since| since >= RECORDED_AFTER)
        };
        let mut record = Record {
            is_old: window.start().is_some() && window.server_time.is_some_and(is_past),
            ..Record::default()
        };
        let now = window.server_time.unwrap_or_else(SystemTime::now);
        let day = CLOCK_SKEW * (24 * 60);
        // Whoever does not know when it was sent, looks at the last days, and proves nothing of before.
        let earliest = earlier(now, day * 30);
        let start = window.start().filter(|start| *start >= earliest);
        let end = later(arrived_by, window.margin + RECORDED_AFTER);
        let mut query = UsageQuery::new().start(start.unwrap_or(earlier(now, day)));
        if start.is_some() {
            query = query.end(end);
        }
        let is_whole = self
            .read_all(client, submission, query, &mut record)
            .await?;
        let witness = UsageQuery::new().start(arrived_by).page_size(1);
        let has_later = match record.is_old {
            true => client.usage(witness).next().await.transpose()?.is_some(),
            false => false,
        };
        record.evidence.is_complete = record.is_old && is_whole && start.is_some() && has_later;
        Ok(record)
    }

    /// When the submission arrived at the latest, if it did, by the server's clock.
    fn arrived_by(&self, client: &Client, submission: &Submission, window: &Window) -> SystemTime {
        let lasted = submission.lasted.unwrap_or(client.shared.submit_timeout);
        let by_clocks = later(window.latest, lasted);
        match (submission.sent_at_server(), window.server_time) {
            // Where the server's clock was not known then, this machine's may have been wrong. It was sent before this
            // search began, whatever the clocks say.
            (None, Some(now)) => by_clocks.max(later(earlier(now, self.begun.elapsed()), lasted)),
            _ => by_clocks,
        }
    }

    /// Whether all of them could be read.
    async fn read_all(
        &mut self,
        client: &Client,
        submission: &Submission,
        query: UsageQuery,
        record: &mut Record,
    ) -> Result<bool, Error> {
        let mut classes = Classes::new(client, query.clone());
        let mut events = client.usage(query.page_size(u32::MAX));
        let mut is_whole = true;
        let mut reads_left = MOST_READ;
        while let Some(event) = events.next().await {
            let event = event?;
            record.evidence.events_read += 1;
            if record.evidence.events_read > MOST_EVENTS {
                is_whole = false;
                break;
            }
            if !may_be_submission(&event) {
                continue;
            }
            let Some(id) = event.event_id() else {
                record.has_unreadable = true;
                continue;
            };
            if !self.read.contains_key(id) {
                if reads_left == 0 {
                    is_whole = false;
                    continue;
                }
                reads_left -= 1;
                match client.usage_event(id).await {
                    Ok(whole) => {
                        let standing = classes.standing(&whole, id).await?;
                        let compared = Compared::new(whole, submission, standing);
                        self.read.insert(id.to_owned(), compared);
                    }
                    Err(error) if error.is_not_found() => {
                        is_whole = false;
                        continue;
                    }
                    Err(error) => return Err(error),
                }
            }
            if let Some(compared) = self.read.get(id) {
                record.take(id, compared, client, submission);
            }
        }
        Ok(is_whole)
    }
}

impl Record {
    fn take(&mut self, id: &str, compared: &Compared, client: &Client, submission: &Submission) {
        let is_named = submission.request_id.as_deref() == Some(id);
        let is_settled = client.shared.settled_requests.contains(id.to_owned());
        // One that names itself is the submission's, whatever its body looks like.
        let is_others = is_settled || self.is_named;
        let is_own = is_named || compared.likeness == Likeness::Same && !is_others;
        self.evidence.requests_compared += u64::from(compared.likeness != Likeness::Unreadable);
        if compared.standing == Standing::Accepted {
            let count = compared.identifiers();
            self.accepted.push((is_own, count));
        }
        if is_named {
            self.is_named = true;
            self.own.clear();
            self.evidence.same_body.clear();
        }
        if is_own {
            self.own.push(compared.clone());
            self.evidence.same_body.push(id.to_owned());
        } else if !is_others {
            self.has_similar |= compared.likeness == Likeness::SamePersons;
            self.has_unreadable |= compared.likeness == Likeness::Unreadable;
        }
    }

    /// Whether no request may be the submission's.
    pub(super) fn shows_nothing(&self) -> bool {
        self.own.is_empty() && !self.has_similar && !self.has_unreadable
    }

    /// Whether all requests that may be the submission's came to this.
    pub(super) fn are_all(&self, standing: Standing) -> bool {
        let is_whole = self.is_named || !self.has_similar && !self.has_unreadable;
        is_whole && !self.own.is_empty() && self.own.iter().all(|own| own.standing == standing)
    }
}

impl Compared {
    fn new(event: UsageEvent, submission: &Submission, standing: Standing) -> Self {
        let likeness = match event.request() {
            Some(request) => submission.likeness(request),
            None => Likeness::Unreadable,
        };
        Self {
            event,
            likeness,
            standing,
        }
    }

    pub(super) fn into_event(self) -> UsageEvent {
        self.event
    }

    fn identifiers(&self) -> Option<u64> {
        Submission::identifiers_in(self.event.request()?)
    }
}

/// The statuses of events that don't say them, by the filter for them.
struct Classes<'a> {
    client: &'a Client,
    query: UsageQuery,
    /// Ids of the events of successes, and of refusals.
    ids: Option<[HashSet<String>; 2]>,
}

impl<'a> Classes<'a> {
    fn new(client: &'a Client, query: UsageQuery) -> Self {
        Self {
            client,
            query,
            ids: None,
        }
    }

    async fn standing(&mut self, event: &UsageEvent, id: &str) -> Result<Standing, Error> {
        if let Some(status) = event.status() {
            return Ok(match status / 100 {
                2 => Standing::Accepted,
                4 => Standing::Refused,
                _ => Standing::Unknown,
            });
        }
        if self.ids.is_none() {
            self.ids = Some([self.of("2xx").await?, self.of("4xx").await?]);
        }
        let is_in = |class: usize| self.ids.as_ref().is_some_and(|ids| ids[class].contains(id));
        // A server that knows no such filter lists it under both.
        Ok(match (is_in(0), is_in(1)) {
            (true, false) => Standing::Accepted,
            (false, true) => Standing::Refused,
            _ => Standing::Unknown,
        })
    }

    async fn of(&self, class: &str) -> Result<HashSet<String>, Error> {
        let query = self.query.clone().status_class(class).page_size(u32::MAX);
        let mut events = self.client.usage(query);
        let mut ids = HashSet::new();
        while let Some(event) = events.next().await {
            ids.extend(event?.event_id().map(str::to_owned));
        }
        Ok(ids)
    }
}

/// Whether an event may be of the submission's endpoint. The list is not narrowed by the server: how it spells an endpoint
/// is open, and a filter that fits none would make it look as if nothing had arrived.
fn may_be_submission(event: &UsageEvent) -> bool {
    event.endpoint().is_none_or(|endpoint| {
        let endpoint = endpoint.trim_end_matches('/');
        endpoint.ends_with(ContactEnrichRequest::PATH) || !endpoint.starts_with('/')
    })
}

fn later(time: SystemTime, by: Duration) -> SystemTime {
    time.checked_add(by).unwrap_or(time)
}

fn earlier(time: SystemTime, by: Duration) -> SystemTime {
    time.checked_sub(by).unwrap_or(SystemTime::UNIX_EPOCH)
}

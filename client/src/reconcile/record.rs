//! What the account's usage shows of a submission: the requests to its endpoint at its time, by their bodies.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::UsageEvidence;
use super::standing::{Classes, Standing};
use crate::clock::{Now, earlier};
use crate::submission::{Likeness, Submission, Window};
use crate::usage::can_be_asked_for;
use crate::{Client, ContactEnrichRequest, Error, UsageEvent, UsageQuery};

/// How long after its arrival a request may take to be among the events. About 10 seconds are documented.
pub(super) const RECORDED_AFTER: Duration = Duration::from_secs(60);
/// No event that is older is looked at: it takes many pages, and who asks so late knows other ways.
const FARTHEST_BACK: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// For ever, of which a date can still be made.
const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
/// Most events that are listed for one search.
const MOST_EVENTS: u64 = 10_000;
/// Most events that are read in whole for one search, each a request of its own.
const MOST_READ: usize = 50;

/// What one search after the other has learnt, so that no event is read twice.
#[derive(Debug)]
pub(super) struct Memory {
    begun: Instant,
    /// Whether the events could not be read this time, and may be the next.
    pub(super) is_missed: bool,
    read: HashMap<String, Compared>,
}

/// A request to the submission's endpoint, read in whole.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    event: UsageEvent,
    likeness: Likeness,
    pub(super) standing: Standing,
}

/// A stretch of time by the server's clock.
#[derive(Debug)]
struct Span {
    start: SystemTime,
    /// Whether the submission can't have arrived before that.
    is_whole: bool,
    /// When it arrived at the latest.
    arrived_by: SystemTime,
    /// By how much all this may be wrong.
    margin: Duration,
}

/// What the events show.
#[derive(Debug)]
pub(super) struct Record {
    /// Since when events were read.
    pub(super) start: SystemTime,
    pub(super) evidence: UsageEvidence,
    /// The requests with the submission's body whose outcome nobody else knows.
    pub(super) own: Vec<Compared>,
    /// Whether one of them bears the very id of the submission's request.
    pub(super) is_named: bool,
    /// Whether a request has the submission's identifiers, and not quite its body, and was not refused.
    pub(super) has_similar: bool,
    /// Whether there are requests that can't be compared, and were not refused.
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
            is_missed: false,
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
        let span = self.span(client, submission, window);
        let is_past = |now: SystemTime| {
            let since = now.duration_since(span.arrived_by);
            since.is_ok_and(|since| since >= RECORDED_AFTER)
        };
        let mut record = Record {
            is_old: window.server_time.is_some_and(is_past),
            start: span.start,
            evidence: UsageEvidence::default(),
            own: Vec::new(),
            is_named: false,
            has_similar: false,
            has_unreadable: false,
            accepted: Vec::new(),
        };
        // Before the others are read: what is recorded before a later event is there when that one is, and no sooner.
        let has_later = match record.is_old {
            true => {
                let witness = UsageQuery::new().start(span.arrived_by).page_size(1);
                client.usage(witness).next().await.transpose()?.is_some()
            }
            false => false,
        };
        let end = later(span.arrived_by, span.margin + RECORDED_AFTER);
        let query = UsageQuery::new().start(span.start).end(end);
        let is_whole = self
            .read_all(client, submission, query, &mut record)
            .await?;
        let is_of_other_key = submission.is_of_other_key(&client.shared.key);
        record.evidence.is_complete =
            record.is_old && is_whole && span.is_whole && has_later && !is_of_other_key;
        Ok(record)
    }

    /// When the submission arrived, if it did, by the server's clock.
    fn span(&self, client: &Client, submission: &Submission, window: &Window) -> Span {
        let lasted = submission.lasted.unwrap_or(client.shared.submit_timeout);
        let lasted = lasted.saturating_add(submission.leaves_within).min(CENTURY);
        let now = window.server_time.unwrap_or_else(|| Now::read().here);
        // It was sent before this search began, whatever the clocks say.
        let sent_by = earlier(now, self.begun.elapsed());
        let (sent_by, sent_from) = match submission.sent_at_server() {
            Some(sent) => (sent_by.min(sent), sent),
            // This machine's clock may have been wrong then, in either way.
            None => (sent_by, sent_by.min(window.earliest)),
        };
        // A time far in the future is wrong by more than the margin.
        let is_wrong = window.earliest > later(now, window.margin);
        let start = earlier(sent_from, window.margin);
        let earliest = earlier(now, FARTHEST_BACK);
        Span {
            start: start.max(earliest),
            is_whole: start >= earliest && !is_wrong,
            arrived_by: later(sent_by, lasted),
            margin: window.margin,
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
            let Some(id) = event.event_id().filter(|id| can_be_asked_for(id)) else {
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
        let is_settled = client.shared.settled_requests.contains(&id.to_owned());
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
        } else if !is_others && compared.standing != Standing::Refused {
            // One that was refused made no job, whosever it is: its body may have broken off on its way.
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

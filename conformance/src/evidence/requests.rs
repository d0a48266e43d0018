//! The requests that a usage event may be of: those whose response named an id. What an event says of one is held against
//! what is kept here; what follows from it is not decided here.

use std::collections::{HashMap, VecDeque};

use chrono::DateTime;
use http::{StatusCode, header};
use serde_json::Value;

use super::canonical::canonical_object;
use super::delivered;
use super::files::Download;
use super::jobs::Jobs;
use crate::contract::expectation::Count;
use crate::contract::request::{Body, Operation};
use crate::exchange::{Exchange, ended};
use crate::generated::contract::header::{CREDITS_USED, REQUEST_ID};

/// Of how many requests an id is kept: of more, the newest.
const MOST: usize = 1_000;

/// A request of which there may be an event.
#[derive(Debug, Clone)]
pub struct Requested {
    /// When it was sent, in microseconds from the start.
    pub sent: u128,
    /// When the last byte of its response came.
    pub ended: u128,
    /// What the server's clock said then, in seconds since 1970, where it says so.
    pub date: Option<i64>,
    /// What its response said that it was charged.
    pub credits: Option<f64>,
    /// What is the same for the same body, where it was a JSON object.
    pub body: Option<u64>,
    /// What came of it, where it was a submission.
    pub submission: Option<Submission>,
    /// Whether another response named the same id, so that nothing is known of its event.
    shared: bool,
    /// The credits that an event said last.
    pub charged: Option<f64>,
}

/// What came of a submission.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Submission {
    /// No job: it was refused.
    Refused,
    /// The job in this place, and the credits that what it delivered costs, once that is known.
    Accepted {
        /// Place among the jobs.
        job: usize,
        /// Credits.
        delivered: Option<f64>,
    },
}

/// The requests by their ids.
#[derive(Debug, Default)]
pub struct Requests {
    by_id: HashMap<Box<str>, Requested>,
    oldest_first: VecDeque<Box<str>>,
    by_job: HashMap<usize, Box<str>>,
}

impl Requests {
    /// Takes in an exchange with this number.
    pub(super) fn push(&mut self, number: usize, exchange: &Exchange, jobs: &Jobs) {
        let operation = exchange.request.operation();
        let Ok(response) = &exchange.outcome else {
            return;
        };
        // The usage endpoints leave no event; a store and a receiver of webhooks are other servers.
        if operation.is_account()
            || matches!(operation, Operation::Download(_) | Operation::Delivery(_))
        {
            return;
        }
        let Some(id) = text(exchange, REQUEST_ID) else {
            return;
        };
        if let Some(other) = self.by_id.get_mut(id) {
            other.shared = true;
            return;
        }
        let submission = (operation == Operation::Submit).then(|| {
            match jobs.submitted_by(number) {
                Some(job) => Some(Submission::Accepted {
                    job,
                    delivered: None,
                }),
                // Of an answer that is neither, nothing is known.
                None => response
                    .status
                    .is_client_error()
                    .then_some(Submission::Refused),
            }
        });
        let submission = submission.flatten();
        if let Some(Submission::Accepted { job, .. }) = submission {
            self.by_job.insert(job, id.into());
        }
        let requested = Requested {
            sent: exchange.sent_after.as_micros(),
            ended: ended(exchange),
            date: date(exchange),
            credits: text(exchange, CREDITS_USED).and_then(|text| text.parse().ok()),
            body: match exchange.request.read() {
                Body::Object(object) => Some(canonical_object(object)),
                Body::Malformed | Body::Unreadable => None,
            },
            submission,
            shared: false,
            charged: None,
        };
        self.by_id.insert(id.into(), requested);
        self.oldest_first.push_back(id.into());
        if self.oldest_first.len() > MOST
            && let Some(oldest) = self.oldest_first.pop_front()
            && let Some(Requested {
                submission: Some(Submission::Accepted { job, .. }),
                ..
            }) = self.by_id.remove(&oldest)
        {
            self.by_job.remove(&job);
        }
    }

    /// Notes what was delivered by a job whose merged file was read whole.
    pub(super) fn delivered(&mut self, job: usize, download: &Download<'_>) {
        let Count::Exactly(count) = download.submitted.identifiers else {
            return;
        };
        let (true, Ok(records)) = (download.merged, download.records) else {
            return;
        };
        let id = self.by_job.get(&job);
        if let Some(requested) = id.and_then(|id| self.by_id.get_mut(id)) {
            // A file that lacks someone, or has someone twice, says nothing of the bill.
            let cost = (records.len() == count).then(|| delivered::credits(records));
            requested.submission = Some(Submission::Accepted {
                job,
                delivered: cost.flatten(),
            });
        }
    }

    /// Notes what the event of a request says that it was charged.
    pub(super) fn charged(&mut self, event: &Value) {
        let id = event.get("event_id").and_then(Value::as_str);
        let credits = event.get("credits_used").and_then(Value::as_f64);
        if let (Some(requested), Some(credits)) =
            (id.and_then(|id| self.by_id.get_mut(id)), credits)
        {
            requested.charged = Some(credits);
        }
    }

    /// The request with this id, where it alone has it.
    pub fn find(&self, id: &str) -> Option<&Requested> {
        self.by_id.get(id).filter(|requested| !requested.shared)
    }

    /// The requests whose ids are their own, with these.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Requested)> {
        let own = self.by_id.iter().filter(|(_, requested)| !requested.shared);
        own.map(|(id, requested)| (&**id, requested))
    }
}

impl Requested {
    /// Whether it was answered at least `seconds` before the server was asked in `exchange`: by the server's own clock,
    /// where it shows one, or by that of this machine.
    pub fn is_older_than(&self, seconds: u32, exchange: &Exchange) -> bool {
        let here = exchange.sent_after.as_micros().saturating_sub(self.ended);
        let there = (self.date.zip(date(exchange))).map(|(then, now)| now - then);
        here >= u128::from(seconds) * 1_000_000 || there > Some(i64::from(seconds))
    }
}

/// What a server's clock said when it answered.
pub fn date(exchange: &Exchange) -> Option<i64> {
    let date = DateTime::parse_from_rfc2822(text(exchange, header::DATE.as_str())?).ok()?;
    Some(date.timestamp())
}

/// The value of a header of the response.
fn text<'a>(exchange: &'a Exchange, name: &str) -> Option<&'a str> {
    let response = exchange.outcome.as_ref().ok()?;
    response.headers.get(name)?.to_str().ok()
}

/// Whether a response says that the server has no such path, or not for this account: then nothing is judged.
pub fn is_absent(exchange: &Exchange) -> bool {
    let Ok(response) = &exchange.outcome else {
        return false;
    };
    matches!(
        response.status,
        StatusCode::NOT_FOUND
            | StatusCode::FORBIDDEN
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::GONE
            | StatusCode::NOT_IMPLEMENTED
    ) || response.media_type() == "text/html"
}

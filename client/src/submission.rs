//! What is kept of a submission, and which jobs and requests may be its own.

mod body;
mod fingerprint;
mod window;

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use self::fingerprint::fingerprint;
pub(crate) use self::window::{Fit, Window, created};
use crate::api_key::ApiKey;
use crate::clock::{CLOCK_SKEW, Clock, Now, Sent, earlier};
use crate::generated::contract::submit::accepted;
use crate::{Action, BatchJob, ContactEnrichRequest, Entity};

/// How far back jobs are looked at where nobody knows what the server's clock showed when the request was sent: a clock
/// that is off is mostly off by a time zone.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a job may take to appear in the list.
const LISTED_AFTER: Duration = Duration::from_secs(60);

/// What is known of a submission: enough to recognise its job, and safe to store. It names nobody: of the identifiers it
/// keeps fingerprints only, and of the API key two bytes of one.
///
/// To be safe against a crash in the middle of a submission, keep to this order:
///
/// 1. make one ([`new`](Self::new)) and store it,
/// 2. submit,
/// 3. where that gives an id, store it in the submission's place; where the outcome is unknown, store the error's
///    ([`OutcomeUnknown::submission`](crate::OutcomeUnknown::submission)) in its place; where it was not accepted,
///    remove it.
///
/// After a crash, give each that is left to [`Client::reconcile`](crate::Client::reconcile), and with it all that was
/// stored ([`Reconcile::all_others`](crate::Reconcile::all_others)). One that was stored can be read by later versions of
/// this crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Submission {
    /// When the request was sent, or will be, by this machine's clock.
    pub sent_at: SystemTime,
    /// Identifiers in the request.
    pub identifiers: u64,
    /// Different ones among them, spellings of the same profile not counted twice: the API may count a repeated
    /// identifier once.
    pub distinct_identifiers: u64,
    /// A job's id that the response named, although it was no acceptance.
    #[serde(default)]
    pub batch_id: Option<Uuid>,
    /// Jobs that are known to be others.
    #[serde(default)]
    pub others: HashSet<Uuid>,
    /// Whether `submit` ended without an id for it, so that every id that `submit` gave is another's.
    #[serde(default)]
    pub(crate) is_outcome_unknown: bool,
    /// When the request was sent by the server's clock, if that was known then.
    #[serde(default)]
    sent_at_server: Option<SystemTime>,
    /// How long its response was waited for.
    #[serde(default)]
    pub(crate) lasted: Option<Duration>,
    /// How long after all that it may still leave.
    #[serde(default)]
    pub(crate) leaves_within: Duration,
    /// The request's id, if a response named it.
    #[serde(default)]
    pub(crate) request_id: Option<String>,
    /// Of each identifier.
    #[serde(default)]
    fingerprints: BTreeSet<u64>,
    /// Of the whole body.
    #[serde(default)]
    body: Option<u64>,
    /// Of the API key that it is sent with, if that is known: enough to tell another key, and too little to find this one.
    #[serde(default)]
    key: Option<u16>,
}

impl Submission {
    /// Describes a request that is about to be sent.
    pub fn new(request: &ContactEnrichRequest) -> Self {
        let urls = request.professional_network_profile_urls.as_slice();
        let fingerprints: BTreeSet<_> = urls.iter().map(|url| fingerprint(url)).collect();
        Self {
            sent_at: Now::read().here,
            identifiers: urls.len() as u64,
            distinct_identifiers: fingerprints.len() as u64,
            batch_id: None,
            others: HashSet::new(),
            is_outcome_unknown: false,
            sent_at_server: None,
            lasted: None,
            leaves_within: Duration::ZERO,
            request_id: None,
            fingerprints,
            body: serde_json::to_value(request)
                .ok()
                .map(|body| body::fingerprint(&body)),
            key: None,
        }
    }

    /// Says how long from now the request may still leave: it waits for its turn, or the process may be paused. So long after
    /// a crash nothing proves that it never arrived. The caller sees to it that it does not leave later.
    #[must_use]
    pub fn leaves_within(mut self, time: Duration) -> Self {
        self.leaves_within = time;
        self
    }

    /// Describes a request that is about to be sent, with what the server's clock shows, if that is known.
    pub(crate) fn at(request: &ContactEnrichRequest, clock: &Clock, key: &ApiKey) -> Self {
        Self {
            sent_at_server: clock.now_at_server(Now::read()),
            key: Some(fingerprint::of_key(key)),
            ..Self::new(request)
        }
    }

    /// Describes a request whose outcome is unknown. Where nobody knows when it was sent, it may be any time.
    pub(crate) fn unknown(
        request: &ContactEnrichRequest,
        sent: Option<Sent>,
        request_id: Option<&str>,
        key: &ApiKey,
    ) -> Self {
        Self {
            key: Some(fingerprint::of_key(key)),
            lasted: sent.and_then(|sent| Now::read().here.duration_since(sent.here).ok()),
            request_id: request_id.map(str::to_owned),
            sent_at: sent.map_or(SystemTime::UNIX_EPOCH, |sent| sent.here),
            sent_at_server: sent.and_then(|sent| sent.at_server),
            is_outcome_unknown: true,
            ..Self::new(request)
        }
    }

    /// Whether it was sent with another key, whose account may be another.
    pub(crate) fn is_of_other_key(&self, key: &ApiKey) -> bool {
        self.key.is_some_and(|own| own != fingerprint::of_key(key))
    }

    /// Whether a job with this identifier may be this submission's; unknown of one that was stored without fingerprints.
    #[cfg(feature = "results")]
    pub(crate) fn has(&self, identifier: &str) -> Option<bool> {
        (!self.fingerprints.is_empty())
            .then(|| self.fingerprints.contains(&fingerprint(identifier)))
    }

    /// Whether a request that the account's usage shows, in whichever way, has the body of this submission.
    pub(crate) fn likeness(&self, request: &Value) -> Likeness {
        match body::find(request) {
            Some(body) => self.likeness_of_body(&body),
            None => Likeness::Unreadable,
        }
    }

    /// How many identifiers a request has that the account's usage shows.
    pub(crate) fn identifiers_in(request: &Value) -> Option<u64> {
        let body = body::find(request)?;
        Some(body::identifiers(&body)?.len() as u64)
    }

    fn likeness_of_body(&self, body: &Map<String, Value>) -> Likeness {
        if self.body == Some(body::fingerprint(&Value::Object(body.clone()))) {
            return Likeness::Same;
        }
        let Some(identifiers) = body::identifiers(body) else {
            return Likeness::Unreadable;
        };
        let shown = BTreeSet::from_iter(identifiers.iter().map(|url| fingerprint(url)));
        if self.fingerprints.is_empty() {
            Likeness::Unreadable
        } else if shown == self.fingerprints {
            Likeness::SamePersons
        } else if shown.is_subset(&self.fingerprints) {
            // It may be cut off.
            Likeness::Unreadable
        } else {
            Likeness::Other
        }
    }

    /// Whether not even results tell the jobs of the two apart.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.fingerprints == other.fingerprints
    }

    /// When the request was sent by the server's clock, if that was known then.
    pub(crate) fn sent_at_server(&self) -> Option<SystemTime> {
        self.sent_at_server
    }

    /// What the dates of jobs say about this submission, by what is known of the clocks now.
    pub(crate) fn window(&self, clock: &Clock) -> Window {
        let now = Now::read();
        let server_time = clock.now_at_server(now);
        let translated = clock.at_server(self.sent_at, now).unwrap_or(self.sent_at);
        // Without proof that this machine's clock was behind, nothing is ruled out because it was.
        let sent = self
            .sent_at_server
            .unwrap_or_else(|| translated.min(self.sent_at));
        let latest = self.sent_at_server.unwrap_or(translated);
        let is_in_future = earlier(latest, CLOCK_SKEW) > server_time.unwrap_or(now.here);
        let margin = if self.sent_at_server.is_some() {
            CLOCK_SKEW
        } else {
            DAY
        };
        Window {
            certain_from: earlier(sent, CLOCK_SKEW),
            possible_from: (!is_in_future).then(|| earlier(sent, margin)),
            is_listed: server_time.is_some_and(|now| {
                !is_in_future
                    && now
                        .duration_since(latest)
                        .is_ok_and(|age| age >= LISTED_AFTER.saturating_add(self.leaves_within))
            }),
            server_time,
            earliest: sent,
            margin,
        }
    }

    /// Whether the job is this submission's, as far as the job tells. What it leaves out, and what nobody has heard of,
    /// rules nothing out.
    pub(crate) fn fit(&self, job: &BatchJob, window: &Window) -> Fit {
        let known = |count: Option<u64>| count.filter(|count| *count > 0);
        let fits =
            |count| Fit::from((self.distinct_identifiers..=self.identifiers).contains(&count));
        let criteria = [
            Fit::from(!self.others.contains(&job.batch_id)),
            match Entity::from(job.entity.as_str()) {
                Entity::Other(_) => Fit::Unclear,
                entity => Fit::from(entity.as_str() == accepted::ENTITY),
            },
            match Action::from(job.action.as_str()) {
                Action::Other(_) => Fit::Unclear,
                action => Fit::from(action.as_str() == accepted::ACTION),
            },
            window.fit(job),
            known(job.identifier_count).map_or(Fit::Unclear, fits),
            // It equals the other count, so nothing is lost where it is left out.
            known(job.entities_requested).map_or(Fit::Yes, fits),
        ];
        criteria.into_iter().fold(Fit::Yes, Ord::min)
    }
}

/// How a request that the account's usage shows compares with a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// The same body.
    Same,
    /// The same identifiers, and something else that differs.
    SamePersons,
    /// Other identifiers.
    Other,
    /// It can't be told.
    Unreadable,
}

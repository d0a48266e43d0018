//! What is kept of a submission, and which jobs may be its own.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::{CLOCK_SKEW, Clock, Sent};
use crate::generated::contract::submit::accepted;
use crate::request::normal;
use crate::{Action, BatchJob, ContactEnrichRequest, Entity, Timestamp};

/// How far back jobs are looked at where nobody knows what the server's clock showed when the request was sent: a clock
/// that is off is mostly off by a time zone.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a job may take to appear in the list.
const LISTED_AFTER: Duration = Duration::from_secs(60);
/// The year 2000. No job is as old: a date before it is some language's zero, and stands for none.
const FIRST_DATE: Duration = Duration::from_secs(946_684_800);

/// What is known of a submission: enough to recognise its job, and safe to store. It names nobody: of the identifiers it
/// keeps fingerprints only.
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
    /// Of each identifier.
    #[serde(default)]
    fingerprints: BTreeSet<u64>,
}

impl Submission {
    /// Describes a request that is about to be sent.
    pub fn new(request: &ContactEnrichRequest) -> Self {
        let urls = request.professional_network_profile_urls.as_slice();
        let fingerprints: BTreeSet<_> = urls.iter().map(|url| fingerprint(url)).collect();
        Self {
            sent_at: SystemTime::now(),
            identifiers: urls.len() as u64,
            distinct_identifiers: fingerprints.len() as u64,
            batch_id: None,
            others: HashSet::new(),
            is_outcome_unknown: false,
            sent_at_server: None,
            fingerprints,
        }
    }

    /// Describes a request whose outcome is unknown. Where it is not known when it was sent, any time since may be it.
    pub(crate) fn unknown(request: &ContactEnrichRequest, sent: Option<Sent>) -> Self {
        Self {
            sent_at: sent.map_or(SystemTime::UNIX_EPOCH, |sent| sent.here),
            sent_at_server: sent.and_then(|sent| sent.at_server),
            is_outcome_unknown: true,
            ..Self::new(request)
        }
    }

    /// Whether a job with this identifier may be this submission's; unknown of one that was stored without fingerprints.
    #[cfg(feature = "results")]
    pub(super) fn has(&self, identifier: &str) -> Option<bool> {
        (!self.fingerprints.is_empty())
            .then(|| self.fingerprints.contains(&fingerprint(identifier)))
    }

    /// Whether not even results tell the jobs of the two apart.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.fingerprints == other.fingerprints
    }

    /// What the dates of jobs say about this submission, by what is known of the clocks now.
    pub(super) fn window(&self, clock: &Clock) -> Window {
        let server_time = clock.now_at_server();
        let translated = clock.at_server(self.sent_at).unwrap_or(self.sent_at);
        // Without proof that this machine's clock was behind, nothing is ruled out because it was.
        let sent = self
            .sent_at_server
            .unwrap_or_else(|| translated.min(self.sent_at));
        let latest = self.sent_at_server.unwrap_or(translated);
        let before = |time: SystemTime, by| time.checked_sub(by).unwrap_or(SystemTime::UNIX_EPOCH);
        let is_in_future = before(latest, CLOCK_SKEW) > server_time.unwrap_or_else(SystemTime::now);
        let margin = if self.sent_at_server.is_some() {
            CLOCK_SKEW
        } else {
            DAY
        };
        Window {
            certain_from: before(sent, CLOCK_SKEW),
            possible_from: (!is_in_future).then(|| before(sent, margin)),
            is_listed: server_time.is_some_and(|now| {
                !is_in_future
                    && now
                        .duration_since(latest)
                        .is_ok_and(|age| age >= LISTED_AFTER)
            }),
            server_time,
        }
    }

    /// Whether the job is this submission's, as far as the job tells. What it leaves out, and what nobody has heard of,
    /// rules nothing out.
    pub(super) fn fit(&self, job: &BatchJob, window: &Window) -> Fit {
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

/// Which dates a submission's job may bear.
#[derive(Debug)]
pub(super) struct Window {
    /// Jobs since then fit.
    certain_from: SystemTime,
    /// Jobs before that don't fit. None where nothing can be said of when the request was sent.
    possible_from: Option<SystemTime>,
    /// Whether the submission's job would stand in the list by now.
    pub(super) is_listed: bool,
    pub(super) server_time: Option<SystemTime>,
}

impl Window {
    fn fit(&self, job: &BatchJob) -> Fit {
        match created(job) {
            Some(at) if at >= self.certain_from => Fit::Yes,
            _ if self.is_after(job) => Fit::No,
            _ => Fit::Unclear,
        }
    }

    /// Whether the job is too old.
    pub(super) fn is_after(&self, job: &BatchJob) -> bool {
        created(job)
            .zip(self.possible_from)
            .is_some_and(|(at, from)| at < from)
    }
}

/// When the job was created, if it says so.
pub(super) fn created(job: &BatchJob) -> Option<SystemTime> {
    let at = job
        .created_at
        .as_ref()
        .and_then(Timestamp::to_system_time)?;
    let since = at.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    (since >= FIRST_DATE).then_some(at)
}

/// Whether a job is a submission's, from the worst to the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    No,
    Unclear,
    Yes,
}

impl From<bool> for Fit {
    fn from(fits: bool) -> Self {
        if fits { Self::Yes } else { Self::No }
    }
}

/// FNV-1a of what all spellings of an identifier have in common. It is stored, so it stays the same in all versions and
/// on all machines, which the standard library's hashes don't promise.
fn fingerprint(identifier: &str) -> u64 {
    normal(identifier)
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests {
    //! Here, since nobody else sees a fingerprint.

    use super::fingerprint;

    /// The published values of FNV-1a for these texts.
    #[test]
    fn a_fingerprint_never_changes() {
        assert_eq!(fingerprint(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint("https://www.FOOBAR/"), 0x8594_4171_f739_67e8);
    }
}

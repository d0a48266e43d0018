//! The links of a job to its results files, and what was read from them, in as few bytes as will do.

use crate::exchange::Exchange;
use crate::generated::contract::limits;

/// The most links of one job that are followed.
const MOST_LINKS: usize = 1_000;

/// How the merged file of a job and its parts compare.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// How many parts there are.
    pub parts: usize,
    /// How many records the merged file has.
    pub merged: usize,
    /// How many records the parts have together.
    pub together: usize,
    /// Whether those are the same records.
    pub same: bool,
}

/// The links of a job, in the form of their fingerprints, and what was read from them.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// When they were given last, in microseconds.
    given: u128,
    result_count: Option<i128>,
    merged: Option<u64>,
    parts: Box<[u64]>,
    /// The links that are followed: those of earlier states, too.
    followed: Vec<u64>,
    read: Vec<Contents>,
}

/// A file that was read: its link, how many records it has, and their fingerprint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contents {
    pub(super) link: u64,
    pub(super) records: usize,
    pub(super) fingerprint: u64,
}

impl Links {
    /// Takes note of the links of one state.
    pub(super) fn set(
        &mut self,
        given: u128,
        result_count: Option<i128>,
        merged: Option<u64>,
        parts: Box<[u64]>,
    ) {
        self.given = given;
        self.result_count = result_count;
        self.merged = merged;
        self.parts = parts;
    }

    /// The links, each with whether it is that of the merged file.
    pub(super) fn all(&self) -> Vec<(u64, bool)> {
        let merged = self.merged.map(|link| (link, true));
        let parts = self.parts.iter().map(|part| (*part, false));
        merged.into_iter().chain(parts).collect()
    }

    /// Whether they need not work any more when this exchange is sent.
    pub(super) fn are_expired(&self, exchange: &Exchange) -> bool {
        let since = exchange.sent_after.as_micros().saturating_sub(self.given);
        since > u128::from(limits::DOWNLOAD_LINK_DAYS) * 24 * 60 * 60 * 1_000_000
    }

    /// Whether this link may be followed, too.
    pub(super) fn follow(&mut self, link: u64) -> bool {
        let may = self.followed.len() < MOST_LINKS;
        if may {
            self.followed.reserve_exact(1);
            self.followed.push(link);
        }
        may
    }

    /// The links that are followed.
    pub(super) fn followed(&self) -> &[u64] {
        &self.followed
    }

    /// Notes what was read from this link: the `result_count`, and how the parts compare if this is the last of
    /// them; `None` where it was read before.
    pub(super) fn fetched(
        &mut self,
        link: u64,
        read: Option<Contents>,
    ) -> Option<(Option<i128>, Option<Parts>)> {
        if let Some(before) = self.read.iter().find(|before| before.link == link) {
            // The same file again says nothing new, but one that is gone, or another one, does.
            let is_same = read.is_some_and(|read| read.fingerprint == before.fingerprint);
            return (!is_same).then_some((self.result_count, None));
        }
        self.read.extend(read);
        let parts = read.and_then(|_| self.compare());
        Some((self.result_count, parts))
    }

    /// How the parts compare with the merged file, if all of them were read.
    fn compare(&self) -> Option<Parts> {
        let find = |link: &u64| self.read.iter().find(|read| read.link == *link);
        let merged = find(self.merged.as_ref()?)?;
        let parts: Vec<&Contents> = self.parts.iter().map(find).collect::<Option<_>>()?;
        let together = parts.iter().map(|part| part.records).sum();
        let sum = (parts.iter()).fold(0u64, |sum, part| sum.wrapping_add(part.fingerprint));
        (!parts.is_empty()).then_some(Parts {
            parts: parts.len(),
            merged: merged.records,
            together,
            same: merged.records == together && merged.fingerprint == sum,
        })
    }
}

//! What all journals make of what they have stored: how a row is answered, who fits into one request, and which lists are the
//! same.

use crustdata_batch::Uuid;

use crate::ask::Ask;
use crate::list::{Answer, ListSpec, Outcome};

/// The evidence that somebody's word is.
pub(crate) const BY_HAND: &str = "decided by hand";

/// How a row is answered, by whether it names anybody, the person's state and the chunk's.
pub(crate) fn outcome(is_valid: bool, person: Option<&str>, chunk: Option<&str>) -> Outcome {
    match (is_valid, person, chunk) {
        (false, ..) => Outcome::Invalid,
        (_, Some("found"), _) => Outcome::Found,
        (_, Some("empty"), _) => Outcome::Empty,
        (_, Some("failed"), _) => Outcome::Failed,
        (_, Some("submitted"), Some("sent" | "unknown")) => Outcome::Indeterminate,
        _ => Outcome::Pending,
    }
}

/// How many of these people fit into one request, by what each of them waits for, and the most that a request with them may
/// have.
pub(crate) fn fitting<'a>(people: impl Iterator<Item = (&'a str, Option<usize>)>) -> usize {
    let mut first = None;
    let alike = people.take_while(|(ask, _)| first.get_or_insert(*ask) == ask);
    let least = alike.scan(usize::MAX, |least, (_, most)| {
        *least = most.map_or(*least, |most| most.min(*least));
        Some(*least)
    });
    let fits = |(place, least): &(usize, usize)| place < least;
    least.enumerate().take_while(fits).count()
}

/// Each of these asks with each other one whose answers are good for it.
pub(crate) fn wider(asks: &[String]) -> impl Iterator<Item = (&String, &String)> {
    let pairs = asks
        .iter()
        .flat_map(|ask| asks.iter().map(move |other| (ask, other)));
    pairs.filter(|(ask, other)| {
        let parsed = (Ask::parse(ask), Ask::parse(other));
        ask != other && matches!(parsed, (Some(ask), Some(other)) if other.covers(&ask))
    })
}

/// A row with its answer, as it is stored.
pub(crate) struct Answered {
    pub(crate) row: i64,
    pub(crate) content: String,
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<String>,
    pub(crate) record: Option<String>,
    pub(crate) batch_id: Option<String>,
    pub(crate) submission: Option<i64>,
    pub(crate) is_repeated: bool,
}

impl From<Answered> for Answer {
    fn from(stored: Answered) -> Self {
        let reason = match stored.outcome {
            Outcome::Found => None,
            Outcome::Indeterminate => Some(format!(
                "submission {} may have been accepted or not: see `status`",
                stored.submission.unwrap_or_default()
            )),
            Outcome::Empty => Some("no contacts are known".to_owned()),
            Outcome::Pending => Some("it is not answered yet: resume".to_owned()),
            Outcome::Invalid | Outcome::Failed => stored.reason,
        };
        Self {
            row: stored.row as u64,
            content: serde_json::from_str(&stored.content).unwrap_or_default(),
            outcome: stored.outcome,
            reason,
            record: (stored.record).and_then(|text| serde_json::from_str(&text).ok()),
            is_repeated: stored.is_repeated,
            batch_id: (stored.batch_id).and_then(|id| Uuid::parse_str(&id).ok()),
        }
    }
}

/// Tells two lists apart: FNV-1a over all rows. It is kept, so it stays the same in all versions.
pub(crate) struct Fingerprint(u128);

impl Fingerprint {
    /// Of a list without rows. How old answers may be is part of it: with another age, other people of the same rows are
    /// to be submitted.
    pub(crate) fn new(spec: &ListSpec) -> Self {
        let mut begun = Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        if let Some(age) = spec.max_age {
            begun.add(&age.to_string());
        }
        begun
    }

    pub(crate) fn add(&mut self, text: &str) {
        // The byte at the end is in no text.
        for byte in text.bytes().chain([0xff]) {
            self.0 ^= u128::from(byte);
            self.0 = self
                .0
                .wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    pub(crate) fn text(&self) -> String {
        format!("{:032x}", self.0)
    }
}

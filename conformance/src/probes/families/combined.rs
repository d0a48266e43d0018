//! Valid submissions in which each two features stand together.

use serde_json::Value;

use super::covering::covering;
use crate::generated::contract::submit::{chunk_size, fields, identifiers};
use crate::probes::submission::{Contents, Spelling};

/// Gives plain contents the features of a row; the webhook is the one that it names, where it names one.
pub(in crate::probes) type Edit = Box<dyn FnOnce(&mut Contents, String)>;

const COUNTS: [usize; 4] = [
    // In parts, of which the last is not whole; and refused where the limit is off by one.
    identifiers::MAX - 1,
    1,
    3,
    chunk_size::MIN as usize,
];
const CHUNK_SIZES: [Option<u32>; 4] = [
    Some(chunk_size::MIN),
    None,
    Some(chunk_size::DEFAULT),
    Some(chunk_size::MAX),
];
const SPELLINGS: [&[Spelling]; 3] = [&[Spelling::Capitals], &[Spelling::Slash], Spelling::PLAIN];

/// The features of valid submissions, those first that can reveal most: spellings that a server may refuse, in both forms,
/// then rows in which each two features stand together, each with a set of fields that is another as long as there are some.
pub(in crate::probes) fn acceptances() -> Vec<Edit> {
    let spelled = Spelling::OPEN.into_iter().flat_map(|spellings| {
        [false, true].map(|urls_string| {
            let edit = move |contents: &mut Contents, _: String| {
                contents.count = 2 * spellings.len();
                contents.spellings = spellings;
                contents.urls_string = urls_string;
            };
            Box::new(edit) as Edit
        })
    });
    let levels = [COUNTS.len(), CHUNK_SIZES.len(), SPELLINGS.len(), 3, 2, 2, 2];
    let sets = sets();
    let rows = covering(&levels, 2).into_iter().enumerate();
    let combined = rows.map(|(n, row)| {
        let mut fields = sets[n % sets.len()].clone();
        if row[6] == 1 {
            fields.reverse();
        }
        let edit = move |contents: &mut Contents, webhook_url: String| {
            contents.count = COUNTS[row[0]];
            contents.chunk_size = CHUNK_SIZES[row[1]].map(Value::from);
            contents.fields = Some(fields);
            contents.spellings = SPELLINGS[row[2]];
            contents.webhook_url = match row[3] {
                0 => Some(webhook_url),
                1 => Some(format!("{webhook_url}?n=1&next=a%20b")),
                _ => None,
            };
            contents.urls_string = row[4] == 1;
            contents.fields_string = row[5] == 1;
        };
        Box::new(edit) as Edit
    });
    spelled.chain(combined).collect()
}

/// Every set of fields: those with several first, and of these the ones that differ most from the one before.
fn sets() -> Vec<Vec<&'static str>> {
    let all = 1u32 << fields::VALUES.len();
    let mut sets: Vec<u32> = (1..all).collect();
    sets.sort_by_key(|set| (set.count_ones() == 1, set.count_ones().abs_diff(2), *set));
    let fields = |set: u32| {
        let fields = fields::VALUES.iter().enumerate();
        let chosen = fields.filter(move |(place, _)| set & (1 << place) != 0);
        chosen.map(|(_, field)| *field).collect()
    };
    sets.into_iter().map(fields).collect()
}

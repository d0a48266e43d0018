//! Valid submissions in which each two features stand together.

use serde_json::Value;

use super::covering::covering;
use crate::generated::contract::submit::{chunk_size, fields};
use crate::probes::submission::{Contents, Spelling};

/// Gives plain contents the features of a row; the webhook is the one that it names, where it names one.
pub(in crate::probes) type Edit = Box<dyn FnOnce(&mut Contents, String)>;

const COUNTS: [usize; 4] = [
    2 * chunk_size::MIN as usize + 1,
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
const SPELLINGS: [Spelling; 3] = [Spelling::Capitals, Spelling::Slash, Spelling::Plain];

pub(in crate::probes) fn acceptances() -> Vec<Edit> {
    let sizes = fields::VALUES.len();
    let levels = [
        COUNTS.len(),
        CHUNK_SIZES.len(),
        sizes,
        SPELLINGS.len(),
        3,
        2,
        2,
        2,
    ];
    // How often each number of fields has been taken: each time, other fields are.
    let mut taken = vec![0; sizes];
    let rows = covering(&levels, 2).into_iter().map(|row| {
        let mut fields = subset(row[2] + 1, taken[row[2]]);
        taken[row[2]] += 1;
        if row[7] == 1 {
            fields.reverse();
        }
        let edit = move |contents: &mut Contents, webhook_url: String| {
            contents.count = COUNTS[row[0]];
            contents.chunk_size = CHUNK_SIZES[row[1]].map(Value::from);
            contents.fields = Some(fields);
            contents.spelling = SPELLINGS[row[3]];
            contents.webhook_url = match row[4] {
                0 => Some(webhook_url),
                1 => Some(format!("{webhook_url}?n=1&next=a%20b")),
                _ => None,
            };
            contents.urls_string = row[5] == 1;
            contents.fields_string = row[6] == 1;
        };
        Box::new(edit) as Edit
    });
    rows.collect()
}

/// The `n`-th choice of `size` fields, which begins anew after the last one.
fn subset(size: usize, n: usize) -> Vec<&'static str> {
    let sets: Vec<Vec<&str>> = (0u32..1 << fields::VALUES.len())
        .filter(|set| set.count_ones() as usize == size)
        .map(|set| {
            let fields = fields::VALUES.iter().enumerate();
            let chosen = fields.filter(|(place, _)| set & (1 << place) != 0);
            chosen.map(|(_, field)| *field).collect()
        })
        .collect();
    sets[n % sets.len()].clone()
}

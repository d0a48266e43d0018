//! `submit.chunk-size`

use std::collections::HashSet;

use crate::checks::acceptance;
use crate::checks::acceptance::Clause;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Feature;
use crate::generated::contract::submit::{
    chunk_size::MAX as CHUNK_SIZE_MAX, chunk_size::MIN as CHUNK_SIZE_MIN,
};

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.chunk-size",
    level: Level::Must,
    text: "{submit::chunk_size::MIN}, {submit::chunk_size::MAX} and an absent `chunk_size` are accepted.",
    source: "the submission page: `chunk_size`",
    fix: Fix::in_server(
        "Count both bounds, {submit::chunk_size::MIN} and {submit::chunk_size::MAX}, as valid, and take {submit::chunk_size::DEFAULT} where the key is absent.",
    ),
    applies: |request| MINE.iter().any(|mine| acceptance::uses(request, *mine)),
    needs: Needs::COMPARED,
    judge: Judge::Acceptance(Clause {
        mine: Some(|feature| MINE.contains(&feature)),
        not_covered,
        brings: None,
    }),
};

const MINE: [Feature; 3] = [
    Feature::MinChunkSize,
    Feature::MaxChunkSize,
    Feature::NoChunkSize,
];

fn not_covered(accepted: &HashSet<Feature>) -> Option<String> {
    let missing = MINE.iter().find(|mine| !accepted.contains(mine))?;
    let case = match missing {
        Feature::MinChunkSize => format!("a `chunk_size` of {CHUNK_SIZE_MIN}"),
        Feature::MaxChunkSize => format!("a `chunk_size` of {CHUNK_SIZE_MAX}"),
        _ => "an absent `chunk_size`".to_owned(),
    };
    Some(format!("{case} was not seen accepted"))
}

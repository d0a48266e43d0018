//! `submit.chunk-size`

use super::super::acceptance;
use super::super::{Check, Judge, Level, Needs, Observation};
use crate::contract::expectation::Feature;
use crate::evidence::Evidence;
use crate::generated::contract::{CHUNK_SIZE_MAX, CHUNK_SIZE_MIN};

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.chunk-size",
    level: Level::Must,
    text: "{CHUNK_SIZE_MIN}, {CHUNK_SIZE_MAX} and an absent `chunk_size` are accepted.",
    source: "the submission page: `chunk_size`",
    applies: |request| MINE.iter().any(|mine| acceptance::uses(request, *mine)),
    needs: Needs::COMPARED,
    judge: Judge::Acceptance(judge),
};

const MINE: [Feature; 3] = [
    Feature::MinChunkSize,
    Feature::MaxChunkSize,
    Feature::NoChunkSize,
];

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let mut observations = acceptance::judge_features(evidence, |feature| MINE.contains(&feature));
    let accepted = &evidence.account.accepted_features;
    for mine in MINE.iter().filter(|mine| !accepted.contains(mine)) {
        let case = match mine {
            Feature::MinChunkSize => format!("a `chunk_size` of {CHUNK_SIZE_MIN}"),
            Feature::MaxChunkSize => format!("a `chunk_size` of {CHUNK_SIZE_MAX}"),
            _ => "an absent `chunk_size`".to_owned(),
        };
        observations.push(Observation::not_covered(format!(
            "{case} was not seen accepted"
        )));
    }
    observations
}

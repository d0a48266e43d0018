//! `submit.fields-supported`

use super::super::acceptance;
use super::super::{Check, Judge, Level, Needs, Observation};
use crate::contract::expectation::Feature;
use crate::evidence::Evidence;
use crate::generated::contract::CONTACT_FIELDS;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.fields-supported",
    level: Level::Must,
    text: "Each of the supported fields is accepted, alone and with others.",
    source: "the submission page: `fields`",
    applies: |request| request.expectation().valid().is_some(),
    needs: Needs::COMPARED,
    judge: Judge::Acceptance(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let mut observations =
        acceptance::judge_features(evidence, |feature| matches!(feature, Feature::Fields(_)));
    let accepted: Vec<u32> = evidence
        .account
        .accepted_features
        .iter()
        .filter_map(|feature| match feature {
            Feature::Fields(set) => Some(*set),
            _ => None,
        })
        .collect();
    for (n, field) in CONTACT_FIELDS.iter().enumerate() {
        let alone = 1u32 << n;
        let with_others = |set: &u32| set & alone != 0 && *set != alone;
        for (how, seen) in [
            ("alone", accepted.contains(&alone)),
            ("with others", accepted.iter().any(with_others)),
        ] {
            if !seen {
                let untried = format!("`{field}` {how} was not seen accepted");
                observations.push(Observation::not_covered(untried));
            }
        }
    }
    observations
}

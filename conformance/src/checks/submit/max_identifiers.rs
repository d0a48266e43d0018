//! `submit.max-identifiers`

use super::super::acceptance;
use super::super::{Check, Judge, Level, Needs};
use crate::contract::expectation::Feature;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.max-identifiers",
    level: Level::Must,
    text: "Exactly {IDENTIFIERS_MAX} identifiers are accepted.",
    source: "the submission page: `professional_network_profile_urls`",
    applies: |request| acceptance::uses(request, Feature::MaxIdentifiers),
    needs: Needs::COMPARED,
    judge: Judge::Acceptance(|evidence| {
        acceptance::judge_feature(evidence, Feature::MaxIdentifiers)
    }),
};

//! `submit.fields-string`

use super::super::acceptance;
use super::super::{Check, Judge, Level, Needs};
use crate::contract::expectation::Feature;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.fields-string",
    level: Level::Must,
    text: "The fields may come as one comma-separated string.",
    source: "the submission page: `fields`",
    applies: |request| acceptance::uses(request, Feature::FieldsString),
    needs: Needs::COMPARED,
    judge: Judge::Acceptance(|evidence| acceptance::judge_feature(evidence, Feature::FieldsString)),
};

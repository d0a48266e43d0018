//! `submit.fields-string`

use crate::checks::acceptance;
use crate::checks::acceptance::Clause;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::delivered::Way;
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Feature;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.fields-string",
    level: Level::Must,
    text: "The fields may come as one comma-separated string.",
    source: "the submission page: `fields`",
    fix: Fix::in_both(
        "Split a string at its commas first, and hand the list to the same code that takes a list.",
        "Send a list: it needs no splitting.",
    ),
    applies: |request| acceptance::uses(request, Feature::FieldsString),
    needs: Needs::FILES,
    judge: Judge::Acceptance(
        Clause::of(|feature| feature == Feature::FieldsString)
            .bringing(|way| way == Way::FieldsString),
    ),
};

//! `submit.fields-supported`

use std::collections::HashSet;

use crate::checks::acceptance::Clause;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::delivered::Way;
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Feature;
use crate::generated::contract::submit::fields;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.fields-supported",
    level: Level::Must,
    text: "Each of the supported fields is accepted, alone and with others.",
    source: "the submission page: `fields`",
    fix: Fix::in_server(
        "Check each value by itself against `{submit::fields::VALUES}`, so that each is accepted alone and in every combination and order.",
    ),
    applies: |request| request.expectation().valid().is_some(),
    needs: Needs::FILES,
    judge: Judge::Acceptance(Clause {
        mine: Some(|feature| matches!(feature, Feature::Fields(_))),
        not_covered,
        brings: Some(|way| matches!(way, Way::Fields(_))),
    }),
};

fn not_covered(accepted: &HashSet<Feature>) -> Option<String> {
    let sets = || {
        accepted.iter().filter_map(|feature| match feature {
            Feature::Fields(set) => Some(*set),
            _ => None,
        })
    };
    fields::VALUES.iter().enumerate().find_map(|(n, field)| {
        let alone = 1u32 << n;
        let how = if !sets().any(|set| set == alone) {
            "alone"
        } else if !sets().any(|set| set & alone != 0 && set != alone) {
            "with others"
        } else {
            return None;
        };
        Some(format!("`{field}` {how} was not seen accepted"))
    })
}

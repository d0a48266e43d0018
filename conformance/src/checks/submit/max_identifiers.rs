//! `submit.max-identifiers`

use crate::checks::acceptance;
use crate::checks::acceptance::Clause;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Feature;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.max-identifiers",
    level: Level::Must,
    text: "Exactly {submit::identifiers::MAX} identifiers are accepted.",
    source: "the submission page: `professional_network_profile_urls`",
    fix: Fix::in_both(
        "Refuse more than {submit::identifiers::MAX}, not {submit::identifiers::MAX} itself; and let no limit on the size of a body, in the server or a gateway before it, be lower than so many need.",
        "Split longer lists into jobs of at most {submit::identifiers::MAX}.",
    ),
    applies: |request| acceptance::uses(request, Feature::MaxIdentifiers),
    needs: Needs::COMPARED,
    judge: Judge::Acceptance(Clause::of(|feature| feature == Feature::MaxIdentifiers)),
};

//! `reject.chunk-size`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.chunk-size",
    level: Level::Must,
    text: "A `chunk_size` below {submit::chunk_size::MIN} or above {submit::chunk_size::MAX}: {status_code::BAD_REQUEST}.",
    source: "the submission page: `chunk_size`",
    fix: Fix::in_both(
        "Answer {status_code::BAD_REQUEST} below {submit::chunk_size::MIN} and above {submit::chunk_size::MAX}; don't move the value into the range.",
        "Check the range before you send.",
    ),
    applies: |request| request.expectation().refused_only_for(Reason::ChunkSize),
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::ChunkSize),
};

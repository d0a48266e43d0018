//! `reject.chunk-size`

use super::super::{Check, Judge, Level, Needs};
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.chunk-size",
    level: Level::Must,
    text: "A `chunk_size` below {submit::chunk_size::MIN} or above {submit::chunk_size::MAX}: {status_code::BAD_REQUEST}.",
    source: "the submission page: `chunk_size`",
    applies: |request| request.expectation().refused_only_for(Reason::ChunkSize),
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::ChunkSize),
};

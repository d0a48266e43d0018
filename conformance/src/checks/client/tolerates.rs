//! `client.tolerates`

use crate::checks::check::{Check, Level};
use crate::checks::client::not_shown::NOT_SHOWN;
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.tolerates",
    level: Level::Must,
    text: "Whatever the contract leaves open does not break it: 200, 201 and 202; extra keys; absent optional keys; unknown `action` values in the list; `metadata` as object or list; `result_count` 0 with a link to nothing.",
    source: "what the contract leaves open",
    fix: Fix::in_client(
        "Read only the keys that you need, take every 2xx for success, and have a case for values that you don't know.",
    ),
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: NOT_SHOWN,
};

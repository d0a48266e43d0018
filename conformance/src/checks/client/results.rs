//! `client.results`

use crate::checks::check::{Check, Level};
use crate::checks::client::not_shown::NOT_SHOWN;
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.results",
    level: Level::Doc,
    text: "Its records are those of the results: unpacked, all parts once, both record shapes, records without contacts kept, join by identifier and not by order.",
    source: "the provider's documentation: results",
    fix: Fix::in_client(
        "Unpack all gzip members, read either the merged file or every part, accept both shapes of a record, keep those without contacts, and join by `original_identifier`.",
    ),
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: NOT_SHOWN,
};

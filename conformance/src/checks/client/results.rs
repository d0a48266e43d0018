//! `client.results`

use crate::checks::check::{Check, Level};
use crate::checks::client::not_shown::NOT_SHOWN;
use crate::checks::needs::Needs;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.results",
    level: Level::Doc,
    text: "Its records are those of the results: unpacked, all parts once, both record shapes, records without contacts kept, join by identifier and not by order.",
    source: "the provider's documentation: results",
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: NOT_SHOWN,
};

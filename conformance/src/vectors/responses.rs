//! What a client must understand, in all.

use super::case::ResponseCase;
use super::reads::{jobs, lists, results};
use super::submissions::{refusals, submissions};

pub(super) fn cases() -> Vec<ResponseCase> {
    [submissions(), refusals(), jobs(), lists(), results()]
        .into_iter()
        .flatten()
        .collect()
}

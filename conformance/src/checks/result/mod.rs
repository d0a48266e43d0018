//! The checks of a results file: one file for each `result.*` clause.

pub(super) mod count;
pub(super) mod envelope;
pub(super) mod every_identifier;
pub(super) mod gzip_jsonl;
pub(super) mod parts;
pub(super) mod presigned;
pub(super) mod requested_kinds;
pub(super) mod shorthand;

use super::jobs;
use crate::contract::request::Operation;
use crate::exchange::Request;

/// Whether answers to `request` lead to a results file: it makes a job, asks for one, or fetches a file.
fn downloads(request: &Request) -> bool {
    jobs::makes_or_asks(request) || matches!(request.operation(), Operation::Download(_))
}

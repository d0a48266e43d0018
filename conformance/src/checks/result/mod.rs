//! The checks of a results file: one file for each `result.*` clause.

pub(super) mod count;
pub(super) mod envelope;
pub(super) mod every_identifier;
pub(super) mod gzip_jsonl;
pub(super) mod parts;
pub(super) mod presigned;
pub(super) mod requested_kinds;
pub(super) mod shorthand;

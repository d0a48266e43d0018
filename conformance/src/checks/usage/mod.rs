//! The checks of what requests were charged: one file for each `usage.*` clause.

pub(super) mod credits_header;
pub(super) mod expected;
pub(super) mod request_body;
pub(crate) mod request_id;
pub(super) mod shape;
pub(super) mod sum;
pub(super) mod unknown_id;

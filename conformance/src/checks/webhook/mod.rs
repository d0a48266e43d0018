//! The checks of the webhook: one file for each `webhook.*` clause.

pub(super) mod post;

//! The checks of the account's balance and of what it may call: one file for each `account.*` clause.

pub(super) mod authorization;
pub(super) mod credits;
pub(super) mod endpoints;
pub(super) mod free;
pub(super) mod version;

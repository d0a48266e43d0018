//! The checks of the list of jobs: one file for each `list.*` clause.

pub(super) mod authorization;
pub(super) mod contains;
pub(super) mod limit;
pub(super) mod order;
pub(super) mod pages;
pub(super) mod shape;
pub(super) mod status_filter;

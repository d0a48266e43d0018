//! The checks of an accepted submission: one file for each `submit.*` clause.

pub(super) mod accepted;
pub(super) mod action;
pub(super) mod batch_id;
pub(super) mod chunk_size;
pub(super) mod entities_requested;
pub(super) mod entity;
pub(super) mod fields_string;
pub(super) mod fields_supported;
pub(super) mod identifier_count;
pub(super) mod max_identifiers;
pub(super) mod no_data;
pub(super) mod required_keys;
pub(super) mod status_pending;
pub(super) mod status_url;
pub(super) mod urls_string;
pub(super) mod webhook_url;

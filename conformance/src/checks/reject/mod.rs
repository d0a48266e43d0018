//! The checks of a refused submission: one file for each `reject.*` clause.

pub(super) mod available_fields;
pub(super) mod chunk_size;
pub(super) mod empty_fields;
pub(super) mod error_body;
pub(super) mod malformed_body;
pub(super) mod missing_api_version;
pub(super) mod missing_authorization;
pub(super) mod missing_fields;
pub(super) mod missing_identifiers;
pub(super) mod no_job;
pub(super) mod other_api_version;
pub(super) mod other_identifier;
pub(super) mod too_many_identifiers;
pub(super) mod unknown_key;
pub(super) mod unsupported_field;

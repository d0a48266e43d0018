//! The files of the project that several verbs read, by their paths below the workspace root.

/// The OpenAPI document.
pub(crate) const DOCUMENT: &str = "openapi/crustdata-batch.yaml";

//! The files that are read, by their paths below the workspace root.

/// The page of the clauses, which the suite renders.
pub(super) const CLAUSES: &str = "docs/clauses.md";
/// The file with the table of clauses, which is rendered into it.
pub(super) const README: &str = "openapi/README.md";
/// The page on the API, which is rendered.
pub(super) const PAGE: &str = "docs/api.md";

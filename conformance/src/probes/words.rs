//! Words that a submission must not have, which several families send.

/// An earlier and a later version, and a word that is no version.
pub(super) const OTHER_VERSIONS: [&str; 3] = ["1999-12-31", "2099-12-31", "latest"];

/// Identifier types of sister endpoints.
pub(super) const OTHER_IDENTIFIERS: &[&str] = &["business_emails", "names"];

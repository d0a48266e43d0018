//! What a preflight is about: a request, or a number of persons.

use crate::ContactEnrichRequest;

/// What a preflight is about, made from a request or a number of persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreflightSubject {
    pub(super) identifiers: u64,
    pub(super) verified: bool,
    /// None, where only the number of persons is known.
    fields: Vec<String>,
}

impl From<u64> for PreflightSubject {
    fn from(identifiers: u64) -> Self {
        Self {
            identifiers,
            verified: false,
            fields: Vec::new(),
        }
    }
}

impl From<&ContactEnrichRequest> for PreflightSubject {
    fn from(request: &ContactEnrichRequest) -> Self {
        let fields = request.fields.as_slice().iter();
        Self {
            identifiers: request.professional_network_profile_urls.as_slice().len() as u64,
            verified: request.verified == Some(true),
            fields: fields.map(ToString::to_string).collect(),
        }
    }
}

impl PreflightSubject {
    /// The fields of the request that are among these, in whole or in part.
    pub(super) fn among(&self, paths: &[&str]) -> Vec<String> {
        let overlap = |a: &str, b: &str| a == b || is_below(a, b) || is_below(b, a);
        let is_among = |field: &&String| paths.iter().any(|path| overlap(field, inside(path)));
        self.fields.iter().filter(is_among).cloned().collect()
    }

    /// Whether there are fields, and all of them are among these.
    pub(super) fn are_all_among(&self, paths: &[&str]) -> bool {
        !self.fields.is_empty() && self.among(paths).len() == self.fields.len()
    }
}

/// Whether a dotted path extends another.
fn is_below(path: &str, other: &str) -> bool {
    (path.strip_prefix(other)).is_some_and(|rest| rest.starts_with('.'))
}

/// The path within a record. Whether the API counts it from there is open.
fn inside(path: &str) -> &str {
    path.strip_prefix("data.").unwrap_or(path)
}

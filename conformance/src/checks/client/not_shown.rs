//! What the clauses have in common of which traffic alone shows nothing: it takes the one who gave the client its task.

use crate::checks::check::Judge;

/// Judges nothing.
pub(super) const NOT_SHOWN: Judge = Judge::Any(|_| None);

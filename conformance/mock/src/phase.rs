//! Where a job stands.

use crate::generated::contract;

/// Where a job stands, in the order of the statuses in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Pending,
    Processing,
    Completed,
    Failed,
}

impl Phase {
    /// The phase as the API calls it.
    pub(crate) fn status(self) -> &'static str {
        contract::job::status::VALUES[self as usize]
    }

    /// Whether it never changes again.
    pub(crate) fn is_final(self) -> bool {
        self >= Self::Completed
    }
}

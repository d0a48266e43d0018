//! What a proof of the suite asks of a run, and no user does: waiting that takes no time, a family of probes that is left
//! out, and an end as soon as enough is seen.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::probes::families::Family;

/// Moves the clock of a server on, instead of waiting for so long.
pub type Skip = Arc<dyn Fn(Duration) + Send + Sync>;

/// What a proof of the suite asks of a run; the default asks for nothing.
#[derive(Clone, Default)]
pub struct Trial {
    /// Called instead of each wait, which takes no time then. The time of the run is the sum of the waits.
    pub skip: Option<Skip>,
    /// A family of probes that is left out.
    pub without: Option<&'static Family>,
    /// Ids of clauses. The run ends once one of them is violated, whatever may come next.
    pub until: Vec<&'static str>,
    /// So many refusals of the catalogue are sent, and more of them until all of these clauses are violated.
    pub refusals: Option<(usize, &'static [&'static str])>,
}

impl fmt::Debug for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trial")
            .field("skips", &self.skip.is_some())
            .field("without", &self.without.map(|family| family.name))
            .field("until", &self.until)
            .field("refusals", &self.refusals)
            .finish()
    }
}

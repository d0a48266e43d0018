//! What a check remembers where it does not judge each exchange by itself: bounded, whatever the traffic.

use std::fmt::Debug;

use crate::checks::judgement::Tally;
use crate::evidence::{Evidence, Seen};

/// A check that looks at exchanges in the light of those before, or of those to come.
pub(super) trait Course: Debug + Send {
    /// Looks at one more exchange.
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally);

    /// Adds what is left to say if nothing more comes. `evidence` is that of all exchanges.
    fn conclude(&self, _evidence: &Evidence, _tally: &mut Tally) {}
}

//! When requests that get no response end a run.

use super::stop::Stop;
use crate::exchange::{Destination, Exchange, FailureKind};

/// How many requests in a row may go unanswered before the run gives up.
const UNANSWERED: usize = 3;

/// Counts the requests to the API that got no response. A link that leads nowhere is a finding, and ends nothing.
#[derive(Default)]
pub(super) struct Outages {
    answered: bool,
    in_a_row: usize,
}

impl Outages {
    /// Counts an exchange; an error when it shows that going on is of no use.
    pub(super) fn count(&mut self, exchange: &Exchange) -> Result<(), Stop> {
        if matches!(exchange.request.destination, Destination::Outside(_)) {
            return Ok(());
        }
        let failure = match &exchange.outcome {
            Err(failure) if failure.status.is_none() => failure,
            _ => {
                (self.answered, self.in_a_row) = (true, 0);
                return Ok(());
            }
        };
        self.in_a_row += 1;
        let over = match failure.kind {
            FailureKind::Connect => true,
            FailureKind::Timeout => !self.answered || self.in_a_row >= UNANSWERED,
            FailureKind::Broken | FailureKind::TooLarge | FailureKind::NotRecorded => {
                !self.answered && self.in_a_row >= UNANSWERED
            }
        };
        if over {
            return Err(Stop::Unreachable(failure.detail.clone()));
        }
        Ok(())
    }
}

//! What a run has to know of what it sent so far, beside what is judged.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use super::Stop;
use crate::contract::request::Operation;
use crate::exchange::{Exchange, FailureKind};
use crate::generated::contract::job::status;

/// How many requests in a row may go unanswered before the run gives up.
const UNANSWERED: usize = 3;

/// What is known of what was sent so far.
#[derive(Default)]
pub(super) struct Log {
    pub(super) exchanges: usize,
    pub(super) answered: bool,
    pub(super) unanswered_in_a_row: usize,
    /// Valid submissions that were refused.
    pub(super) refused: usize,
    pub(super) skipped: BTreeSet<&'static str>,
    pub(super) active: Vec<String>,
    /// Jobs that a poll has shown in a final status.
    pub(super) over: HashSet<Uuid>,
    /// When the requests that are under way were sent, or a little earlier.
    pub(super) under_way: Vec<Duration>,
}

impl Log {
    /// Notes one more exchange; an error when it shows that going on is of no use.
    pub(super) fn record(&mut self, exchange: &Exchange) -> Result<(), Stop> {
        self.exchanges += 1;
        let unanswered = match &exchange.outcome {
            Err(failure) if failure.status.is_none() => {
                Some((failure.kind, failure.detail.clone()))
            }
            _ => None,
        };
        if let Operation::Job(id) = exchange.request.operation()
            && is_over(exchange)
        {
            self.active.retain(|active| *active != id);
            if exchange.accepted_object().is_some() {
                self.over.extend(Uuid::try_parse(id));
            }
        }
        let Some((kind, detail)) = unanswered else {
            self.answered = true;
            self.unanswered_in_a_row = 0;
            return Ok(());
        };
        self.unanswered_in_a_row += 1;
        let never = !self.answered;
        match kind {
            FailureKind::Connect => Err(Stop::Unreachable(detail)),
            FailureKind::Timeout if never => Err(Stop::Unreachable(detail)),
            _ if self.unanswered_in_a_row >= UNANSWERED && never => Err(Stop::Unreachable(detail)),
            FailureKind::Timeout if self.unanswered_in_a_row >= UNANSWERED => {
                Err(Stop::Unreachable(detail))
            }
            _ => Ok(()),
        }
    }
}

/// Whether the response says that the job is over, or nothing that would keep its permit held.
pub(super) fn is_over(look: &Exchange) -> bool {
    let status = look
        .accepted_object()
        .and_then(|job| job.get("status"))
        .and_then(Value::as_str);
    !matches!(status, Some(status::PENDING | status::PROCESSING))
}

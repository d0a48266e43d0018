//! What is known of what was sent so far, but for the exchanges themselves.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use super::outages::Outages;
use super::stop::Stop;
use crate::contract::request::Operation;
use crate::exchange::Exchange;
use crate::generated::contract::job::status;

/// What is known of what was sent so far.
#[derive(Default)]
pub(super) struct Log {
    pub(super) exchanges: usize,
    pub(super) outages: Outages,
    /// Valid submissions that were refused.
    pub(super) refused: usize,
    pub(super) skipped: BTreeSet<&'static str>,
    pub(super) left_open: BTreeSet<&'static str>,
    pub(super) active: Vec<String>,
    /// Jobs that a poll has shown in a final status.
    pub(super) over: HashSet<Uuid>,
    /// When the requests that are under way were sent, or a little earlier.
    pub(super) under_way: Vec<Duration>,
}

impl Log {
    /// Takes in an exchange; an error when it shows that going on is of no use.
    pub(super) fn record(&mut self, exchange: &Exchange) -> Result<(), Stop> {
        self.exchanges += 1;
        if let Operation::Job(id) = exchange.request.operation()
            && is_over(exchange)
        {
            self.active.retain(|active| *active != id);
            if exchange.accepted_object().is_some() {
                self.over.extend(Uuid::try_parse(id));
            }
        }
        self.outages.count(exchange)
    }
}

/// The id of an accepted job, where it is one that can be asked for.
pub(super) fn batch_id(exchange: &Exchange) -> Option<&str> {
    let id = exchange.accepted_object()?.get("batch_id")?.as_str()?;
    Uuid::try_parse(id).is_ok().then_some(id)
}

/// Whether the response says that the job is over, or nothing that would keep its permit held.
pub(super) fn is_over(poll: &Exchange) -> bool {
    let status = poll
        .accepted_object()
        .and_then(|job| job.get("status"))
        .and_then(Value::as_str);
    !matches!(status, Some(status::PENDING | status::PROCESSING))
}

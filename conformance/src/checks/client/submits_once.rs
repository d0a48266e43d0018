//! `client.submits-once`

use std::sync::Arc;
use std::time::Duration;

use super::unknown::{self, Look};
use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::contract::request::Operation;
use crate::evidence::{Evidence, Seen};
use crate::exchange::{Exchange, ended};

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.submits-once",
    level: Level::Must,
    text: "After a submission whose outcome is unknown (time-out, cut connection, 5xx, a 2xx that can't be read) the same identifiers are not submitted again, unless the client has looked (list, usage events) and found nothing.",
    source: "the submission page: a job costs credits, and nothing makes a submission idempotent",
    fix: Fix::in_client(
        "Switch off retries for the submission in the HTTP client, and after an unknown outcome look at the list or the usage events before you submit the same people again.",
    ),
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: Judge::Course(|| Box::<SubmitsOnce>::default()),
};

/// The most submissions with an unknown outcome that are remembered.
const MOST_UNKNOWN: usize = 1_000;

#[derive(Debug, Default)]
struct SubmitsOnce {
    unknown: Vec<Unknown>,
}

#[derive(Debug)]
struct Unknown {
    number: usize,
    exchange: Arc<Exchange>,
    identifiers: Vec<u64>,
    since: Duration,
    look: Option<Look>,
}

impl Course for SubmitsOnce {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        if exchange.request.operation() != Operation::Submit {
            for unknown in &mut self.unknown {
                if ended(&unknown.exchange) > exchange.sent_after.as_micros() {
                    continue;
                }
                // Jobs that were accepted with an answer that can be read.
                let is_known = |id: &str| seen.evidence.was_accepted(id);
                let look = unknown::look(exchange, &unknown.identifiers, unknown.since, &is_known);
                // Who has found it once knows, whatever another page says.
                if unknown.look != Some(Look::Found) {
                    unknown.look = look.or(unknown.look);
                }
            }
            return;
        }
        let is_unknown = unknown::is_unknown(exchange);
        if self.unknown.is_empty() && !is_unknown {
            return;
        }
        let identifiers = unknown::identifiers(exchange);
        if let Some(place) = self.unknown.iter().position(|unknown| {
            ended(&unknown.exchange) <= exchange.sent_after.as_micros()
                && unknown
                    .identifiers
                    .iter()
                    .any(|one| identifiers.contains(one))
        }) {
            let unknown = self.unknown.swap_remove(place);
            let expected = "no second submission of identifiers whose first may have been accepted";
            tally.add(
                seen,
                match unknown.look {
                    Some(Look::Nothing) => Judgement::Satisfied,
                    Some(Look::Found) => Judgement::violated(
                        expected,
                        "they were submitted again, after a look that found a job like it",
                    ),
                    None => Judgement::violated(
                        expected,
                        "they were submitted again, without a look at the list or the usage events",
                    ),
                },
            );
        }
        if is_unknown && self.unknown.len() < MOST_UNKNOWN {
            self.unknown.push(Unknown {
                number: seen.number,
                exchange: exchange.clone(),
                identifiers,
                since: exchange.sent_after,
                look: None,
            });
        }
    }

    fn conclude(&self, _evidence: &Evidence, tally: &mut Tally) {
        for unknown in &self.unknown {
            tally.add_of(unknown.number, &unknown.exchange, Judgement::Satisfied);
        }
    }
}

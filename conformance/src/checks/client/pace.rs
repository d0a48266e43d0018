//! `client.pace`

use std::collections::HashMap;

use http::StatusCode;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::contract::request::{Destination, Operation};
use crate::evidence::{JobId, Seen, state, text};
use crate::exchange::{Exchange, ended, rate};
use crate::generated::contract::{header, job::status, limits};

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.pace",
    level: Level::Doc,
    text: "After a {status_code::TOO_MANY_REQUESTS} nothing is sent before `{header::RATE_LIMIT_RESET}` is over; polls of one job are at least a second apart; the documented rate is kept.",
    source: "the provider's documentation: limits",
    fix: Fix::in_client(
        "Keep one clock for all requests of a key: none before `{header::RATE_LIMIT_RESET}` is over, and a second or more between two polls of a job.",
    ),
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: Judge::Course(|| Box::<Pace>::default()),
};

/// The least time between two polls of a job, in microseconds, and what clocks and networks may take away from it.
const BETWEEN_POLLS: u128 = 1_000_000;
const SLACK: u128 = 100_000;
/// The most jobs whose last poll is remembered.
const MOST_JOBS: usize = 100_000;

#[derive(Debug, Default)]
struct Pace {
    /// When each job that is not over was last asked for.
    polled: HashMap<JobId, u128>,
    /// Nothing is to be sent in this time.
    closed: Option<Closed>,
    /// No submission is to be sent in this time, since as many jobs are active as may be.
    full: Option<Closed>,
}

/// A stretch of time, in microseconds.
#[derive(Debug, Clone, Copy)]
struct Closed {
    from: u128,
    to: u128,
}

impl Closed {
    fn holds(self, sent: u128) -> bool {
        self.from < sent && sent + SLACK < self.to
    }
}

impl Course for Pace {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        if !matches!(exchange.request.destination, Destination::Api { .. }) {
            return;
        }
        let sent = exchange.sent_after.as_micros();
        let operation = exchange.request.operation();
        let full = self.full.filter(|_| operation == Operation::Submit);
        let closed = self.closed.into_iter().chain(full);
        let too_early = closed
            .filter(|closed| closed.holds(sent))
            .max_by_key(|closed| closed.to);
        let mut judgement = None;
        if let Some(Closed { to, .. }) = too_early {
            let expected = format!("nothing until `{}` is over", header::RATE_LIMIT_RESET);
            let early = to.saturating_sub(sent) / 1000;
            let got = format!("a request {early} ms before that");
            judgement = Some(Judgement::violated(expected, got));
        } else if self.closed.is_some() || full.is_some() {
            judgement = Some(Judgement::Satisfied);
        }
        if let Operation::Job(id) = operation {
            let id = JobId::of(id);
            if let Some(before) = self.polled.get(&id) {
                let apart = sent.saturating_sub(*before);
                if apart + SLACK < BETWEEN_POLLS {
                    let got = format!("{} ms", apart / 1000);
                    let expected = "a second between two polls of a job";
                    judgement = judgement
                        .filter(|judgement| *judgement != Judgement::Satisfied)
                        .or(Some(Judgement::violated(expected, got)));
                } else {
                    judgement = judgement.or(Some(Judgement::Satisfied));
                }
            }
            // What is over is asked for again only because a file did not come; that may be at once.
            if is_over(exchange) {
                self.polled.remove(&id);
            } else if self.polled.len() < MOST_JOBS || self.polled.contains_key(&id) {
                self.polled.insert(id, sent);
            }
        }
        if let Some(judgement) = judgement {
            tally.add(seen, judgement);
        }
        self.close(exchange, operation);
    }
}

impl Pace {
    /// Notes for how long a refusal closes the door. Who goes beyond the rate is told by one; what it does then counts.
    fn close(&mut self, exchange: &Exchange, operation: Operation<'_>) {
        if exchange.status() != Some(StatusCode::TOO_MANY_REQUESTS) {
            return;
        }
        let Ok(response) = &exchange.outcome else {
            return;
        };
        let reset = rate::reset(&response.headers);
        let Some(reset) = reset.filter(|reset| *reset > 0) else {
            return;
        };
        let from = ended(exchange);
        let to = from + u128::from(reset) * 1_000_000;
        let limit = rate::number(&response.headers, header::RATE_LIMIT_LIMIT);
        let speaks_of_jobs = operation == Operation::Submit
            && limit.is_none_or(|limit| limit <= limits::ACTIVE_JOBS as u64);
        // Jobs may still be asked for while no more of them may be submitted.
        let closing = if speaks_of_jobs {
            &mut self.full
        } else {
            &mut self.closed
        };
        if closing.is_none_or(|before| before.to < to) {
            *closing = Some(Closed { from, to });
        }
    }
}

fn is_over(exchange: &Exchange) -> bool {
    let status = state(exchange).and_then(|job| text(job, "status"));
    matches!(status, Some(status::COMPLETED | status::FAILED))
}

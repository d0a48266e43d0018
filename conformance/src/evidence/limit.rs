//! Which valid submissions came while as many jobs were active as an account may have. It is known late: a job was
//! surely active from its acceptance to the last poll that shows it pending or processing.

use std::collections::VecDeque;
use std::sync::Arc;

use super::jobs::Jobs;
use super::submitted::Progress;
use crate::exchange::{Exchange, ended};
use crate::generated::contract::limits;

/// The most submissions that wait to be settled.
const MOST_UNSETTLED: usize = 100;
/// The most jobs that are taken for active at the same time: of more, the newest.
const MOST_OPEN: usize = 1_000;

/// A valid submission, and whether it came while as many jobs were active as an account may have.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Number of the exchange in the recording.
    pub number: usize,
    /// The submission.
    pub exchange: Arc<Exchange>,
    /// Whether it did: surely, or nothing shows that; `None` where it is not known.
    pub beyond_the_limit: Option<bool>,
}

#[derive(Debug, Default)]
pub(super) struct Limit {
    /// The jobs that are not known to be over: place, and when they were accepted.
    open: VecDeque<(usize, u128)>,
    unsettled: VecDeque<Unsettled>,
}

#[derive(Debug)]
struct Unsettled {
    settled: Settled,
    /// Jobs that were surely active throughout.
    active: usize,
    /// Jobs that may turn out to have been.
    candidates: Vec<usize>,
}

impl Unsettled {
    /// What is known by now.
    fn beyond_the_limit(&self) -> Option<bool> {
        if self.active >= limits::ACTIVE_JOBS {
            Some(true)
        } else if self.active + self.candidates.len() < limits::ACTIVE_JOBS {
            Some(false)
        } else {
            None
        }
    }
}

impl Limit {
    /// The submissions that are settled by this exchange, whether that is one of them or a poll.
    pub(super) fn push(
        &mut self,
        number: usize,
        exchange: &Arc<Exchange>,
        poll: Option<&Progress>,
        jobs: &Jobs,
    ) -> Vec<Settled> {
        if let Some(poll) = poll {
            return self.poll(poll, exchange);
        }
        if exchange.request.expectation().valid().is_none() {
            return Vec::new();
        }
        let sent = exchange.sent_after.as_micros();
        let before = self.open.iter().filter(|(_, accepted)| *accepted <= sent);
        let candidates = (before.map(|(job, _)| *job))
            .filter(|job| jobs.followed(*job).is_some())
            .collect();
        if let Some(job) = jobs.submitted_by(number) {
            self.open.push_back((job, ended(exchange)));
            if self.open.len() > MOST_OPEN {
                self.open.pop_front();
            }
        }
        self.unsettled.push_back(Unsettled {
            settled: Settled {
                number,
                exchange: exchange.clone(),
                beyond_the_limit: Some(false),
            },
            active: 0,
            candidates,
        });
        let mut settled = self.settle();
        if self.unsettled.len() > MOST_UNSETTLED {
            settled.extend(self.unsettled.pop_front().map(|oldest| Settled {
                beyond_the_limit: None,
                ..oldest.settled
            }));
        }
        settled
    }

    fn poll(&mut self, poll: &Progress, exchange: &Exchange) -> Vec<Settled> {
        let Some(active) = poll.active else {
            return Vec::new();
        };
        if !active {
            self.open.retain(|(job, _)| *job != poll.job);
        }
        let sent = exchange.sent_after.as_micros();
        for unsettled in &mut self.unsettled {
            let candidates = &mut unsettled.candidates;
            let Some(place) = candidates.iter().position(|job| *job == poll.job) else {
                continue;
            };
            if !active {
                candidates.swap_remove(place);
            } else if ended(&unsettled.settled.exchange) <= sent {
                candidates.swap_remove(place);
                unsettled.active += 1;
            }
        }
        self.settle()
    }

    fn settle(&mut self) -> Vec<Settled> {
        let mut settled = Vec::new();
        self.unsettled.retain_mut(|unsettled| {
            let beyond = unsettled.beyond_the_limit();
            if beyond.is_some() {
                settled.push(Settled {
                    beyond_the_limit: beyond,
                    ..unsettled.settled.clone()
                });
            }
            beyond.is_none()
        });
        settled
    }

    pub(super) fn unsettled(&self) -> impl Iterator<Item = &Settled> {
        self.unsettled.iter().map(|unsettled| &unsettled.settled)
    }
}

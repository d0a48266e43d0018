//! Judges exchanges as they come: each is taken in as evidence, looked at by every check, and let go.

use std::sync::Arc;

use crate::checks::check::{Check, Judge};
use crate::checks::course::Course;
use crate::checks::delivered::Delivered;
use crate::checks::judgement::{Tally, Violation};
use crate::checks::{acceptance, refusal};
use crate::evidence::Evidence;
use crate::exchange::Exchange;

/// The evidence so far, and what the checks say of it.
#[derive(Debug)]
pub struct Judging {
    evidence: Evidence,
    /// What the files brought, where a check asks for it.
    delivered: Option<Delivered>,
    running: Vec<Running>,
}

/// A check, and what it said so far.
#[derive(Debug)]
struct Running {
    check: &'static Check,
    tally: Tally,
    course: Option<Box<dyn Course>>,
}

impl Judging {
    /// Nothing seen so far, to be judged by these checks.
    pub fn new(checks: &[&'static Check]) -> Self {
        let running = checks.iter().map(|check| Running {
            check,
            tally: Tally::default(),
            course: match check.judge {
                Judge::Refusal(reason) => Some(Box::new(refusal::Refusal::of(reason))),
                Judge::Acceptance(clause) => Some(Box::new(acceptance::Acceptance::of(clause))),
                Judge::Course(start) => Some(start()),
                Judge::Each(_)
                | Judge::Any(_)
                | Judge::Poll(_)
                | Judge::Download(_)
                | Judge::Delivered(..) => None,
            },
        });
        Self {
            evidence: Evidence::default(),
            delivered: (checks.iter().any(|check| check.brings().is_some()))
                .then(Delivered::default),
            running: running.collect(),
        }
    }

    /// Judges one more exchange, which has this number in the recording. Requests are to be pushed in the order in
    /// which they were sent.
    pub fn push(&mut self, number: usize, exchange: &Arc<Exchange>) {
        let seen = self.evidence.push(number, exchange);
        let listed = seen.listed();
        if let Some(delivered) = &mut self.delivered {
            delivered.push(&seen);
        }
        for Running {
            check,
            tally,
            course,
        } in &mut self.running
        {
            match check.judge {
                Judge::Each(judge) if (check.applies)(&exchange.request) => {
                    tally.add(&seen, judge(exchange));
                }
                Judge::Any(judge) => {
                    if let Some(judgement) = judge(exchange) {
                        tally.add(&seen, judgement);
                    }
                }
                Judge::Poll(judge) => {
                    let judgements = seen.poll.iter().chain(&listed).filter_map(judge);
                    judgements.for_each(|judgement| tally.add(&seen, judgement));
                }
                Judge::Download(judge) | Judge::Delivered(judge, _) => {
                    for download in seen.downloads() {
                        if let Some(judgement) = judge(&download) {
                            tally.add_of(download.number, download.exchange, judgement);
                        }
                    }
                }
                _ => {
                    if let Some(course) = course {
                        course.push(&seen, tally);
                    }
                }
            }
        }
    }

    /// What each check says, in their order, if nothing more comes.
    pub fn judged(&self) -> Vec<(&'static Check, Tally)> {
        let judged = self.running.iter().map(|running| {
            let mut tally = running.tally.clone();
            if let Some(course) = &running.course {
                course.conclude(&self.evidence, &mut tally);
            }
            if let Some((delivered, brings)) = self.delivered.as_ref().zip(running.check.brings()) {
                delivered.conclude(brings, &mut tally);
            }
            (running.check, tally)
        });
        judged.collect()
    }

    /// The checks that are violated already, whatever comes next, each with what shows it best.
    pub fn violated(&self) -> impl Iterator<Item = (&'static Check, &Violation)> {
        self.running.iter().filter_map(|running| {
            let violation = running.tally.violations.smallest.as_ref()?;
            Some((running.check, violation))
        })
    }

    /// The checks.
    pub fn checks(&self) -> impl Iterator<Item = &'static Check> {
        self.running.iter().map(|running| running.check)
    }

    /// What the exchanges show.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

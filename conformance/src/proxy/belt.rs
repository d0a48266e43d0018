//! The seat belt: which submissions are not passed on, since they cost more than was allowed, or were made before.

use std::collections::HashMap;

use http::StatusCode;
use serde_json::Value;

use crate::contract::fingerprint::{fingerprint, fingerprint_of_all};
use crate::contract::request::{Body, Items};
use crate::evidence::text;
use crate::generated::contract::job::status;
use crate::generated::contract::{job, prices, submit};

/// What a submission may cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Most jobs that may be accepted, or may have been.
    pub max_jobs: Option<u64>,
    /// Most credits that these may cost at worst.
    pub max_credits: Option<f64>,
}

/// What was passed on so far.
#[derive(Debug)]
pub(super) struct Belt {
    limits: Limits,
    submissions: HashMap<u64, Submission>,
    /// Jobs that were accepted or may have been, and what they cost at worst.
    jobs: u64,
    credits: f64,
}

#[derive(Debug)]
struct Submission {
    /// How many of it are under way, or have an outcome that is not known.
    unknown: u32,
    /// Its jobs that are not known to be over.
    active: Vec<String>,
}

/// A submission that is passed on: what it is, and what it costs at worst.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passed {
    print: u64,
    credits: f64,
}

/// Why a submission is not passed on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Blocked {
    #[error(
        "the same identifiers were submitted before, and what became of it is not known: look at the list of jobs first"
    )]
    Unknown,
    #[error("the same identifiers were submitted before, and job {0} is still active: wait for it")]
    Active(String),
    #[error("--max-jobs {0} is reached")]
    Jobs(u64),
    #[error("it may cost {cost} credits, and --max-credits {most} leaves {left}")]
    Credits { cost: f64, most: f64, left: f64 },
}

impl Blocked {
    /// The status that it is answered with.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Unknown | Self::Active(_) => StatusCode::CONFLICT,
            Self::Jobs(_) | Self::Credits { .. } => StatusCode::PAYMENT_REQUIRED,
        }
    }
}

impl Belt {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            submissions: HashMap::new(),
            jobs: 0,
            credits: 0.0,
        }
    }

    /// Whether a submission may be passed on. If so, it counts until it is known that no job came of it.
    pub(super) fn pass(&mut self, body: &[u8]) -> Result<Passed, Blocked> {
        let (print, cost) = read(body);
        if let Some(before) = self.submissions.get(&print) {
            if let Some(id) = before.active.first() {
                return Err(Blocked::Active(id.clone()));
            }
            if before.unknown > 0 {
                return Err(Blocked::Unknown);
            }
        }
        if let Some(most) = self.limits.max_jobs.filter(|most| self.jobs >= *most) {
            return Err(Blocked::Jobs(most));
        }
        if let Some(most) = self.limits.max_credits {
            let left = (most - self.credits).max(0.0);
            if cost > left {
                return Err(Blocked::Credits { cost, most, left });
            }
        }
        let submission = self.submissions.entry(print).or_insert(Submission {
            unknown: 0,
            active: Vec::new(),
        });
        submission.unknown += 1;
        self.jobs += 1;
        self.credits += cost;
        Ok(Passed {
            print,
            credits: cost,
        })
    }

    /// Notes how a submission was answered: `None` for not at all, or with what can't be read.
    pub(super) fn answered(&mut self, passed: Passed, answer: Option<(StatusCode, &[u8])>) {
        let Some(submission) = self.submissions.get_mut(&passed.print) else {
            return;
        };
        match answer {
            Some((status, body)) if status.is_success() => {
                let object: Option<Value> = serde_json::from_slice(body).ok();
                let object = object.as_ref().and_then(Value::as_object);
                if let Some(id) = object.and_then(|object| text(object, job::ID_KEY)) {
                    submission.unknown -= 1;
                    submission.active.push(id.to_owned());
                }
            }
            // Nothing came of it, by the word of the server.
            Some((status, _)) if status.is_client_error() => {
                submission.unknown -= 1;
                self.jobs -= 1;
                self.credits -= passed.credits;
            }
            _ => {}
        }
    }

    /// Notes what a job was said to be.
    pub(super) fn polled(&mut self, id: &str, body: &[u8]) {
        let job: Option<Value> = serde_json::from_slice(body).ok();
        let job = job.as_ref().and_then(Value::as_object);
        let status = job.and_then(|job| text(job, "status"));
        if matches!(status, Some(status::COMPLETED | status::FAILED)) {
            for submission in self.submissions.values_mut() {
                submission.active.retain(|active| active != id);
            }
        }
    }

    /// How many jobs were accepted, or may have been, and what they cost at worst.
    pub(super) fn spent(&self) -> (u64, f64) {
        (self.jobs, self.credits)
    }
}

/// What stands for the identifiers of a submission, in any order, and what it costs at worst: asking for one kind of
/// contact alone may not bound the bill. What can't be read may name as many as there may be.
fn read(body: &[u8]) -> (u64, f64) {
    let Body::Object(object) = Body::of(body) else {
        return (
            fingerprint(body),
            submit::identifiers::MAX as f64 * prices::PERSON,
        );
    };
    let verified = object.get(submit::VERIFIED_KEY) == Some(&Value::Bool(true));
    let each = prices::PERSON + if verified { prices::VERIFIED } else { 0.0 };
    match object.get(submit::identifiers::KEY).and_then(Items::of) {
        Some(Items { items, .. }) => {
            let print = fingerprint_of_all(items.iter().map(|item| item.trim()));
            (print, items.len() as f64 * each)
        }
        None => (fingerprint(body), submit::identifiers::MAX as f64 * each),
    }
}

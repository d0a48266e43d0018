//! `webhook.post`

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::{Needs, Submissions};
use crate::contract::expectation::Feature;
use crate::contract::request::{Body, Credential, Operation};
use crate::evidence::{self, Evidence, JobId, Seen, text};
use crate::exchange::Exchange;
use crate::generated::contract::job::{self, status};

pub(in crate::checks) static CHECK: Check = Check {
    id: "webhook.post",
    level: Level::Must,
    text: "A job with a `webhook_url` sends it a POST when it finishes. What the POST carries is open.",
    source: "the submission page: `webhook_url`",
    fix: Fix::in_both(
        "Send a POST to exactly that URL once the job is over, `completed` or `failed`; hand it to a queue that tries again.",
        "Take a delivery for a hint, and ask for the job's status: nobody says what a delivery carries, or who sent it.",
    ),
    applies: |request| matches!(request.operation(), Operation::Delivery(_)),
    needs: Needs {
        submissions: Submissions::Accepted(1),
        deliveries: true,
        ..Needs::JOB
    },
    judge: Judge::Course(|| Box::<Deliveries>::default()),
};

/// The most jobs with a webhook that are remembered.
const MOST_JOBS: usize = 1_000;
/// One poll may still show a job as active that is over: a status may lag behind for a moment.
const POLLS_THAT_LAG: usize = 1;

/// Holds each delivery against the statuses that polls showed after it. A webhook delivery is recorded as an exchange in
/// which the server is the sender: with a response where it came, with a failure where it never came.
#[derive(Debug, Default)]
struct Deliveries {
    /// The jobs with a webhook, by their ids.
    jobs: HashMap<JobId, Job>,
    delivered: Vec<(usize, Arc<Exchange>)>,
}

#[derive(Debug)]
struct Job {
    webhook_url: String,
    /// When the last polls were sent that showed it as pending or processing.
    active: [Option<Duration>; POLLS_THAT_LAG + 1],
    /// Whether a poll has shown it in a final status, of which `job.terminal` says that it stays.
    over: bool,
}

impl Course for Deliveries {
    fn push(&mut self, seen: &Seen<'_>, _: &mut Tally) {
        let request = &seen.exchange.request;
        match request.operation() {
            Operation::Submit if self.jobs.len() < MOST_JOBS => self.submitted(seen.exchange),
            Operation::Job(id) => {
                let state = evidence::state(seen.exchange).and_then(|job| text(job, "status"));
                let Some(job) = self.jobs.get_mut(&JobId::of(id)) else {
                    return;
                };
                match state {
                    Some(status::PENDING | status::PROCESSING) if !job.over => {
                        job.active.rotate_left(1);
                        job.active[POLLS_THAT_LAG] = Some(seen.exchange.sent_after);
                    }
                    Some(status::COMPLETED | status::FAILED) => job.over = true,
                    _ => {}
                }
            }
            // What carries the key is a client's request that went astray.
            Operation::Delivery(_) if request.credential() != Credential::Configured => {
                self.delivered.push((seen.number, seen.exchange.clone()));
            }
            _ => {}
        }
    }

    fn conclude(&self, evidence: &Evidence, tally: &mut Tally) {
        for (number, delivery) in &self.delivered {
            tally.add_of(*number, delivery, self.judge(delivery, evidence));
        }
    }
}

impl Deliveries {
    fn submitted(&mut self, exchange: &Exchange) {
        let valid = exchange.request.expectation().valid();
        if valid.is_some_and(|valid| !valid.features.contains(&Feature::WebhookUrl)) {
            return;
        }
        let accepted = exchange.accepted_object();
        let id = accepted.and_then(|job| text(job, job::ID_KEY));
        if let (Some(id), Body::Object(body)) = (id, exchange.request.read())
            && let Some(webhook_url) = text(body, "webhook_url")
        {
            let job = Job {
                webhook_url: webhook_url.to_owned(),
                active: Default::default(),
                over: false,
            };
            // Of jobs that share a webhook, the first is the one that is waited for.
            if self
                .jobs
                .values()
                .any(|other| other.webhook_url == webhook_url)
            {
                return;
            }
            self.jobs.insert(JobId::of(id), job);
        }
    }

    fn judge(&self, delivery: &Exchange, evidence: &Evidence) -> Judgement {
        if let Err(failure) = &delivery.outcome {
            return Judgement::violated("a POST to the webhook", failure.detail.clone());
        }
        let url = delivery.request.destination.as_str();
        let job = self.jobs.values().find(|job| job.webhook_url == url);
        let is_early = |job: &Job| {
            let mut active = job.active.iter();
            active.all(|sent| sent.is_some_and(|sent| sent > delivery.sent_after))
        };
        if evidence.ids_are_sound() && job.is_some_and(is_early) {
            return Judgement::violated(
                "a POST when the job is over",
                "a POST, after which polls still showed the job as active",
            );
        }
        Judgement::Satisfied
    }
}

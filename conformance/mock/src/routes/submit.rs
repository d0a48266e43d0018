//! `POST` of a submission: judged by the rules, then by the number of active jobs, then made a job.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::answer::Answer;
use crate::config::{JobOutcome, JobTiming, MockConfig};
use crate::effect::{Accepted, Effect};
use crate::exchange::Call;
use crate::generated::contract;
use crate::instance::{Instance, State};
use crate::jobs::Job;
use crate::rate::RateHeaders;
use crate::rules::{self, Reason};
use crate::submission::Submission;

/// Answers one submission.
pub(super) fn answer(instance: &Instance, call: &Call) -> Answer {
    let number = count(instance);
    let body = match &call.body {
        Ok(body) => body,
        Err((status, message)) => {
            return Answer::error(*status, "invalid_request", message, json!({}));
        }
    };
    let mut submission = Submission::read(&call.headers, body, &instance.config.key, number);
    for effect in &instance.effects {
        if let Effect::Read(change) = effect {
            change(&mut submission);
        }
    }
    if let Some(reason) = objection(instance, &submission) {
        return refuse(instance, submission, reason);
    }
    for effect in &instance.effects {
        if let Effect::Refuse(status, refuses) = effect
            && refuses(&submission)
        {
            return Answer::error(*status, "refused", "This server refuses it.", json!({}));
        }
    }
    let mut state = instance.state();
    let now = instance.now(&state);
    let active = state.jobs.active(now);
    let squeezed = |effect: &Effect| match effect {
        Effect::Squeeze(squeezes) => squeezes(&submission, &active),
        _ => false,
    };
    if active.count() >= instance.config.max_active_jobs && !instance.effects.iter().any(squeezed) {
        let reset = active.next_free.unwrap_or(now) - now;
        return too_many_jobs(instance, &submission, reset);
    }
    accept(instance, &mut state, submission)
}

/// How many submissions there have been, with this one.
fn count(instance: &Instance) -> u64 {
    let mut state = instance.state();
    state.stats.submissions += 1;
    state.stats.submissions
}

/// The first reason against a submission that no effect overlooks; the last, if an effect has it so.
fn objection(instance: &Instance, submission: &Submission) -> Option<Reason> {
    let overlooked = |reason: &Reason| {
        instance.effects.iter().any(|effect| match effect {
            Effect::Overlook(overlooks) => overlooks(submission, *reason),
            _ => false,
        })
    };
    let mut standing = rules::reasons(submission).filter(|reason| !overlooked(reason));
    let backwards = |effect: &Effect| matches!(effect, Effect::JudgeBackwards);
    if instance.effects.iter().any(backwards) {
        standing.last()
    } else {
        standing.next()
    }
}

fn refuse(instance: &Instance, submission: Submission, reason: Reason) -> Answer {
    let mut answer = reason.answer(&submission);
    let mut leaves = false;
    for effect in &instance.effects {
        match effect {
            Effect::Refused(edit) => edit(&mut answer, &submission, reason),
            Effect::Restate(status, applies) if applies(&submission, reason) => {
                answer.restate(*status)
            }
            Effect::Leave(when) => leaves |= when(reason),
            _ => {}
        }
    }
    if leaves {
        // Final from the start, so that it takes no slot from the jobs that were accepted.
        let mut state = instance.state();
        let (id, now) = (Uuid::new_v4(), instance.now(&state));
        let job = job(submission, id, now, JobTiming::AT_ONCE, JobOutcome::Failed);
        state.jobs.add(job, now);
    }
    answer
}

fn accept(instance: &Instance, state: &mut State, submission: Submission) -> Answer {
    let fresh = Uuid::new_v4();
    let mut accepted = Accepted {
        submission: &submission,
        id: fresh,
        first_id: state.jobs.first_id().unwrap_or(fresh),
        number: state.stats.accepted + 1,
    };
    for effect in &instance.effects {
        if let Effect::Name(name) = effect {
            accepted.id = name(&accepted);
        }
    }
    let id = accepted.id;
    let count = accepted.identifiers();
    let body = json!({
        "batch_id": id,
        "status": contract::submit::accepted::STATUS,
        "entity": contract::submit::accepted::ENTITY,
        "action": contract::submit::accepted::ACTION,
        "identifier_count": count,
        "entities_requested": count,
        "status_url": contract::job::PATH.replace("{batch_id}", &id.to_string()),
    });
    let mut answer = Answer::json(StatusCode::OK, body);
    for effect in &instance.effects {
        if let Effect::Accepted(edit) = effect {
            edit(&mut answer, &accepted);
        }
    }
    state.stats.accepted += 1;
    let now = instance.now(state);
    let MockConfig {
        timing, outcome, ..
    } = instance.config;
    let job = job(submission, id, now, timing, outcome);
    state.jobs.add(job, now);
    // A job may be final as soon as it is accepted.
    instance.announce(state);
    answer
}

fn job(
    submission: Submission,
    id: Uuid,
    now: Duration,
    timing: JobTiming,
    outcome: JobOutcome,
) -> Job {
    let chunk_size =
        rules::chunk_size(&submission.chunk_size).unwrap_or(contract::submit::chunk_size::DEFAULT);
    let started = now.saturating_add(timing.pending);
    Job {
        id,
        chunk_size: chunk_size as usize,
        webhook_url: rules::webhook_url(&submission.webhook_url),
        submission,
        created: now,
        started,
        completed: started.saturating_add(timing.processing),
        outcome,
        looks: 0,
        final_looks: 0,
    }
}

/// The refusal of a job beyond those that may be active. Its headers speak of jobs instead of requests.
fn too_many_jobs(instance: &Instance, submission: &Submission, reset: Duration) -> Answer {
    let limit = instance.config.max_active_jobs;
    let mut answer =
        Answer::too_many_requests(&format!("{limit} jobs are active, and no more may be."));
    answer.rate = Some(RateHeaders {
        limit: u32::try_from(limit).unwrap_or(u32::MAX),
        remaining: 0,
        reset,
    });
    for effect in &instance.effects {
        if let Effect::Crowded(edit) = effect {
            edit(&mut answer, submission);
        }
    }
    answer
}

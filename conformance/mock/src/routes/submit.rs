//! `POST` of a submission: judged by the rules, then by the number of active jobs, then made a job.

use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::billing::{self, Charge, ChargeLine, total};
use crate::conduct::{JobOutcome, JobTiming};
use crate::exchange::Call;
use crate::generated::contract;
use crate::instance::{Instance, State};
use crate::jobs::Job;
use crate::rate::RateHeaders;
use crate::received::ReceivedRequest;
use crate::records;
use crate::response::Response;
use crate::rules::{self, Reason, Refusal};
use crate::submission::{Before, Submission};

/// Responds to one submission.
pub(super) fn respond(instance: &Instance, call: &Call) -> Response {
    let mut state = instance.state();
    state.stats.submissions += 1;
    if let Some((status, message)) = &call.broken {
        return Response::error(*status, "invalid_request", message, json!({}));
    }
    let (request, number) = (&call.request, state.stats.submissions);
    let key = &instance.config.key;
    let mut submission = Submission::read(&request.headers, request.body.clone(), key, number);
    submission.before = before(&state, request);
    // Until it is accepted.
    state.last_submission = Some((request.clone(), true));
    instance.hooks.submission.apply(&mut submission, &());
    let mut reasons = rules::reasons(&submission);
    instance.hooks.reasons.apply(&mut reasons, &submission);
    if let Some(reason) = reasons.first().copied() {
        let response = reason.response(&submission);
        let refusal = Refusal { submission, reason };
        return refuse(instance, &mut state, call, response, refusal);
    }
    let (now, limit) = (instance.now(&state), instance.config.max_active_jobs);
    let active = state.jobs.active(now);
    let mut is_throttled = active.count() >= limit;
    instance.hooks.at_limit.apply(&mut is_throttled, &active);
    if is_throttled {
        let reason = Reason::TooManyJobs { limit };
        let mut response = reason.response(&submission);
        // The headers speak of jobs instead of requests.
        let reset = active.next_free.unwrap_or(now) - now;
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        response.rate = Some(RateHeaders::new(limit, 0, reset));
        let refusal = Refusal { submission, reason };
        return refuse(instance, &mut state, call, response, refusal);
    }
    accept(instance, &mut state, call, submission)
}

fn before(state: &State, request: &ReceivedRequest) -> Before {
    let last = state.last_submission.as_ref();
    Before {
        accepted: state.stats.accepted,
        is_same: last
            .is_some_and(|(last, _)| last.headers == request.headers && last.body == request.body),
        is_refused: last.is_some_and(|(_, is_refused)| *is_refused),
    }
}

fn refuse(
    instance: &Instance,
    state: &mut State,
    call: &Call,
    mut response: Response,
    refusal: Refusal,
) -> Response {
    instance.hooks.refused.apply(&mut response, &refusal);
    let mut lines = Vec::new();
    instance.hooks.refusal_charge.apply(&mut lines, &refusal);
    if !lines.is_empty() {
        response.charge = Some(state.ledger.charge(Charge {
            request_id: call.id.clone(),
            batch_id: None,
            lines,
        }));
    }
    let mut is_leftover = false;
    instance.hooks.leftover.apply(&mut is_leftover, &refusal);
    if is_leftover {
        // Final from the start, so that it is not active beside the jobs that were accepted.
        let (timing, outcome) = (JobTiming::AT_ONCE, JobOutcome::Failed);
        let number = state.stats.accepted;
        let job = job(instance, state, refusal.submission, timing, outcome, number);
        let now = job.created;
        state.jobs.add(job, now);
    }
    response
}

fn accept(instance: &Instance, state: &mut State, call: &Call, submission: Submission) -> Response {
    let (timing, outcome) = (instance.conduct.timing, instance.conduct.outcome);
    let number = state.stats.accepted + 1;
    let mut job = job(instance, state, submission, timing, outcome, number);
    instance.hooks.job.apply(&mut job, &());
    let lines = charged(instance, &job);
    if !state.ledger.covers(total(&lines)) {
        let (submission, reason) = (job.submission, Reason::NoCredits);
        let response = reason.response(&submission);
        let refusal = Refusal { submission, reason };
        return refuse(instance, state, call, response, refusal);
    }
    state.stats.accepted = number;
    if let Some((_, is_refused)) = &mut state.last_submission {
        *is_refused = false;
    }
    let count = job.identifiers().len();
    let body = json!({
        "batch_id": job.id,
        "status": contract::submit::accepted::STATUS,
        "entity": contract::submit::accepted::ENTITY,
        "action": contract::submit::accepted::ACTION,
        "identifier_count": count,
        "entities_requested": count,
        "status_url": contract::job::PATH.replace("{batch_id}", &job.id.to_string()),
    });
    let mut response = Response::json(StatusCode::OK, body);
    response.credits_used = Some(total(&lines));
    response.charge = Some(state.ledger.charge(Charge {
        request_id: call.id.clone(),
        batch_id: Some(job.id),
        lines,
    }));
    instance.hooks.accepted.apply(&mut response, &job);
    let now = job.created;
    state.jobs.add(job, now);
    // A job may be final as soon as it is accepted.
    instance.deliver(state);
    response
}

/// What a job is charged: nothing, if it will fail.
fn charged(instance: &Instance, job: &Job) -> Vec<ChargeLine> {
    let hooks = &instance.hooks;
    let mut lines = Vec::new();
    // Without contacts there is nothing to count.
    let may_deliver = job.found > 0 || !hooks.records.is_empty();
    if may_deliver && job.outcome == JobOutcome::Completed {
        let mut records = records::records(job, &instance.config.profiles);
        hooks.records.apply(&mut records, job);
        lines = billing::lines(&records, job);
    }
    hooks.charge.apply(&mut lines, job);
    lines
}

fn job(
    instance: &Instance,
    state: &State,
    submission: Submission,
    timing: JobTiming,
    outcome: JobOutcome,
    number: u64,
) -> Job {
    let (id, created) = (Uuid::new_v4(), instance.now(state));
    let chunk_size = rules::chunk_size(&submission.chunk_size);
    let started = created.saturating_add(timing.pending);
    let completed = started.saturating_add(timing.processing);
    Job {
        id,
        first_id: state.jobs.first_id().unwrap_or(id),
        number,
        found: records::found(&submission.identifiers, &instance.config.profiles),
        chunk_size: chunk_size.unwrap_or(contract::submit::chunk_size::DEFAULT) as usize,
        webhook_url: rules::webhook_url(&submission.webhook_url),
        submission,
        created,
        started,
        completed,
        notified: completed,
        outcome,
    }
}

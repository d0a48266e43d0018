//! Faults in the course of a job: the statuses that it is shown in, one poll after the other.

use serde_json::Value;

use crate::edits::{
    Clauses, has_webhook, is_completed, is_large, is_processing, remove, set, when,
};
use crate::hooks::{Fault, fault};
use crate::jobs::Phase::{Completed, Failed, Pending, Processing};
use crate::jobs::{Phase, Poll};
use crate::response::Response;

const PROGRESS: Clauses = &["job.progress"];
const TERMINAL: Clauses = &["job.terminal"];
const STATUS: Clauses = &["job.status"];

/// Keys of a job's links.
const LINKS: &[&str] = &["download_url", "download_urls"];

pub(super) fn faults() -> Vec<Fault> {
    [phases(), statuses()].into_iter().flatten().collect()
}

fn phases() -> Vec<Fault> {
    vec![
        fault("status-goes-back-once", PROGRESS)
            .about("A job that waits is processing on the first poll, and pending on the next.")
            .phase(|phase, poll| match phase {
                Pending if poll.number == 1 => *phase = Processing,
                Processing if poll.number == 2 => *phase = Pending,
                _ => {}
            }),
        fault("status-flickers", PROGRESS)
            .about("Until a job is final, every other poll shows it as pending.")
            .phase(flicker),
        fault("status-flickers-with-webhook", PROGRESS)
            .about("Until it is final, every other poll shows a job with a webhook as pending.")
            .phase(when(has_webhook, flicker)),
        fault("completed-then-processing", TERMINAL)
            .about("A completed job is processing again on one poll, and then completed.")
            .phase(when(is_second_final, |phase, _| *phase = Processing)),
        fault("completed-then-failed", TERMINAL)
            .about("A completed job is failed from the second poll after its completion on.")
            .phase(when(is_later_final, |phase, _| *phase = Failed)),
        fault("failed-then-completed", TERMINAL)
            .about("A job is failed on the first poll after its end, and then completed.")
            .phase(when(is_first_final, |phase, _| *phase = Failed)),
        fault("completed-then-pending-when-large", TERMINAL)
            .about("A large job is pending again on the second poll after its completion.")
            .phase(when(
                is_large,
                when(is_second_final, |phase, _| *phase = Pending),
            )),
        fault("completed-then-processing-with-webhook", TERMINAL)
            .about("A completed job with a webhook is processing again on the second poll.")
            .phase(when(
                has_webhook,
                when(is_second_final, |phase, _| *phase = Processing),
            )),
        fault("fulfilled-changes-after-the-end", TERMINAL)
            .about("entities_fulfilled of a completed job is zero from the second poll on.")
            .polled(when(
                |poll: &Poll| is_completed(poll) && is_later_final(poll),
                set("entities_fulfilled", 0),
            )),
    ]
}

/// Whether this is the first poll since the job is final.
fn is_first_final(poll: &Poll) -> bool {
    poll.final_number == 1
}

fn is_second_final(poll: &Poll) -> bool {
    poll.final_number == 2
}

fn is_later_final(poll: &Poll) -> bool {
    poll.final_number > 1
}

fn flicker(phase: &mut Phase, poll: &Poll) {
    if !phase.is_final() {
        *phase = if poll.number.is_multiple_of(2) {
            Pending
        } else {
            Processing
        };
    }
}

fn statuses() -> Vec<Fault> {
    vec![
        fault("processing-as-in-progress", STATUS)
            .about("A job that is worked on is \"in_progress\".")
            .polled(when(is_processing, set("status", "in_progress"))),
        fault("job-status-in-capitals", STATUS)
            .about("A job's status is written in capitals, but for that of a completed one.")
            .polled(|response, poll| {
                if poll.phase != Completed
                    && let Some(Value::String(status)) = response.get("status")
                {
                    response.set("status", status.to_uppercase());
                }
            }),
        fault("completed-as-succeeded", STATUS)
            .about("A completed job has \"succeeded\", and no links.")
            .polled(when(is_completed, set("status", "succeeded")))
            .polled(when(is_completed, remove(LINKS))),
        fault("completed-as-partial", STATUS)
            .about("A completed job in which not everyone was found is \"partially_completed\".")
            .polled(when(is_completed, |response: &mut Response, _| {
                if response.get("entities_fulfilled") != response.get("entities_requested") {
                    response.set("status", "partially_completed");
                    LINKS.iter().for_each(|key| response.remove(key));
                }
            })),
    ]
}

//! Faults in the course of a job: the statuses that it is shown in, one look after the other.

use serde_json::Value;

use super::{Fault, LARGE};
use crate::effect::Effect::{Look, Phase as Shown};
use crate::jobs::Phase::{Completed, Failed, Pending, Processing};

const PROGRESS: &[&str] = &["job.progress"];
const TERMINAL: &[&str] = &["job.terminal"];
const STATUS: &[&str] = &["job.status"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "status-goes-back-once",
        breaks: PROGRESS,
        about: "A job that waits is shown as processing on the first look, and as pending on the next one.",
        effects: &[Shown(|look| match look.phase {
            Pending if look.number == 1 => Processing,
            Processing if look.number == 2 => Pending,
            phase => phase,
        })],
    },
    Fault {
        name: "status-flickers",
        breaks: PROGRESS,
        about: "Until a job is final, every other look shows it as pending, and the others as processing.",
        effects: &[Shown(|look| match look.phase {
            Pending | Processing if look.number % 2 == 0 => Pending,
            Pending | Processing => Processing,
            phase => phase,
        })],
    },
    Fault {
        name: "status-flickers-with-webhook",
        breaks: PROGRESS,
        about: "Until it is final, every other look shows a job with a webhook as pending, and the others as processing.",
        effects: &[Shown(|look| match look.phase {
            Pending | Processing if !look.job.submission.has_webhook() => look.phase,
            Pending | Processing if look.number % 2 == 0 => Pending,
            Pending | Processing => Processing,
            phase => phase,
        })],
    },
    Fault {
        name: "completed-then-processing",
        breaks: TERMINAL,
        about: "A completed job is processing again on the second look after its completion, and then completed for good.",
        effects: &[Shown(|look| match look.final_number {
            2 => Processing,
            _ => look.phase,
        })],
    },
    Fault {
        name: "completed-then-failed",
        breaks: TERMINAL,
        about: "A completed job is failed from the second look after its completion on.",
        effects: &[Shown(|look| match look.final_number {
            0 | 1 => look.phase,
            _ => Failed,
        })],
    },
    Fault {
        name: "failed-then-completed",
        breaks: TERMINAL,
        about: "A job is failed on the first look after its end, and completed from the second on.",
        effects: &[Shown(|look| match look.final_number {
            1 => Failed,
            _ => look.phase,
        })],
    },
    Fault {
        name: "completed-then-pending-when-large",
        breaks: TERMINAL,
        about: "A large job is pending again on the second look after its completion.",
        effects: &[Shown(|look| {
            if look.identifiers() > LARGE && look.final_number == 2 {
                Pending
            } else {
                look.phase
            }
        })],
    },
    Fault {
        name: "completed-then-processing-with-webhook",
        breaks: TERMINAL,
        about: "A job with a webhook is processing again on the second look after its completion.",
        effects: &[Shown(|look| {
            if look.job.submission.has_webhook() && look.final_number == 2 {
                Processing
            } else {
                look.phase
            }
        })],
    },
    Fault {
        name: "processing-as-in-progress",
        breaks: STATUS,
        about: "A job that is worked on is \"in_progress\".",
        effects: &[Look(|answer, look| {
            if look.phase == Processing {
                answer.keys().set("status", "in_progress");
            }
        })],
    },
    Fault {
        name: "job-status-in-capitals",
        breaks: STATUS,
        about: "A job's status is written in capitals, but for that of a completed one.",
        effects: &[Look(|answer, look| {
            if look.phase != Completed
                && let Some(Value::String(status)) = answer.keys().get("status")
            {
                answer.keys().set("status", status.to_uppercase());
            }
        })],
    },
    Fault {
        name: "completed-as-succeeded",
        breaks: STATUS,
        about: "A completed job has \"succeeded\", and no links.",
        effects: &[Look(|answer, look| {
            if look.phase == Completed {
                answer.keys().set("status", "succeeded");
                answer.keys().remove("download_url");
                answer.keys().remove("download_urls");
            }
        })],
    },
    Fault {
        name: "completed-as-partial",
        breaks: STATUS,
        about: "A completed job in which not everyone was found is \"partially_completed\".",
        effects: &[Look(|answer, look| {
            let short =
                answer.keys().get("entities_fulfilled") != answer.keys().get("entities_requested");
            if look.phase == Completed && short {
                answer.keys().set("status", "partially_completed");
                answer.keys().remove("download_url");
                answer.keys().remove("download_urls");
            }
        })],
    },
];

//! Variants in what the server does: how it judges, how its jobs go, and how often it may be asked.

use std::collections::HashSet;
use std::time::Duration;

use axum::http::StatusCode;

use super::NOTHING;
use crate::config::{JobOutcome, JobTiming};
use crate::effect::Effect::{
    Delay, Delivery, Every, JudgeBackwards, Overlook, Phase, Read, Refuse, Setup, Unavailable,
};
use crate::faults::Fault;
use crate::generated::contract;
use crate::jobs::Phase as JobPhase;
use crate::rate::RateLimit;
use crate::rules::Reason;

pub(super) static VARIANTS: &[Fault] = &[
    Fault {
        name: "last-rule-first",
        breaks: NOTHING,
        about: "Of several things that are wrong with a submission, another one is told.",
        effects: &[JudgeBackwards],
    },
    Fault {
        name: "lenient-chunk-size",
        breaks: NOTHING,
        about: "A chunk size that is not written as a whole number is accepted.",
        effects: &[Overlook(|submission, reason| {
            reason == Reason::ChunkSize && !submission.has_whole_chunk_size()
        })],
    },
    Fault {
        name: "jobs-complete-at-once",
        breaks: NOTHING,
        about: "Jobs are completed before anyone can ask for them.",
        effects: &[Setup(|config| config.timing = JobTiming::AT_ONCE)],
    },
    Fault {
        name: "slow-jobs",
        breaks: NOTHING,
        about: "Jobs take four times as long.",
        effects: &[Setup(|config| {
            config.timing.pending *= 4;
            config.timing.processing *= 4;
        })],
    },
    Fault {
        name: "five-slow-slots",
        breaks: NOTHING,
        about: "Jobs take so long that the slots for active jobs are mostly taken.",
        effects: &[Setup(|config| {
            config.timing.pending *= 3;
            config.timing.processing *= 10;
        })],
    },
    Fault {
        name: "jobs-never-seen-processing",
        breaks: NOTHING,
        about: "A job is shown as pending until it is final.",
        effects: &[Phase(|look| match look.phase {
            JobPhase::Processing => JobPhase::Pending,
            phase => phase,
        })],
    },
    Fault {
        name: "jobs-never-seen-pending",
        breaks: NOTHING,
        about: "A job is shown as processing from the start.",
        effects: &[Phase(|look| match look.phase {
            JobPhase::Pending => JobPhase::Processing,
            phase => phase,
        })],
    },
    Fault {
        name: "jobs-fail",
        breaks: NOTHING,
        about: "Every job ends as failed.",
        effects: &[Setup(|config| config.outcome = JobOutcome::Failed)],
    },
    Fault {
        name: "webhook-twice",
        breaks: NOTHING,
        about: "A webhook is called twice.",
        effects: &[Delivery(|delivery, _| delivery.times = 2)],
    },
    Fault {
        name: "webhook-empty",
        breaks: NOTHING,
        about: "A webhook is called with an empty body.",
        effects: &[Delivery(|delivery, _| {
            delivery.body.clear();
            delivery.content_type = "text/plain";
        })],
    },
    Fault {
        name: "webhook-with-form",
        breaks: NOTHING,
        about: "A webhook is called with a form.",
        effects: &[Delivery(|delivery, job| {
            delivery.content_type = "application/x-www-form-urlencoded";
            delivery.body = format!("event=batch.finished&id={}", job.id);
        })],
    },
    Fault {
        name: "deduplicates-identifiers",
        breaks: NOTHING,
        about: "An identifier that is sent twice counts once.",
        effects: &[Read(|submission| {
            let mut seen = HashSet::new();
            submission
                .identifiers
                .values
                .retain(|identifier| seen.insert(identifier.clone()));
        })],
    },
    Fault {
        name: "linkedin-only",
        breaks: NOTHING,
        about: "Identifiers are refused unless they look like the profile URLs of LinkedIn.",
        effects: &[Refuse(StatusCode::BAD_REQUEST, |submission| {
            !submission
                .identifiers
                .values
                .iter()
                .all(|identifier| is_linkedin(identifier))
        })],
    },
    Fault {
        name: "five-a-second",
        breaks: NOTHING,
        about: "Five requests a second are answered, and others with 429.",
        effects: &[Setup(|config| {
            config.rate = RateLimit {
                requests: 5,
                window: Duration::from_secs(1),
            }
        })],
    },
    Fault {
        name: "few-a-minute",
        breaks: NOTHING,
        about: "As many requests a minute are answered as the provider documents elsewhere, and others with 429.",
        effects: &[Setup(|config| config.rate = FEW_A_MINUTE)],
    },
    Fault {
        name: "few-a-minute-without-headers",
        breaks: NOTHING,
        about: "The same, but no header says so, and the 429 is plain text.",
        effects: &[
            Setup(|config| config.rate = FEW_A_MINUTE),
            Every(|answer| {
                answer.rate = None;
                if answer.status == StatusCode::TOO_MANY_REQUESTS {
                    answer.set_text("text/plain", "Too Many Requests");
                }
            }),
        ],
    },
    Fault {
        name: "unavailable-now-and-then",
        breaks: NOTHING,
        about: "Now and then a request is answered with 503, before anything is done.",
        effects: &[Unavailable(23)],
    },
    Fault {
        name: "slow-answers",
        breaks: NOTHING,
        about: "Every answer takes a while.",
        effects: &[Delay(Duration::from_millis(20))],
    },
];

const FEW_A_MINUTE: RateLimit = RateLimit {
    requests: contract::limits::REQUESTS_PER_MINUTE,
    window: Duration::from_secs(60),
};

/// Whether this is the URL of one person's profile: the site, `/in/`, and a slug.
fn is_linkedin(identifier: &str) -> bool {
    let Ok(url) = url::Url::parse(identifier) else {
        return false;
    };
    let slug = url
        .path()
        .strip_prefix("/in/")
        .map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    let is_slug = |slug: &str| {
        slug.len() >= 3
            && slug
                .chars()
                .all(|char| char.is_ascii_alphanumeric() || char == '-')
    };
    url.scheme() == "https"
        && url.host_str() == Some("www.linkedin.com")
        && slug.is_some_and(is_slug)
}

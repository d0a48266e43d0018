//! The benign variants: departures that the contract leaves open, which must never turn a clause red.

use std::collections::HashSet;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::answer::{Answer, Framing, Payload};
use super::config::{JobOutcome, JobTiming};
use super::effect::Effect::{
    Accepted, Delay, Every, Job, JudgeBackwards, Overlook, Read, Refuse, Setup, Unavailable,
};
use super::faults::Fault;
use super::rate::RateLimit;
use super::rules::Reason;
use crate::generated::contract;

/// Breaks nothing.
const NOTHING: &[&str] = &[];

/// Every benign variant.
pub fn variants() -> impl Iterator<Item = &'static Fault> {
    VARIANTS.iter()
}

static VARIANTS: &[Fault] = &[
    Fault {
        name: "created",
        breaks: NOTHING,
        about: "Submissions are accepted with 201.",
        effects: &[Accepted(|answer, _| answer.status = StatusCode::CREATED)],
    },
    Fault {
        name: "accepted",
        breaks: NOTHING,
        about: "Submissions are accepted with 202.",
        effects: &[Accepted(|answer, _| answer.status = StatusCode::ACCEPTED)],
    },
    Fault {
        name: "extra-keys",
        breaks: NOTHING,
        about: "Every answer has keys that nobody knows.",
        effects: &[Every(|answer| {
            answer.keys().set("request_id", "req-1");
            answer.keys().set("warnings", json!([]));
            answer
                .error_keys()
                .set("documentation_url", "https://example.com/errors");
        })],
    },
    Fault {
        name: "other-key-order",
        breaks: NOTHING,
        about: "Every answer has its keys in another order, and white space between them.",
        effects: &[Every(reverse_keys)],
    },
    Fault {
        name: "charset",
        breaks: NOTHING,
        about: "The content type has a charset.",
        effects: &[Every(|answer| {
            answer.content_type = "application/json; charset=utf-8"
        })],
    },
    Fault {
        name: "content-type-in-capitals",
        breaks: NOTHING,
        about: "The content type has odd capitals and spaces.",
        effects: &[Every(|answer| {
            answer.content_type = "Application/JSON ;Charset=UTF-8"
        })],
    },
    Fault {
        name: "connection-close",
        breaks: NOTHING,
        about: "Every connection is closed after one answer.",
        effects: &[Every(|answer| answer.framing = Framing::Close)],
    },
    Fault {
        name: "chunked",
        breaks: NOTHING,
        about: "Every body comes in chunks.",
        effects: &[Every(|answer| answer.framing = Framing::Chunked)],
    },
    Fault {
        name: "gzip",
        breaks: NOTHING,
        about: "Every body is compressed, unless the request rules it out.",
        effects: &[Every(|answer| answer.framing = Framing::Gzip)],
    },
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
        name: "metadata-list",
        breaks: NOTHING,
        about: "The metadata of every error is a list.",
        effects: &[Every(|answer| {
            if let Some(metadata) = answer.error_keys().get("metadata") {
                answer
                    .error_keys()
                    .set("metadata", json!([{"path": "body"}, metadata]));
            }
        })],
    },
    Fault {
        name: "metadata-null",
        breaks: NOTHING,
        about: "The metadata of an error that has none is null.",
        effects: &[Every(|answer| {
            if answer.error_keys().get("metadata") == Some(json!({})) {
                answer.error_keys().set("metadata", Value::Null);
            }
        })],
    },
    Fault {
        name: "unauthorized-enveloped",
        breaks: NOTHING,
        about: "A 401 has the envelope of the other errors.",
        effects: &[Every(|answer| {
            if answer.status == StatusCode::UNAUTHORIZED {
                let error =
                    json!({"type": "unauthorized", "message": "No valid API key.", "metadata": {}});
                answer.body = Payload::Json(json!({"error": error}));
            }
        })],
    },
    Fault {
        name: "bad-request-for-not-found",
        breaks: NOTHING,
        about: "What is not found is answered with 400.",
        effects: &[Every(|answer| {
            if answer.status == StatusCode::NOT_FOUND {
                answer.status = StatusCode::BAD_REQUEST;
            }
        })],
    },
    Fault {
        name: "optional-values-null",
        breaks: NOTHING,
        about: "A job's optional values are null where there is nothing to say, and its counts always.",
        effects: &[Job(|job, _| {
            for key in [
                "identifier_count",
                "entities_requested",
                "entities_fulfilled",
            ] {
                job.insert(key.to_owned(), Value::Null);
            }
            for key in [
                "result_count",
                "download_url",
                "download_urls",
                "error_message",
            ] {
                job.entry(key).or_insert(Value::Null);
            }
        })],
    },
    Fault {
        name: "optional-values-absent",
        breaks: NOTHING,
        about: "A job has no optional values beyond its link and what it takes to judge it.",
        effects: &[Job(|job, _| {
            let kept = ["download_url", "download_urls", "result_count"];
            job.retain(|key, value| {
                let is_required = contract::JOB_KEYS.iter().any(|(name, _)| name == key);
                is_required || (kept.contains(&key.as_str()) && !value.is_null())
            });
        })],
    },
    Fault {
        name: "optional-values-zero",
        breaks: NOTHING,
        about: "A job's counts are zero, its links empty and its message blank where there is nothing to say.",
        effects: &[Job(|job, _| {
            for (key, nothing) in [
                ("entities_fulfilled", json!(0)),
                ("result_count", json!(0)),
                ("download_url", json!("")),
                ("download_urls", json!([])),
                ("error_message", json!("")),
            ] {
                job.entry(key).or_insert(nothing);
            }
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
        name: "jobs-fail",
        breaks: NOTHING,
        about: "Every job ends as failed.",
        effects: &[Setup(|config| config.outcome = JobOutcome::Failed)],
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
        about: "Every seventh request is answered with 503, before anything is done.",
        effects: &[Unavailable(7)],
    },
    Fault {
        name: "slow-answers",
        breaks: NOTHING,
        about: "Every answer takes a while.",
        effects: &[Delay(Duration::from_millis(20))],
    },
];

const FEW_A_MINUTE: RateLimit = RateLimit {
    requests: contract::REQUESTS_PER_MINUTE,
    window: Duration::from_secs(60),
};

/// Writes the keys of an object backwards.
fn reverse_keys(answer: &mut Answer) {
    if let Payload::Json(Value::Object(body)) = &answer.body {
        let keys: Vec<_> = body
            .iter()
            .rev()
            .map(|(key, value)| format!("\n  {} : {value}", Value::from(key.as_str())))
            .collect();
        answer.body = Payload::Text(format!("{{{}\n}}\n", keys.join(" ,")));
    }
}

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

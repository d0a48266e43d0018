//! Variants in what the server does: how it judges, how its jobs go, and how often it may be asked.

use std::collections::HashSet;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use chrono::Utc;

use crate::conduct::{JobOutcome, JobTiming};
use crate::edits::{overlook, refuse};
use crate::generated::contract;
use crate::hooks::{Fault, variant};
use crate::jobs::Phase;
use crate::rate::RateLimit;
use crate::rules::Reason;

pub(super) fn variants() -> Vec<Fault> {
    [judging(), jobs(), webhooks(), limits()]
        .into_iter()
        .flatten()
        .collect()
}

fn judging() -> Vec<Fault> {
    vec![
        variant("last-rule-first")
            .about("Of several things that are wrong with a submission, another one is told.")
            .reasons(|reasons, _| reasons.reverse()),
        variant("lenient-chunk-size")
            .about("A chunk size that is not written as a whole number is accepted.")
            .reasons(overlook(|it, reason| {
                reason == Reason::ChunkSize && !it.has_whole_chunk_size()
            })),
        variant("deduplicates-identifiers")
            .about("An identifier that is sent twice counts once.")
            .submission(|submission, _| {
                let mut seen = HashSet::new();
                let identifiers = &mut submission.identifiers.values;
                identifiers.retain(|identifier| seen.insert(identifier.clone()));
            }),
        variant("linkedin-only")
            .about("Identifiers are refused unless they look like the profile URLs of LinkedIn.")
            .reasons(refuse(StatusCode::BAD_REQUEST, |submission| {
                let mut identifiers = submission.identifiers.values.iter();
                !identifiers.all(|identifier| is_linkedin(identifier))
            })),
    ]
}

fn jobs() -> Vec<Fault> {
    vec![
        variant("jobs-complete-at-once")
            .about("Jobs are completed before anyone can ask for them.")
            .conduct(|conduct, _| conduct.timing = JobTiming::AT_ONCE),
        variant("slow-jobs")
            .about("Jobs take four times as long.")
            .conduct(|conduct, _| {
                conduct.timing.pending *= 4;
                conduct.timing.processing *= 4;
            }),
        variant("five-slow-slots")
            .about("Jobs take so long that mostly as many are active as may be.")
            .conduct(|conduct, _| {
                conduct.timing.pending *= 3;
                conduct.timing.processing *= 10;
            }),
        variant("jobs-never-seen-processing")
            .about("A job is shown as pending until it is final.")
            .phase(|phase, _| {
                if *phase == Phase::Processing {
                    *phase = Phase::Pending;
                }
            }),
        variant("jobs-never-seen-pending")
            .about("A job is shown as processing from the start.")
            .phase(|phase, _| {
                if *phase == Phase::Pending {
                    *phase = Phase::Processing;
                }
            }),
        variant("jobs-start-at-once")
            .about("Jobs are worked on from the start.")
            .conduct(|conduct, _| conduct.timing.pending = Duration::ZERO),
        variant("jobs-wait-long")
            .about("Jobs wait three times as long before they are worked on.")
            .conduct(|conduct, _| conduct.timing.pending *= 3),
        variant("later-jobs-take-longer")
            .about("From the tenth on, jobs take twice as long.")
            .job(|job, _| {
                if job.number >= 10 {
                    let longer = job.completed - job.created;
                    job.completed += longer;
                    job.notified = job.completed;
                }
            }),
        variant("later-jobs-fail")
            .about("From the sixth on, jobs end as failed.")
            .job(|job, _| {
                if job.number > 5 {
                    job.outcome = JobOutcome::Failed;
                }
            }),
        variant("first-job-fails")
            .about("The first job ends as failed.")
            .job(|job, _| {
                if job.number == 1 {
                    job.outcome = JobOutcome::Failed;
                }
            }),
        variant("every-second-job-fails")
            .about("Every second job ends as failed.")
            .job(|job, _| {
                if job.number.is_multiple_of(2) {
                    job.outcome = JobOutcome::Failed;
                }
            }),
        variant("jobs-fail")
            .about("Every job ends as failed.")
            .conduct(|conduct, _| conduct.outcome = JobOutcome::Failed),
    ]
}

fn webhooks() -> Vec<Fault> {
    vec![
        variant("webhook-twice")
            .about("A webhook is called twice.")
            .delivery(|delivery, _| delivery.times = 2),
        variant("webhook-empty")
            .about("A webhook is called with an empty body.")
            .delivery(|delivery, _| {
                delivery.body.clear();
                delivery.content_type = "text/plain";
            }),
        variant("webhook-in-xml")
            .about("A webhook is called with XML.")
            .delivery(|delivery, job| {
                delivery.content_type = "application/xml";
                delivery.body = format!("<batch id=\"{}\"/>", job.id);
            }),
        variant("webhook-with-more")
            .about("A webhook is called with the status and more.")
            .delivery(|delivery, job| {
                delivery.body = serde_json::json!({
                    "event": "batch.finished", "attempt": 1,
                    "data": {"batch_id": job.id, "count": job.identifiers().len()},
                })
                .to_string();
            }),
        variant("webhook-with-form")
            .about("A webhook is called with a form.")
            .delivery(|delivery, job| {
                delivery.content_type = "application/x-www-form-urlencoded";
                delivery.body = format!("event=batch.finished&id={}", job.id);
            }),
    ]
}

fn limits() -> Vec<Fault> {
    vec![
        variant("rate-reset-minus-one")
            .about("x-ratelimit-reset is -1.")
            .response(|response, ()| {
                if let Some(rate) = &mut response.rate {
                    rate.reset = HeaderValue::from_static("-1");
                }
            }),
        variant("rate-reset-is-moment")
            .about("x-ratelimit-reset is a point in time, in seconds since 1970.")
            .response(|response, ()| {
                if let Some(rate) = &mut response.rate {
                    let seconds = rate.reset.to_str().ok().and_then(|text| text.parse().ok());
                    let now = Utc::now().timestamp();
                    rate.reset = (now + seconds.unwrap_or(0)).into();
                }
            }),
        variant("five-a-second")
            .about("Five requests a second are admitted, whatever they are for, and others throttled.")
            .conduct(|conduct, _| {
                conduct.rates.key = Some(RateLimit {
                    requests: 5,
                    window: Duration::from_secs(1),
                });
            }),
        variant("few-a-minute-in-all")
            .about("As many requests a minute are admitted, whatever they are for, as the provider documents for one endpoint elsewhere.")
            .conduct(|conduct, _| conduct.rates.key = Some(FEW_A_MINUTE)),
        variant("few-a-minute")
            .about("As many requests a minute are admitted for each operation on jobs as the provider documents elsewhere.")
            .conduct(|conduct, _| conduct.rates.jobs = FEW_A_MINUTE),
        variant("few-a-minute-without-headers")
            .about("The same, but no header says so, and the 429 is plain text.")
            .conduct(|conduct, _| conduct.rates.jobs = FEW_A_MINUTE)
            .response(|response, _| {
                response.rate = None;
                if response.status == StatusCode::TOO_MANY_REQUESTS {
                    response.set_text("text/plain", "Too Many Requests");
                }
            }),
        variant("unavailable-now-and-then")
            .about("Now and then a request gets 503, before anything is done.")
            .conduct(|conduct, _| conduct.unavailable_every = Some(23)),
        variant("no-rate-headers")
            .about("No header says how many requests are left.")
            .response(|response, _| response.rate = None),
        variant("slow-answers")
            .about("Every response takes a while.")
            .conduct(|conduct, _| conduct.latency = Duration::from_millis(20)),
    ]
}

const FEW_A_MINUTE: RateLimit = RateLimit::a_minute(contract::limits::REQUESTS_PER_MINUTE);

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

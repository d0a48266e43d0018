//! What each answer says: pure functions from what was asked and what came back to a finding.

use chrono::Utc;
use http::StatusCode;
use serde_json::Value;
use url::Url;

use super::finding::{Answers, Finding, State};
use crate::evidence::{date, is_absent, state};
use crate::exchange::{Exchange, FailureKind};
use crate::generated::contract::{account::endpoints::status, header, limits, prices, submit};
use crate::runner::{is_loopback, is_refused, key_remedy, likely_cause, strange};

/// Seconds by which clocks may differ, with the time that an answer takes.
const MOST_SKEW: i64 = 30;

/// How the key travels.
pub(super) fn transport(base_url: &Url) -> Finding {
    match base_url.scheme() {
        "https" => ok(
            "transport",
            "HTTPS; the certificate is held against the system's CAs",
        ),
        _ if is_loopback(base_url) => ok("transport", "plain HTTP, on this machine"),
        _ => wrong(
            "transport",
            "plain HTTP: the key can be read on the way",
            "use a --base-url that begins with https://",
        ),
    }
}

/// Why there is no server of this API, where there is none.
pub(super) fn unreachable(base_url: &Url, list: &Exchange) -> Option<Finding> {
    if let Err(failure) = &list.outcome {
        let broke_off = failure.kind == FailureKind::Broken;
        let likely = likely_cause(base_url.scheme(), broke_off, &failure.detail);
        let says = format!("the target can't be reached: {}", failure.detail);
        let remedy = likely.map_or("check --base-url, and the network".to_owned(), |likely| {
            format!("the likely cause: {likely}")
        });
        return Some(wrong("server", says, remedy));
    }
    let strange = strange(list)?;
    let says = format!("not a server of this API, or not in order: it answers {strange}");
    Some(wrong("server", says, "check --base-url"))
}

/// All findings about a server that is one of this API.
pub(super) fn all(answers: &Answers) -> Vec<Finding> {
    vec![
        key(&answers.list),
        access(&answers.endpoints),
        rate(answers),
        balance(&answers.credits),
        places(&answers.active),
        charges(&answers.events),
        clock(&answers.list),
    ]
}

/// Whether the server has paths for the account.
pub(super) fn has_account(answers: &Answers) -> bool {
    state(&answers.credits).is_some() || state(&answers.events).is_some()
}

fn key(list: &Exchange) -> Finding {
    match list.status() {
        Some(status) if status.is_success() => ok("key", "the key lists the account's jobs"),
        Some(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {
            wrong("key", format!("refused with {status}"), key_remedy(status))
        }
        Some(status) if is_refused(list) => wrong(
            "key",
            format!("the list of jobs is refused with {status}"),
            "check --base-url",
        ),
        _ => unknown("key", list),
    }
}

fn access(endpoints: &Exchange) -> Finding {
    let Some(entry) = entry(endpoints) else {
        return if state(endpoints).is_some() {
            says(
                "access",
                State::Unknown,
                "the submission is not among the account's endpoints",
            )
        } else {
            unknown("access", endpoints)
        };
    };
    let is = entry
        .get("status")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let disabled = entry.pointer("/fields/disabled").and_then(Value::as_array);
    let disabled: Vec<&str> = disabled
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let missing: Vec<&str> = (submit::fields::VALUES.iter().copied())
        .filter(|field| disabled.contains(field))
        .collect();
    match is {
        status::ENABLED if missing.is_empty() => ok("access", "the account may submit jobs"),
        status::ENABLED => wrong(
            "access",
            format!(
                "fields that the account does not get: {}",
                missing.join(", ")
            ),
            "ask the provider for them, or skip what needs them with --skip",
        ),
        status::NOT_ENABLED | status::DISABLED => wrong(
            "access",
            format!("the submission is {is} for this account"),
            "batch access is switched on by the provider: ask for it",
        ),
        _ => says(
            "access",
            State::Unknown,
            "the server does not say whether the account may submit",
        ),
    }
}

/// The entry of the submission.
fn entry(endpoints: &Exchange) -> Option<&Value> {
    let entries = state(endpoints)?.get("endpoints")?.as_array()?;
    let mut entries = entries.iter();
    entries.find(|entry| entry.get("path").is_some_and(|path| path == submit::PATH))
}

/// The submission's own limit, or else what the list's headers say.
fn rate(answers: &Answers) -> Finding {
    let limit =
        entry(&answers.endpoints).and_then(|entry| entry.get("effective_rate_limit_rpm")?.as_f64());
    if let Some(limit) = limit {
        return ok(
            "rate limit",
            format!(
                "{limit} submissions a minute: --rpm {}",
                limit.max(1.0).floor()
            ),
        );
    }
    let response = answers.list.outcome.as_ref().ok();
    let header = response.and_then(|response| {
        response
            .headers
            .get(header::RATE_LIMIT_LIMIT)?
            .to_str()
            .ok()
    });
    let assumed = limits::REQUESTS_PER_MINUTE;
    let text = match header {
        Some(limit) => {
            format!("the list's headers say {limit} in a window; a run assumes {assumed} a minute")
        }
        None => format!("not said; a run assumes {assumed} requests a minute"),
    };
    says("rate limit", State::Unknown, text)
}

fn balance(credits: &Exchange) -> Finding {
    let balance = state(credits).and_then(|body| body.get("account")?.get("credits")?.as_f64());
    match balance {
        None => unknown("balance", credits),
        Some(balance) if balance <= 0.0 => wrong(
            "balance",
            format!("{balance} credits: submissions are refused"),
            "buy credits; without any, a run with --max-jobs 0 can still go ahead",
        ),
        Some(balance) => ok(
            "balance",
            format!(
                "{balance} credits, enough for {} persons at worst ({} credits each)",
                (balance / prices::PERSON).floor(),
                prices::PERSON
            ),
        ),
    }
}

fn places(active: &[Exchange; 2]) -> Finding {
    let mut count = 0;
    for page in active {
        let jobs = state(page).and_then(|page| page.get("jobs")?.as_array());
        match jobs {
            Some(jobs) => count += jobs.len(),
            None => return unknown("places", page),
        }
    }
    let most = limits::ACTIVE_JOBS;
    if count < most {
        ok(
            "places",
            format!("{} of {most} places for active jobs are free", most - count),
        )
    } else {
        wrong(
            "places",
            format!("{count} jobs are active, and {most} may be"),
            "wait until some are over: submissions are throttled before",
        )
    }
}

fn charges(events: &Exchange) -> Finding {
    if state(events).is_some() {
        ok(
            "charges",
            "usage events can be read: a run says what was charged",
        )
    } else {
        unknown("charges", events)
    }
}

fn clock(list: &Exchange) -> Finding {
    let Some(there) = date(list) else {
        return says(
            "clock",
            State::Unknown,
            "the server does not say what time it is",
        );
    };
    let ahead = Utc::now().timestamp() - there;
    if ahead.abs() <= MOST_SKEW {
        return ok("clock", format!("within {MOST_SKEW} s of the server's"));
    }
    let (by, way) = (ahead.abs(), if ahead > 0 { "ahead of" } else { "behind" });
    wrong(
        "clock",
        format!("{by} s {way} the server's"),
        "set this machine's clock: links expire and usage is listed by time",
    )
}

/// What can't be known for what came back.
fn unknown(about: &'static str, exchange: &Exchange) -> Finding {
    let why = match &exchange.outcome {
        _ if is_absent(exchange) && !exchange.throttled() => {
            "the server does not have it, or not for this key".to_owned()
        }
        Ok(response) => format!("the server answered {}", response.status),
        Err(failure) => failure.detail.clone(),
    };
    says(about, State::Unknown, why)
}

fn ok(about: &'static str, text: impl Into<String>) -> Finding {
    says(about, State::Ok, text)
}

fn wrong(about: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding {
        remedy: Some(remedy.into()),
        ..says(about, State::Wrong, text)
    }
}

fn says(about: &'static str, state: State, text: impl Into<String>) -> Finding {
    Finding {
        about,
        state,
        says: text.into(),
        remedy: None,
    }
}

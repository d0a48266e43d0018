//! `account.endpoints`

use serde_json::Value;
use url::form_urlencoded;

use crate::checks::accounts::{self, shown};
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::contract::request::Operation;
use crate::evidence::Seen;
use crate::exchange::Request;
use crate::generated::contract::account::endpoints::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "account.endpoints",
    level: Level::Doc,
    text: "`endpoints` is a list; with `path=` it holds that path alone or nothing; `effective_rate_limit_rpm` is a \
           number or null; `status` is `{account::endpoints::status::VALUES}`.",
    source: "the provider's documentation: permissions",
    fix: Fix::in_both(
        "Write `endpoints` as a list also where it has one item or none, and apply `path=` before it is written.",
        "Ask before the first submission whether the account may submit, and for which fields.",
    ),
    applies: |request| accounts::asks(request) && request.operation() == Operation::Endpoints,
    needs: Needs::NOTHING,
    judge: Judge::Course(|| Box::new(accounts::Each(judge))),
};

fn judge(seen: &Seen<'_>) -> Option<Judgement> {
    let request = &seen.exchange.request;
    if !(CHECK.applies)(request) {
        return None;
    }
    Some(accounts::judge_object(seen, |body| {
        let Some(endpoints) = body.get("endpoints").and_then(Value::as_array) else {
            let got = shown("endpoints", body.get("endpoints"));
            return Judgement::violated("`endpoints`: a list", got);
        };
        let path = asked_for(request);
        let mut judged = (endpoints.iter()).map(|endpoint| judge_one(endpoint, path.as_deref()));
        judged
            .find(|judgement| *judgement != Judgement::Satisfied)
            .unwrap_or(Judgement::Satisfied)
    }))
}

/// The path that a request filters by, as it was meant.
fn asked_for(request: &Request) -> Option<String> {
    let (_, query) = request.destination.as_str().split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(key, value)| (key == "path").then(|| value.into_owned()))
}

/// Keys that are not there are open.
fn judge_one(endpoint: &Value, path: Option<&str>) -> Judgement {
    let Some(endpoint) = endpoint.as_object() else {
        return Judgement::violated(
            "an object for each endpoint",
            shown("endpoints", Some(endpoint)),
        );
    };
    let its = endpoint.get("path");
    if let Some(path) = path
        && its.and_then(Value::as_str) != Some(path)
    {
        return Judgement::violated(format!("`{path}` alone"), shown("path", its));
    }
    let limit = endpoint.get("effective_rate_limit_rpm");
    if limit.is_some_and(|limit| !limit.is_number() && !limit.is_null()) {
        let got = shown("effective_rate_limit_rpm", limit);
        return Judgement::violated("`effective_rate_limit_rpm`: a number or null", got);
    }
    let is = endpoint.get("status");
    let known = |text: &str| status::VALUES.contains(&text);
    if is.is_some_and(|is| !is.as_str().is_some_and(known)) {
        let expected = format!("`status`: one of {}", status::VALUES.join(", "));
        return Judgement::violated(expected, shown("status", is));
    }
    Judgement::Satisfied
}

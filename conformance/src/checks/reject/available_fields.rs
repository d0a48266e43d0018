//! `reject.available-fields`

use http::StatusCode;
use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;
use crate::contract::repeated::repeats_a_key;
use crate::generated::contract::submit::fields;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.available-fields",
    level: Level::Must,
    text: "The {status_code::BAD_REQUEST} after an unsupported field lists every supported value in \
           `error.metadata.available_fields`.",
    source: "the submission page: `fields`",
    fix: Fix::in_both(
        "Write `error.metadata.available_fields` from the same list that the check uses, as a list of strings.",
        "Show the list to your user: it says what to ask for instead.",
    ),
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::UnsupportedField)
    },
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        if repeats_a_key(&exchange.request.body) {
            return Judgement::not_applicable("it may be refused for the key that stands twice");
        }
        let error = match &exchange.outcome {
            Ok(response) if response.status == StatusCode::BAD_REQUEST => response
                .json()
                .and_then(|body| body.get("error"))
                .filter(|error| error.is_object()),
            _ => return Judgement::not_applicable("no unsupported field was answered with 400"),
        };
        // A body without an envelope is the business of `reject.error-body`.
        let Some(error) = error else {
            return Judgement::not_applicable("the body has no `error` object");
        };
        let listed = available_fields(error.get("metadata").unwrap_or(&Value::Null));
        let missing: Vec<&str> = fields::VALUES
            .iter()
            .copied()
            .filter(|field| !listed.contains(field))
            .collect();
        if missing.is_empty() {
            Judgement::Satisfied
        } else {
            Judgement::violated(
                format!("`available_fields`: {}", fields::VALUES.join(", ")),
                format!("`available_fields` without {}", missing.join(", ")),
            )
        }
    }),
};

/// The list, in `metadata` itself or, where that is a list, in any of its objects.
fn available_fields(metadata: &Value) -> Vec<&str> {
    let holders = match metadata {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    holders
        .iter()
        .filter_map(|holder| holder.get("available_fields")?.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

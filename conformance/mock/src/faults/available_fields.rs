//! Faults in the list of the supported fields that the refusal of an unsupported one has.

use serde_json::{Value, json};

use crate::edits::{Clauses, has_supported, has_text_fields, when};
use crate::generated::contract::submit::fields;
use crate::hooks::{Fault, Hook, fault};
use crate::response::Response;
use crate::rules::{Reason, Refusal};

const AVAILABLE: Clauses = &["reject.available-fields"];

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault("available-fields-without-last", AVAILABLE)
            .about("The list of the supported fields lacks the last.")
            .refused(metadata(
                || json!({"available_fields": fields::VALUES[..fields::VALUES.len() - 1]}),
            )),
        fault("available-fields-without-first-for-strings", AVAILABLE)
            .about("The list of the supported fields lacks the first if they came as a string.")
            .refused(when(
                has_text_fields,
                metadata(|| json!({"available_fields": fields::VALUES[1..]})),
            )),
        fault("available-fields-empty", AVAILABLE)
            .about("The list of the supported fields is empty.")
            .refused(metadata(|| json!({"available_fields": []}))),
        fault("available-fields-as-string", AVAILABLE)
            .about("The supported fields are one string instead of a list.")
            .refused(metadata(
                || json!({"available_fields": fields::VALUES.join(", ")}),
            )),
        fault("available-fields-in-capitals", AVAILABLE)
            .about("The supported fields are listed in capitals.")
            .refused(metadata(|| {
                let capitals = fields::VALUES.iter().map(|field| field.to_uppercase());
                json!({"available_fields": capitals.collect::<Vec<_>>()})
            })),
        fault("no-available-fields", AVAILABLE)
            .about("The supported fields are not listed.")
            .refused(metadata(|| json!({}))),
        fault("no-available-fields-beside-supported", AVAILABLE)
            .about("The supported fields are not listed if one of them was sent.")
            .refused(when(
                |it: &Refusal| has_supported(&it.submission),
                metadata(|| json!({})),
            )),
        fault("available-fields-outside-metadata", AVAILABLE)
            .about("The supported fields are listed beside metadata instead of in it.")
            .refused(metadata(|| json!({})))
            .refused(when(is_unsupported, |response: &mut Response, _| {
                response.set_in_error("available_fields", json!(fields::VALUES));
            })),
        fault("available-fields-under-another-name", AVAILABLE)
            .about("The supported fields are listed under another name.")
            .refused(metadata(|| json!({"supported_fields": fields::VALUES}))),
    ]
}

/// Replaces the metadata of the error for an unsupported field.
fn metadata(metadata: fn() -> Value) -> impl Hook<Response, Refusal> {
    when(is_unsupported, move |response: &mut Response, _| {
        response.set_in_error("metadata", metadata());
    })
}

fn is_unsupported(refusal: &Refusal) -> bool {
    refusal.reason == Reason::UnsupportedField
}

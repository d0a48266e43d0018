//! Faults that accept fields that must be refused: none, or unsupported ones; and faults in the list of the
//! supported ones.

use serde_json::{Value, json};

use super::Fault;
use crate::answer::Answer;
use crate::effect::Effect::{Overlook, Read, Refused};
use crate::generated::contract;
use crate::rules::Reason;
use crate::submission::{Form, Submission};

const MISSING: &[&str] = &["reject.missing-fields"];
const EMPTY: &[&str] = &["reject.empty-fields"];
const UNSUPPORTED: &[&str] = &["reject.unsupported-field"];
const AVAILABLE: &[&str] = &["reject.available-fields"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "fields-default-to-all",
        breaks: MISSING,
        about: "A submission without fields is taken to ask for all of them.",
        effects: &[Read(|it| {
            if it.fields.form == Form::Absent {
                it.fields.form = Form::List;
                it.fields.values = contract::submit::fields::VALUES
                    .iter()
                    .map(ToString::to_string)
                    .collect();
            }
        })],
    },
    Fault {
        name: "accepts-empty-fields",
        breaks: EMPTY,
        about: "No fields at all are accepted, in either form.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::EmptyFields && it.fields.form != Form::Absent
        })],
    },
    Fault {
        name: "accepts-empty-field-list",
        breaks: EMPTY,
        about: "An empty list of fields is accepted.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::EmptyFields && it.fields.form == Form::List
        })],
    },
    Fault {
        name: "accepts-empty-field-string",
        breaks: EMPTY,
        about: "An empty string of fields is accepted.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::EmptyFields && it.fields.is_text()
        })],
    },
    Fault {
        name: "accepts-unsupported-fields",
        breaks: UNSUPPORTED,
        about: "Any field is accepted.",
        effects: &[Overlook(|_, reason| reason == Reason::UnsupportedField)],
    },
    Fault {
        name: "accepts-unsupported-beside-supported",
        breaks: UNSUPPORTED,
        about: "An unsupported field is accepted beside a supported one.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::UnsupportedField && has_supported(it)
        })],
    },
    Fault {
        name: "accepts-unsupported-alone",
        breaks: UNSUPPORTED,
        about: "An unsupported field is accepted when it is alone.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::UnsupportedField && it.fields.len() == 1
        })],
    },
    Fault {
        name: "accepts-unsupported-in-strings",
        breaks: UNSUPPORTED,
        about: "An unsupported field is accepted in a string.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::UnsupportedField && it.fields.is_text()
        })],
    },
    Fault {
        name: "accepts-unsupported-in-lists",
        breaks: UNSUPPORTED,
        about: "An unsupported field is accepted in a list.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::UnsupportedField && it.fields.form == Form::List
        })],
    },
    Fault {
        name: "checks-first-field-only",
        breaks: UNSUPPORTED,
        about: "Only the first of the fields is looked at.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::UnsupportedField
                && it
                    .fields
                    .values
                    .first()
                    .is_some_and(|field| is_supported(field))
        })],
    },
    Fault {
        name: "checks-last-field-only",
        breaks: UNSUPPORTED,
        about: "Only the last of the fields is looked at.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::UnsupportedField
                && it
                    .fields
                    .values
                    .last()
                    .is_some_and(|field| is_supported(field))
        })],
    },
    Fault {
        name: "drops-unsupported-fields",
        breaks: UNSUPPORTED,
        about: "Unsupported fields beside supported ones are dropped in silence.",
        effects: &[Read(|it| {
            if has_supported(it) {
                it.fields.values.retain(|field| is_supported(field));
            }
        })],
    },
    Fault {
        name: "fields-in-any-case",
        breaks: UNSUPPORTED,
        about: "Fields are accepted in capitals.",
        effects: &[Read(|it| {
            for field in &mut it.fields.values {
                field.make_ascii_lowercase();
            }
        })],
    },
    Fault {
        name: "accepts-parts-of-any-name",
        breaks: UNSUPPORTED,
        about: "Any name is accepted that begins with a supported field and a dot.",
        effects: &[Overlook(|it, reason| {
            let begins = |field: &String| {
                is_supported(field)
                    || field
                        .rsplit_once('.')
                        .is_some_and(|(parent, _)| is_supported(parent))
            };
            reason == Reason::UnsupportedField && it.fields.values.iter().all(begins)
        })],
    },
    Fault {
        name: "available-fields-without-last",
        breaks: AVAILABLE,
        about: "The list of the supported fields lacks the last.",
        effects: &[Refused(|answer, _, reason| {
            edit_available(answer, reason, |mut fields| {
                fields.pop();
                fields.into()
            });
        })],
    },
    Fault {
        name: "available-fields-without-first-for-strings",
        breaks: AVAILABLE,
        about: "The list of the supported fields lacks the first if the fields came as a string.",
        effects: &[Refused(|answer, submission, reason| {
            if submission.fields.is_text() {
                edit_available(answer, reason, |fields| fields[1..].into());
            }
        })],
    },
    Fault {
        name: "available-fields-empty",
        breaks: AVAILABLE,
        about: "The list of the supported fields is empty.",
        effects: &[Refused(|answer, _, reason| {
            edit_available(answer, reason, |_| json!([]))
        })],
    },
    Fault {
        name: "available-fields-as-string",
        breaks: AVAILABLE,
        about: "The supported fields are one string instead of a list.",
        effects: &[Refused(|answer, _, reason| {
            edit_available(answer, reason, |_| {
                contract::submit::fields::VALUES.join(", ").into()
            });
        })],
    },
    Fault {
        name: "available-fields-in-capitals",
        breaks: AVAILABLE,
        about: "The supported fields are listed in capitals.",
        effects: &[Refused(|answer, _, reason| {
            edit_available(answer, reason, |_| {
                contract::submit::fields::VALUES
                    .iter()
                    .map(|field| field.to_uppercase())
                    .collect()
            });
        })],
    },
    Fault {
        name: "no-available-fields",
        breaks: AVAILABLE,
        about: "The supported fields are not listed.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::UnsupportedField {
                answer.error_keys().set("metadata", json!({}));
            }
        })],
    },
    Fault {
        name: "no-available-fields-beside-supported",
        breaks: AVAILABLE,
        about: "The supported fields are not listed if one of them was sent.",
        effects: &[Refused(|answer, submission, reason| {
            if reason == Reason::UnsupportedField && has_supported(submission) {
                answer.error_keys().set("metadata", json!({}));
            }
        })],
    },
    Fault {
        name: "available-fields-outside-metadata",
        breaks: AVAILABLE,
        about: "The supported fields are listed beside metadata instead of in it.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::UnsupportedField {
                answer.error_keys().set("metadata", json!({}));
                answer.error_keys().set(
                    "available_fields",
                    contract::submit::fields::VALUES.to_vec(),
                );
            }
        })],
    },
    Fault {
        name: "available-fields-under-another-name",
        breaks: AVAILABLE,
        about: "The supported fields are listed under another name.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::UnsupportedField {
                answer.error_keys().set(
                    "metadata",
                    json!({"supported_fields": contract::submit::fields::VALUES}),
                );
            }
        })],
    },
];

fn is_supported(field: &str) -> bool {
    contract::submit::fields::VALUES.contains(&field)
}

fn has_supported(submission: &Submission) -> bool {
    submission
        .fields
        .values
        .iter()
        .any(|field| is_supported(field))
}

/// Replaces the list of the supported fields after an unsupported one.
fn edit_available(answer: &mut Answer, reason: Reason, edit: fn(Vec<&'static str>) -> Value) {
    if reason == Reason::UnsupportedField {
        let available = edit(contract::submit::fields::VALUES.to_vec());
        answer
            .error_keys()
            .set("metadata", json!({"available_fields": available}));
    }
}

//! Faults that accept identifiers that must be refused: too many, none, or of another type.

use super::{Fault, LARGE};
use crate::effect::Effect::{Overlook, Read};
use crate::generated::contract;
use crate::rules::Reason;
use crate::submission::{Form, Shape, Submission};

const TOO_MANY: &[&str] = &["reject.too-many-identifiers"];
const MISSING: &[&str] = &["reject.missing-identifiers"];
const OTHER: &[&str] = &["reject.other-identifier"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "accepts-too-many",
        breaks: TOO_MANY,
        about: "Any number of identifiers is accepted.",
        effects: &[Overlook(|_, reason| reason == Reason::TooManyIdentifiers)],
    },
    Fault {
        name: "accepts-one-too-many",
        breaks: TOO_MANY,
        about: "One identifier too many is accepted, and two are not.",
        effects: &[Overlook(is_one_too_many)],
    },
    Fault {
        name: "accepts-one-too-many-as-string",
        breaks: TOO_MANY,
        about: "One identifier too many is accepted as a string.",
        effects: &[Overlook(|it, reason| {
            is_one_too_many(it, reason) && it.identifiers.is_text()
        })],
    },
    Fault {
        name: "accepts-one-too-many-as-list",
        breaks: TOO_MANY,
        about: "One identifier too many is accepted as a list.",
        effects: &[Overlook(|it, reason| {
            is_one_too_many(it, reason) && !it.identifiers.is_text()
        })],
    },
    Fault {
        name: "accepts-too-many-as-string",
        breaks: TOO_MANY,
        about: "Any number of identifiers is accepted as a string.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::TooManyIdentifiers && it.identifiers.is_text()
        })],
    },
    Fault {
        name: "accepts-far-too-many",
        breaks: TOO_MANY,
        about: "Identifiers are accepted if they are far too many, and refused if they are a few too many.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::TooManyIdentifiers
                && it.identifiers.len() > contract::submit::identifiers::MAX + LARGE
        })],
    },
    Fault {
        name: "drops-identifiers-beyond-max",
        breaks: TOO_MANY,
        about: "Identifiers beyond those that there may be are dropped in silence.",
        effects: &[Read(|it| {
            it.identifiers
                .values
                .truncate(contract::submit::identifiers::MAX)
        })],
    },
    Fault {
        name: "drops-identifiers-beyond-max-in-strings",
        breaks: TOO_MANY,
        about: "Identifiers in a string beyond those that there may be are dropped in silence.",
        effects: &[Read(|it| {
            if it.identifiers.is_text() {
                it.identifiers
                    .values
                    .truncate(contract::submit::identifiers::MAX);
            }
        })],
    },
    Fault {
        name: "takes-string-for-one-identifier",
        breaks: &[
            "reject.too-many-identifiers",
            "submit.identifier-count",
            "result.every-identifier",
        ],
        about: "A string of identifiers is taken for one identifier with commas in it.",
        effects: &[Read(|it| {
            if it.identifiers.is_text() && it.identifiers.len() > 1 {
                it.identifiers.values = vec![it.identifiers.values.join(",")];
            }
        })],
    },
    Fault {
        name: "accepts-missing-identifiers",
        breaks: MISSING,
        about: "A submission without identifiers, of this or another type, is accepted.",
        effects: &[Overlook(|it, reason| {
            is_absent(it, reason) && !it.has_other_keys
        })],
    },
    Fault {
        name: "accepts-missing-keys",
        breaks: &["reject.missing-identifiers", "reject.missing-fields"],
        about: "A submission that lacks identifiers or fields is accepted.",
        effects: &[Overlook(|it, reason| {
            (is_absent(it, reason) && !it.has_other_keys)
                || reason == Reason::MissingFields
                || (reason == Reason::EmptyFields && it.fields.form == Form::Absent)
        })],
    },
    Fault {
        name: "accepts-other-identifier",
        breaks: OTHER,
        about: "A submission with another identifier type alone is accepted.",
        effects: &[Overlook(|it, reason| {
            is_absent(it, reason) && it.has_other_keys
        })],
    },
];

fn is_one_too_many(submission: &Submission, reason: Reason) -> bool {
    reason == Reason::TooManyIdentifiers
        && submission.identifiers.len() == contract::submit::identifiers::MAX + 1
}

fn is_absent(submission: &Submission, reason: Reason) -> bool {
    reason == Reason::MissingIdentifiers
        && submission.body == Shape::Object
        && submission.identifiers.form == Form::Absent
}

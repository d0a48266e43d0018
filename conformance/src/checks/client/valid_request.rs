//! `client.valid-request`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::contract::expectation::{Expectation, Reason};
use crate::contract::request::Operation;
use crate::exchange::Exchange;
use crate::generated::contract::submit::{chunk_size, fields, identifiers};

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.valid-request",
    level: Level::Must,
    text: "What it submits deserves acceptance: {submit::identifiers::MIN} to {submit::identifiers::MAX} identifiers, supported fields, `chunk_size` in range.",
    source: "the submission page",
    fix: Fix::in_client(
        "Check a request before you send it, and let lists be split at {submit::identifiers::MAX}, so that one which the API refuses can't be made.",
    ),
    applies: |request| request.operation() == Operation::Submit,
    needs: Needs::NOTHING,
    judge: Judge::Each(judge),
};

fn judge(exchange: &Exchange) -> Judgement {
    let reasons = match exchange.request.expectation() {
        Expectation::Accept(_) => return Judgement::Satisfied,
        Expectation::Tolerate(_, about) | Expectation::Open(about) => {
            return Judgement::not_applicable(*about);
        }
        Expectation::Refuse(reasons) => reasons,
    };
    // The first that is not about the headers: those have clauses of their own.
    match reasons.iter().find_map(|reason| rule(*reason)) {
        Some((expected, got)) => Judgement::violated(expected, got),
        None => Judgement::Satisfied,
    }
}

/// What the rule asks for, and what breaking it is.
fn rule(reason: Reason) -> Option<(String, &'static str)> {
    let named = || format!("`{}`", identifiers::KEY);
    Some(match reason {
        Reason::MissingAuthorization
        | Reason::UnknownKey
        | Reason::MissingApiVersion
        | Reason::OtherApiVersion => return None,
        Reason::MalformedBody => ("a JSON object".to_owned(), "something else"),
        Reason::MissingIdentifiers => (named(), "none"),
        Reason::OtherIdentifier => (named(), "another kind of identifier"),
        Reason::TooManyIdentifiers => (
            format!("at most {} identifiers", identifiers::MAX),
            "more of them",
        ),
        Reason::MissingFields => ("`fields`".to_owned(), "none"),
        Reason::EmptyFields => ("one of the `fields` at least".to_owned(), "none"),
        Reason::UnsupportedField => (
            format!("`fields` of `{}`", fields::VALUES.join("`, `")),
            "another one",
        ),
        Reason::ChunkSize => (
            format!(
                "`chunk_size` from {} to {}",
                chunk_size::MIN,
                chunk_size::MAX
            ),
            "another one",
        ),
    })
}

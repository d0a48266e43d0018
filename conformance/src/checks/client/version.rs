//! `client.version`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::contract::request::{Operation, Version};
use crate::exchange::Exchange;
use crate::generated::contract::{API_VERSION, header};

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.version",
    level: Level::Must,
    text: "Every submission carries `{header::API_VERSION}: {API_VERSION}`.",
    source: "the submission page",
    fix: Fix::in_client(
        "Set `{header::API_VERSION}: {API_VERSION}` where the HTTP client is made, as a constant.",
    ),
    applies: |request| request.operation() == Operation::Submit,
    needs: Needs::NOTHING,
    judge: Judge::Each(judge),
};

fn judge(exchange: &Exchange) -> Judgement {
    let expected = || format!("`{}: {API_VERSION}`", header::API_VERSION);
    match exchange.request.version() {
        Version::Current => Judgement::Satisfied,
        Version::Absent => Judgement::violated(expected(), "no such header"),
        Version::Other => Judgement::violated(expected(), "another version"),
    }
}

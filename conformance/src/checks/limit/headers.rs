//! `limit.headers`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::{Needs, Submissions};
use crate::contract::request::Operation;
use crate::exchange::Exchange;
use crate::generated::contract::header;

pub(in crate::checks) static CHECK: Check = Check {
    id: "limit.headers",
    level: Level::Doc,
    text: "`x-ratelimit-limit`, `-remaining` and `-reset`, where sent, are whole numbers; `-reset` is in seconds.",
    source: "the provider's documentation: limits",
    fix: Fix::in_both(
        "Write whole numbers, not below zero, and in `{header::RATE_LIMIT_RESET}` the seconds until there is room again: no time of day, no fraction.",
        "Wait for as long as `{header::RATE_LIMIT_RESET}` says before you ask again.",
    ),
    applies: |request| {
        let operation = request.operation();
        // A server without the account's paths answers there with what stands before it.
        !operation.is_account()
            && !matches!(operation, Operation::Download(_) | Operation::Delivery(_))
    },
    needs: Needs {
        // What is throttled has headers of its own.
        submissions: Submissions::OneTooMany,
        ..Needs::NOTHING
    },
    judge: Judge::Each(judge),
};

const NAMES: [&str; 3] = [
    header::RATE_LIMIT_LIMIT,
    header::RATE_LIMIT_REMAINING,
    header::RATE_LIMIT_RESET,
];

fn judge(exchange: &Exchange) -> Judgement {
    let Ok(response) = &exchange.outcome else {
        return Judgement::not_applicable("no response");
    };
    let mut sent = false;
    for name in NAMES {
        let Some(value) = response.headers.get(name) else {
            continue;
        };
        sent = true;
        let text = String::from_utf8_lossy(value.as_bytes());
        match text.trim().parse::<u64>() {
            // A point in time, as seconds since 1970, is open, and so is what -1 stands for.
            Ok(_) => {}
            Err(_) if name == header::RATE_LIMIT_RESET && text.trim() == "-1" => {}
            Err(_) => {
                return Judgement::violated(
                    format!("`{name}`: a whole number"),
                    format!("{text:?}"),
                );
            }
        }
    }
    if sent {
        Judgement::Satisfied
    } else {
        Judgement::not_applicable("no response had such a header")
    }
}

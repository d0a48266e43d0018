//! `client.authorization`

use http::header;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::contract::request::{Credential, Destination};
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.authorization",
    level: Level::Must,
    text: "Every call to the API carries `Authorization: Bearer <key>`.",
    source: "the submission page",
    fix: Fix::in_client(
        "Set `Authorization: Bearer <key>` where the HTTP client is made, so that no call to the API is without it.",
    ),
    applies: |request| matches!(request.destination, Destination::Api { .. }),
    needs: Needs::NOTHING,
    judge: Judge::Each(judge),
};

fn judge(exchange: &Exchange) -> Judgement {
    let expected = "`Authorization: Bearer <key>`";
    let request = &exchange.request;
    match request.credential() {
        Credential::Configured => Judgement::Satisfied,
        // No server takes such a request: whoever recorded it took the key out.
        Credential::Absent if exchange.accepted() => {
            Judgement::not_applicable("accepted without a key: the recording does not hold it")
        }
        Credential::Absent => Judgement::violated(expected, "no `Authorization`"),
        Credential::UnknownKey => Judgement::violated(expected, "another key"),
        Credential::Other => {
            let value = request
                .headers
                .get(header::AUTHORIZATION)
                .map(|v| v.as_bytes());
            let scheme = value.and_then(|value| value.split(|byte| *byte == b' ').next());
            let scheme = String::from_utf8_lossy(scheme.unwrap_or_default());
            // The name of a scheme may have any case (RFC 9110, section 11.1).
            if scheme.eq_ignore_ascii_case("bearer") {
                return Judgement::Satisfied;
            }
            Judgement::violated(expected, "another scheme than `Bearer`")
        }
    }
}

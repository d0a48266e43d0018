//! What a client must understand of the response to a submission.

use serde_json::{Value, json};

use super::building::{FAILURE, ID, ONCE, TOLERATES, answer, case, json_answer};
use super::case::{Body, Outcome, ResponseCase, Understood};
use crate::generated::contract::{header, status_code, submit};

pub(super) fn submissions() -> Vec<ResponseCase> {
    let accepted = || Understood::Submit(Outcome::Accepted(ID.to_owned()));
    let unknown = || Understood::Submit(Outcome::Unknown);
    let example: Value = serde_json::from_str(submit::example::RESPONSE).unwrap_or_default();
    let mut extra = example.clone();
    extra["request_id"] = json!("req-1");
    extra["warnings"] = json!([]);
    let bare = json!({"batch_id": ID});
    let mut without_id = example.clone();
    if let Some(keys) = without_id.as_object_mut() {
        keys.retain(|key, _| key != "batch_id" && key != "status_url");
    }
    let mut cases: Vec<_> = [200, 201, 202]
        .into_iter()
        .map(|code| {
            let name = format!("accepted-with-{code}");
            let about = "A submission is accepted, with any of the statuses that are open.";
            case(
                &name,
                about,
                TOLERATES,
                json_answer(code, &example),
                accepted(),
            )
        })
        .collect();
    cases.extend([
        case(
            "accepted-with-extra-keys",
            "Keys that nobody knows change nothing.",
            TOLERATES,
            json_answer(200, &extra),
            accepted(),
        ),
        case(
            "accepted-with-id-alone",
            "A job that has an id is made, whatever else is missing: it is paid for.",
            TOLERATES,
            json_answer(200, &bare),
            accepted(),
        ),
        case(
            "success-without-id",
            "A 2xx without an id may have made a job.",
            ONCE,
            json_answer(200, &without_id),
            unknown(),
        ),
        case(
            "success-of-html",
            "A 2xx that is not JSON may have made a job.",
            ONCE,
            answer(200, "text/html", Body::Text("<html>OK</html>".to_owned())),
            unknown(),
        ),
        case(
            "server-error",
            "A 5xx may have made a job.",
            ONCE,
            json_answer(
                status_code::SERVER_ERROR,
                &error("internal_error", json!({})),
            ),
            unknown(),
        ),
        case(
            "bad-gateway-of-html",
            "So may one of a gateway.",
            ONCE,
            answer(
                502,
                "text/html",
                Body::Text("<html>Bad Gateway</html>".to_owned()),
            ),
            unknown(),
        ),
    ]);
    cases
}

fn error(kind: &str, metadata: Value) -> Value {
    json!({"error": {"type": kind, "message": "It is refused.", "metadata": metadata}})
}

pub(super) fn refusals() -> Vec<ResponseCase> {
    let refused = || Understood::Submit(Outcome::Refused);
    let flat = json!({"message": "No valid API key."});
    let denied = json!([{"denied_fields": ["personal_contact_info"]}]);
    let rows = [
        (
            "bad-request",
            status_code::BAD_REQUEST,
            error("invalid_request", json!({})),
        ),
        ("unauthorized-flat", status_code::UNAUTHORIZED, flat),
        (
            "out-of-credits",
            status_code::INSUFFICIENT_CREDITS,
            error("insufficient_credits", json!({})),
        ),
        (
            "forbidden-with-list",
            status_code::FORBIDDEN,
            error("permission_error", denied),
        ),
    ];
    let mut cases: Vec<_> = rows
        .into_iter()
        .map(|(name, code, body)| {
            let about = "A submission is refused, and trying again does not help.";
            case(name, about, FAILURE, json_answer(code, &body), refused())
        })
        .collect();
    let mut throttled = json_answer(
        status_code::TOO_MANY_REQUESTS,
        &error("rate_limit_exceeded", json!({})),
    );
    for (name, value) in [
        (header::RATE_LIMIT_LIMIT, "15"),
        (header::RATE_LIMIT_REMAINING, "0"),
        (header::RATE_LIMIT_RESET, "7"),
    ] {
        throttled.headers.insert(name, value.to_owned());
    }
    cases.push(case(
        "throttled",
        "A submission is turned away for now, and the headers say for how long.",
        "client.pace",
        throttled,
        Understood::Submit(Outcome::Throttled(7)),
    ));
    cases
}

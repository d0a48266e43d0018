//! Mishaps: what a client may meet, whatever the server owes. An answer is lost on the way, an account runs out of
//! credits, a link expires. `conformance client` tells by them what a client makes of it; they break no clause of the
//! server's, or it is not the server that is judged.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::edits::{refuse, remove, when};
use crate::generated::contract::{job, status_code, submit};
use crate::hooks::{Fault, variant};
use crate::jobs::{Job, Poll};
use crate::response::{ELSEWHERE, Framing, Response};
use crate::rules::{Reason, Refusal};

/// How long an answer is held back that never comes: longer than a client waits, or so it is to seem.
const HELD: Duration = Duration::from_secs(20);

/// Every mishap.
pub(crate) fn all() -> Vec<Fault> {
    [answers(), elsewhere(), refusals(), jobs()]
        .into_iter()
        .flatten()
        .collect()
}

fn answers() -> Vec<Fault> {
    vec![
        variant("answer-lost")
            .about("The connection breaks when the first job was made, before its answer is sent.")
            .accepted(when(is_first, |response: &mut Response, _| {
                response.framing = Framing::Dropped;
            })),
        variant("answer-cut-off")
            .about("The connection breaks in the middle of the answer to the first job.")
            .accepted(when(is_first, |response: &mut Response, _| {
                response.framing = Framing::Truncated;
            })),
        variant("answer-late")
            .about("The answer to the first job is held back for 20 s, and then lost.")
            .accepted(when(is_first, |response: &mut Response, _| {
                (response.held, response.framing) = (HELD, Framing::Dropped);
            })),
        variant("answer-failed")
            .about("The first job is made, and answered with 500.")
            .accepted(when(is_first, |response: &mut Response, _| {
                let message = "Something went wrong.";
                let status = status(status_code::SERVER_ERROR);
                *response = Response::error(status, "internal_error", message, json!({}));
            })),
        variant("answer-garbage")
            .about("The first job is made, and answered with 200 and a page of HTML.")
            .accepted(when(is_first, |response: &mut Response, _| {
                response.set_text("text/html", "<html><body>OK</body></html>");
            })),
        variant("answer-without-id")
            .about("The first job is made, and answered without its id.")
            .accepted(when(
                is_first,
                remove(&[job::ID_KEY, submit::accepted::STATUS_URL_KEY]),
            )),
        variant("request-lost")
            .about("The first submission is lost, with its answer: no job is made.")
            .reasons(refuse(StatusCode::BAD_GATEWAY, |submission| {
                submission.number == 1
            }))
            .refused(|response, refusal| {
                if refusal.submission.number == 1 {
                    response.framing = Framing::Dropped;
                }
            }),
        variant("list-with-foreign-actions")
            .about("The list has older jobs of other endpoints, with actions that nobody knows.")
            .page(|response, _| {
                let Some(Value::Array(mut jobs)) = response.get("jobs") else {
                    return;
                };
                jobs.push(json!({
                    "batch_id": "00000000-0000-4000-8000-000000000001",
                    "status": job::status::COMPLETED,
                    "entity": "company",
                    "action": "company_v2024",
                    "created_at": "2025-01-01T00:00:00.000000+00:00",
                    "completed_at": "2025-01-01T00:02:00.000000+00:00",
                }));
                response.set("jobs", jobs);
            }),
    ]
}

fn elsewhere() -> Vec<Fault> {
    vec![
        variant("status-url-elsewhere")
            .about("The status_url of a job is absolute, and leads to another origin.")
            .accepted(|response, job| {
                let path = job::PATH.replace("{batch_id}", &job.id.to_string());
                let url = format!("{ELSEWHERE}{}", path.trim_start_matches('/'));
                response.set(submit::accepted::STATUS_URL_KEY, url);
            }),
        variant("poll-redirected")
            .about("The first poll of a job is redirected to another origin.")
            .polled(when(
                |poll: &Poll| poll.total == 1,
                |response: &mut Response, poll: &Poll| {
                    let path = job::PATH.replace("{batch_id}", &poll.job.id.to_string());
                    redirect(response, StatusCode::FOUND, &path);
                },
            )),
        variant("submission-redirected")
            .about("Every submission is redirected to another origin, and makes no job.")
            .reasons(refuse(StatusCode::TEMPORARY_REDIRECT, |_| true))
            .refused(|response, refusal: &Refusal| {
                if matches!(refusal.reason, Reason::Unfounded(_)) {
                    redirect(response, StatusCode::TEMPORARY_REDIRECT, submit::PATH);
                }
            }),
    ]
}

fn refusals() -> Vec<Fault> {
    let refusal = |name: &'static str, code: u16, reason: Reason| {
        variant(name)
            .about(format!("Every submission is refused with {code}."))
            .reasons(move |reasons, _| reasons.push(reason))
    };
    let (bad, forbidden) = (status_code::BAD_REQUEST, status_code::FORBIDDEN);
    vec![
        refusal("refused-as-bad", bad, Reason::Unfounded(status(bad))),
        refusal(
            "refused-as-unauthorized",
            status_code::UNAUTHORIZED,
            Reason::UnknownKey,
        ),
        refusal(
            "refused-for-credits",
            status_code::INSUFFICIENT_CREDITS,
            Reason::NoCredits,
        ),
        refusal(
            "refused-as-forbidden",
            forbidden,
            Reason::Unfounded(status(forbidden)),
        )
        .refused(|response, refusal| {
            response.set_in_error("type", "permission_error");
            let denied: Vec<&str> = refusal.submission.fields.iter().collect();
            response.set_in_error("metadata", json!([{"denied_fields": denied}]));
        }),
    ]
}

fn jobs() -> Vec<Fault> {
    vec![
        variant("link-expired")
            .about("The links that the first poll of a completed job gives have expired.")
            .polled(when(
                |poll: &Poll| poll.final_total == 1,
                |response: &mut Response, _| {
                    if let Some(Value::String(link)) = response.get("download_url") {
                        response.set("download_url", expired(&link));
                    }
                    if let Some(Value::Array(links)) = response.get("download_urls") {
                        let links = links.iter().filter_map(Value::as_str).map(expired);
                        response.set("download_urls", links.collect::<Vec<_>>());
                    }
                },
            )),
        variant("parts-of-ten")
            .about("Results come in parts of ten records, whatever was asked for.")
            .job(|job, ()| job.chunk_size = submit::chunk_size::MIN as usize),
        variant("flat-records")
            .about("Every other record is its bare data, with the address and an id beside it.")
            .records(|records, _| {
                for record in records.iter_mut().skip(1).step_by(2) {
                    let mut data = record["data"].take();
                    data["professional_network_url"] = record["original_identifier"].take();
                    data["person_id"] = record["internal_id"].take();
                    *record = data;
                }
            }),
    ]
}

fn is_first(job: &Job) -> bool {
    job.number == 1
}

fn redirect(response: &mut Response, status: StatusCode, path: &str) {
    *response = Response::error(status, "moved", "It is elsewhere.", json!({}));
    response.location = Some(format!("{ELSEWHERE}{}", path.trim_start_matches('/')));
}

/// The link, with the first second of time as its end.
fn expired(link: &str) -> String {
    let parts = link
        .split('&')
        .map(|part| match part.split_once("expires=") {
            Some((before, _)) => format!("{before}expires=0"),
            None => part.to_owned(),
        });
    parts.collect::<Vec<_>>().join("&")
}

/// The status of this code, which the contract names.
fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

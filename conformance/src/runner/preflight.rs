//! The first requests of a run: whether there is a server, whether it takes the key, and whether it is this API at all.
//! Where it is not, the run says so once, and judges nothing.

use std::sync::Arc;

use http::{StatusCode, header};

use super::requests;
use super::sender::Sender;
use super::stop::Stop;
use super::submitter::{Sent, Submitter};
use crate::exchange::{Exchange, Request};
use crate::probes::Probe;
use crate::probes::submission::{Authorization, Submission};

/// The most requests of a preflight: the list, as often as may go unanswered, and a submission.
pub(super) const REQUESTS: u64 = 4;

/// Asks for the list, and sends a submission without a key where that response looks like another server's.
pub(super) async fn run(sender: &Sender<'_>, submitter: &mut Submitter<'_>) -> Result<(), Stop> {
    let list = first_response(sender).await?;
    // A wrong key would make every clause look violated, or satisfied.
    let key = match list.status() {
        Some(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {
            Err(Stop::KeyRefused { status })
        }
        _ => Ok(()),
    };
    let first = match (strange(&list), &key) {
        (Some(first), _) => first,
        (None, Ok(())) if is_refused(&list) => described(&list, "no list of jobs"),
        (None, _) => return key,
    };
    // The list alone may be what is wrong with a server of this API.
    let mut submission = Submission::plain(sender.config.seed);
    submission.authorization = Authorization::Absent;
    let probe = Probe {
        name: "no Authorization".to_owned(),
        submission,
    };
    let Sent::Exchange(_, exchange) = submitter.submit(&probe).await? else {
        return key;
    };
    match strange(&exchange) {
        Some(second) => Err(Stop::NotThisApi(format!("{first}, and {second}"))),
        None => key,
    }
}

/// Asks for the list until there is a response, or the sender gives up.
async fn first_response(sender: &Sender<'_>) -> Result<Arc<Exchange>, Stop> {
    let mut broke_off = false;
    loop {
        match sender.ask(requests::newest()).await {
            Ok(exchange) if exchange.status().is_some() => return Ok(exchange),
            Ok(_) => broke_off = true,
            Err(Stop::Unreachable(detail)) => {
                let scheme = sender.config.base_url.scheme();
                return Err(match likely_cause(scheme, broke_off, &detail) {
                    Some(likely) => Stop::NoHttp { detail, likely },
                    None => Stop::Unreachable(detail),
                });
            }
            Err(stop) => return Err(stop),
        }
    }
}

/// What most likely keeps a server that takes connections from answering.
pub(crate) fn likely_cause(scheme: &str, broke_off: bool, detail: &str) -> Option<&'static str> {
    // As hyper and rustls put it; whatever another verifier says is shown as it is.
    let says = |words: &str| detail.contains(words);
    match scheme {
        _ if says("invalid HTTP header") => {
            Some("what answers speaks HTTP, and sends a header that HTTP does not allow")
        }
        "http" if broke_off => Some(
            "the port speaks TLS (then --base-url begins with https://), or is not that of an HTTP server",
        ),
        "https" if says("received corrupt message") => Some(
            "the port speaks plain HTTP (then --base-url begins with http://), or is not that of an HTTP server",
        ),
        "https" if says("invalid peer certificate") => Some(
            "this machine does not trust the server's certificate; that of a private CA is named by SSL_CERT_FILE",
        ),
        _ => None,
    }
}

/// Whether a server says that a request that is valid is not, as one does where the path stands for something else.
pub(crate) fn is_refused(exchange: &Exchange) -> bool {
    let status = exchange.status();
    status.is_some_and(|status| status.is_client_error()) && !exchange.throttled()
}

/// What makes a response look like that of another server than this API, or of one that is down, in words.
pub(crate) fn strange(exchange: &Exchange) -> Option<String> {
    let response = exchange.outcome.as_ref().ok()?;
    let status = response.status;
    let page = response.media_type() == "text/html";
    let location = response.headers.get(header::LOCATION);
    let what = if status.is_redirection() {
        let location = location.map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
        format!("Location: {}", location.as_deref().unwrap_or("none"))
    } else if page && (status.is_success() || status.is_client_error()) && !exchange.throttled() {
        "a page of HTML".to_owned()
    } else if status.is_server_error() && !exchange.throttled() {
        "an error of its own".to_owned()
    } else if matches!(
        status,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
    ) {
        "no such operation".to_owned()
    } else {
        return None;
    };
    Some(described(exchange, &what))
}

/// What was sent and the status that came back, with what that is.
fn described(exchange: &Exchange, what: &str) -> String {
    let status = exchange.status();
    let status = status.map_or_else(String::new, |status| status.to_string());
    let Request {
        method,
        destination,
        ..
    } = &exchange.request;
    format!("{method} {destination} with {status} ({what})")
}

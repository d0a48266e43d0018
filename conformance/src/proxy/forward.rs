//! Passes one exchange on, and gives a copy to be judged.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use super::belt::{Belt, Blocked, Passed};
use super::links::Links;
use super::tee::{End, Tee};
use super::watch::{Ticket, Watch, now};
use crate::contract::request::{Destination, Operation, UNRECORDED_BODY};
use crate::exchange::{Failure, FailureKind, Response as Seen};
use crate::generated::contract::media_type;
use crate::traffic::{Met, Place, unpacked};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// A body that is passed on.
pub(super) type Body = UnsyncBoxBody<Bytes, BoxError>;
/// What reaches the upstream server.
pub(super) type Upstream = Client<HttpsConnector<HttpConnector>, Body>;

/// What a response of the proxy's own carries, and its value.
const OWN: (HeaderName, HeaderValue) = (
    HeaderName::from_static("x-conformance-proxy"),
    HeaderValue::from_static("blocked"),
);
/// Headers that are about a connection, not about what is passed on (RFC 9110, section 7.6.1).
const OF_A_CONNECTION: [HeaderName; 6] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// What all exchanges share.
pub(super) struct Shared {
    pub(super) client: Upstream,
    /// Base URL of the upstream server, without a slash at its end.
    pub(super) upstream: String,
    /// Base URL of the proxy, where links are to lead through it.
    pub(super) through: Option<String>,
    /// `None` where the proxy only watches.
    pub(super) belt: Option<Mutex<Belt>>,
    pub(super) links: Links,
    pub(super) watch: Watch,
    /// Is told what is not passed on.
    pub(super) tell: Mutex<super::Tell>,
}

/// The request as it is to be judged, and what is known of it.
struct Asked {
    ticket: Ticket,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Arc<Mutex<Option<Bytes>>>,
    passed: Option<Passed>,
    job: Option<String>,
}

/// Passes a request on.
pub(super) async fn forward(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let ticket = shared.watch.begin();
    let (mut parts, body) = request.into_parts();
    let path = parts
        .uri
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    let link = shared.links.find(&path);
    let destination = Destination::from(path.clone());
    let operation = Operation::of(&parts.method, &destination);
    let mut asked = Asked {
        ticket,
        method: parts.method.clone(),
        url: link
            .clone()
            .unwrap_or_else(|| format!("{}{path}", shared.upstream)),
        headers: parts.headers.clone(),
        body: Arc::default(),
        passed: None,
        job: match operation {
            Operation::Job(id) if link.is_none() => Some(id.to_owned()),
            _ => None,
        },
    };
    let body = if operation == Operation::Submit {
        // A submission is small, and is looked at before it is passed on.
        let bytes = match body.collect().await {
            Ok(bytes) => bytes.to_bytes(),
            Err(error) => {
                shared.watch.forget(ticket);
                return Ok(own(StatusCode::BAD_REQUEST, &error.to_string()));
            }
        };
        if let Some(belt) = &shared.belt {
            let passed = lock(belt).pass(&bytes);
            match passed {
                Ok(passed) => asked.passed = Some(passed),
                Err(blocked) => {
                    shared.watch.forget(ticket);
                    return Ok(shared.block(&blocked));
                }
            }
        }
        *lock(&asked.body) = Some(bytes.clone());
        boxed(Full::new(bytes))
    } else {
        let kept = asked.body.clone();
        boxed(Tee::new(body, move |end| {
            *lock(&kept) = match end {
                End::Whole(Some(body)) => Some(body.into()),
                _ => None,
            };
        }))
    };
    clean(&mut parts.headers);
    if shared.through.is_some() && asked.job.is_some() {
        // Links can be rewritten only where they can be read.
        parts.headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        );
    }
    let Ok(uri) = asked.url.parse::<Uri>() else {
        return Ok(shared.failed(asked, FailureKind::Connect, "not a URL".to_owned()));
    };
    if let Some(host) = uri
        .authority()
        .and_then(|host| HeaderValue::from_str(host.as_str()).ok())
        && let Some(place) = parts.headers.get_mut(header::HOST)
    {
        *place = host;
    }
    parts.uri = uri;
    parts.version = http::Version::HTTP_11;
    match shared
        .client
        .request(Request::from_parts(parts, body))
        .await
    {
        Ok(response) => Ok(shared.answer(asked, response).await),
        Err(error) => {
            let kind = if error.is_connect() {
                FailureKind::Connect
            } else {
                FailureKind::Broken
            };
            Ok(shared.failed(asked, kind, with_causes(&error)))
        }
    }
}

impl Shared {
    /// Passes a response on.
    async fn answer(self: Arc<Self>, asked: Asked, response: Response<Incoming>) -> Response<Body> {
        let (mut parts, body) = response.into_parts();
        let (status, headers) = (parts.status, parts.headers.clone());
        clean(&mut parts.headers);
        if let (Some(through), Some(_)) = (&self.through, &asked.job) {
            let through = through.clone();
            return match body.collect().await {
                Ok(body) => {
                    let body = body.to_bytes();
                    let rewritten = self.links.rewrite(&body, &through);
                    self.end(asked, status, headers, End::Whole(Some(body.to_vec())));
                    let body = rewritten.map_or(body, Bytes::from);
                    if parts.headers.contains_key(header::CONTENT_LENGTH) {
                        parts
                            .headers
                            .insert(header::CONTENT_LENGTH, body.len().into());
                    }
                    Response::from_parts(parts, boxed(Full::new(body)))
                }
                Err(error) => self.failed(asked, FailureKind::Broken, error.to_string()),
            };
        }
        let shared = self.clone();
        let body = Tee::new(body, move |end| shared.end(asked, status, headers, end));
        Response::from_parts(parts, boxed(body))
    }

    /// Takes note of an exchange that is over.
    fn end(&self, asked: Asked, status: StatusCode, headers: HeaderMap, end: End) {
        let lacks = |kind, detail: String| {
            Err(Failure {
                kind,
                status: Some(status),
                detail,
            })
        };
        let outcome = match end {
            End::Whole(Some(body)) => {
                let body = unpacked(body.into(), &headers);
                Ok(Seen::new(status, headers, body))
            }
            End::Whole(None) => lacks(FailureKind::TooLarge, "a body that is too large".to_owned()),
            End::Broken(detail) => lacks(FailureKind::Broken, detail),
            End::Left => lacks(
                FailureKind::NotRecorded,
                "the client did not wait for the whole response".to_owned(),
            ),
        };
        self.judge(asked, outcome);
    }

    /// Answers for a server that does not.
    fn failed(&self, asked: Asked, kind: FailureKind, detail: String) -> Response<Body> {
        let response = own(StatusCode::BAD_GATEWAY, &detail);
        let status = None;
        self.judge(
            asked,
            Err(Failure {
                kind,
                status,
                detail,
            }),
        );
        response
    }

    fn judge(&self, asked: Asked, outcome: Result<Seen, Failure>) {
        let body = outcome
            .as_ref()
            .ok()
            .map(|response| (response.status, &response.body[..]));
        if let Some(belt) = &self.belt {
            if let Some(passed) = asked.passed {
                lock(belt).answered(passed, body);
            }
            if let (Some(id), Some((_, body))) = (&asked.job, body) {
                lock(belt).polled(id, body);
            }
        }
        let ended = now();
        let sent_body = lock(&asked.body).take();
        self.watch.end(
            asked.ticket,
            Met {
                place: Place::default(),
                sent: asked.ticket.sent,
                took: u64::try_from(ended - asked.ticket.sent).unwrap_or_default(),
                method: asked.method,
                url: asked.url,
                headers: asked.headers,
                body: sent_body.unwrap_or_else(|| UNRECORDED_BODY.into()),
                outcome,
            },
        );
    }

    fn block(&self, blocked: &Blocked) -> Response<Body> {
        lock(&self.tell)(&format!("blocked: {blocked}"));
        let mut response = own(blocked.status(), &blocked.to_string());
        response.headers_mut().insert(OWN.0, OWN.1);
        response
    }
}

/// A response of the proxy's own, in the shape of the API's errors.
fn own(status: StatusCode, message: &str) -> Response<Body> {
    let error = json!({"error": {"type": "conformance_proxy", "message": message, "metadata": {}}});
    let mut response = Response::new(boxed(Full::new(Bytes::from(error.to_string()))));
    *response.status_mut() = status;
    let json = HeaderValue::from_static(media_type::JSON);
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn boxed<B>(body: B) -> Body
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    body.map_err(Into::into).boxed_unsync()
}

/// Takes out what is about the connection.
fn clean(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = (headers.get_all(header::CONNECTION).iter())
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let is_out = |name: &HeaderName| named.contains(name) || OF_A_CONNECTION.contains(name);
    if headers.keys().any(is_out) {
        // To remove one would change the order of the others.
        let kept = headers.iter().filter(|(name, _)| !is_out(name));
        *headers = kept
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text += &format!(": {inner}");
        source = inner.source();
    }
    text
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

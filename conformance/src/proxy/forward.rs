//! Passes one exchange on, and gives a copy to be noted.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use url::{Position, Url};

use super::body::{Body, boxed};
use super::headers::{clean, keep_readable};
use super::links::Links;
use super::open::{Asked, Notes, Open};
use super::own::{blocked, own};
use super::tee::{End, Tee};
use crate::causes::with_causes;
use crate::contract::request::{Destination, Operation};
use crate::exchange::FailureKind;
use crate::lock::lock;

/// What reaches the upstream server.
pub(super) type Upstream = Client<HttpsConnector<HttpConnector>, Body>;

/// What all exchanges share.
pub(super) struct Shared {
    pub(super) client: Upstream,
    /// Base URL of the upstream server, without a slash at its end.
    pub(super) upstream: String,
    /// Base URL of the proxy, where links are to lead through it. A request that names a host goes before it.
    pub(super) through: Option<String>,
    pub(super) links: Links,
    pub(super) notes: Arc<Notes>,
    /// Is told what is not passed on.
    pub(super) tell: Mutex<super::Tell>,
}

/// Passes a request on.
pub(super) async fn forward(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path_and_query();
    let path = resolved(path.map_or("/", |path| path.as_str()));
    let link = shared.links.find(&path);
    let destination = Destination::from(path.clone());
    let operation = Operation::of(&parts.method, &destination);
    let mut asked = Asked {
        method: parts.method.clone(),
        url: (link.clone()).unwrap_or_else(|| format!("{}{path}", shared.upstream)),
        headers: parts.headers.clone(),
        body: Arc::default(),
        is_submission: operation == Operation::Submit,
        passed: None,
        job: match operation {
            Operation::Job(id) if link.is_none() => Some(id.to_owned()),
            _ => None,
        },
    };
    let body = if asked.is_submission {
        // A submission is small, and is looked at before it is passed on.
        let bytes = match body.collect().await {
            Ok(bytes) => bytes.to_bytes(),
            Err(error) => return Ok(own(StatusCode::BAD_REQUEST, &error.to_string())),
        };
        if let Some(belt) = &shared.notes.belt {
            let passed = lock(belt).pass(&bytes);
            match passed {
                Ok(passed) => asked.passed = Some(passed),
                Err(why) => {
                    lock(&shared.tell)(&format!("blocked: {why}"));
                    return Ok(blocked(&why));
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
    let through = shared.through.as_ref().filter(|_| asked.job.is_some());
    let through = through.map(|own| called(&parts.headers).unwrap_or_else(|| own.clone()));
    let url = asked.url.parse::<Uri>();
    // From here on it is noted, also where the client goes away and this is not carried on.
    let open = Open::begin(shared.notes.clone(), asked);
    let Ok(uri) = url else {
        return Ok(failed(open, FailureKind::Connect, "not a URL".to_owned()));
    };
    clean(&mut parts.headers);
    if through.is_some() {
        // Links can be rewritten only where they can be read.
        let plain = HeaderValue::from_static("identity");
        parts.headers.insert(header::ACCEPT_ENCODING, plain);
    } else {
        keep_readable(&mut parts.headers);
    }
    readdress(&mut parts.headers, &uri);
    parts.uri = uri;
    parts.version = http::Version::HTTP_11;
    let sent = shared.client.request(Request::from_parts(parts, body));
    Ok(match (sent.await, through) {
        (Ok(response), Some(base)) => rewritten(&shared, open, response, &base).await,
        (Ok(response), None) => passed_on(open, response),
        (Err(error), _) => {
            let kind = match error.is_connect() {
                true => FailureKind::Connect,
                false => FailureKind::Broken,
            };
            failed(open, kind, with_causes(&error))
        }
    })
}

/// A path without segments of dots, as parsers of URLs make it: what is judged, and what the seat belt looks at, is what the
/// server is asked for.
fn resolved(path: &str) -> String {
    let alone = path.split('?').next().unwrap_or_default();
    let is_dots =
        |part: &str| matches!(&*part.to_ascii_lowercase().replace("%2e", "."), "." | "..");
    let has_dots = alone.split(['/', '\\']).any(is_dots);
    match Url::parse(&format!("http://localhost{path}")) {
        Ok(url) if has_dots => url[Position::BeforePath..Position::AfterQuery].to_owned(),
        _ => path.to_owned(),
    }
}

/// What the client calls the proxy: in a container, which is reached under a name of others, nobody else knows it.
fn called(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    Some(format!("http://{host}"))
}

/// Names the host that a request is passed on to, in the place of that which it came to.
fn readdress(headers: &mut HeaderMap, uri: &Uri) {
    let host = uri.authority().map(|host| host.as_str());
    let host = host.and_then(|host| HeaderValue::from_str(host).ok());
    if let (Some(host), Some(place)) = (host, headers.get_mut(header::HOST)) {
        *place = host;
    }
}

/// Passes a response on as it comes.
fn passed_on(mut open: Open, response: Response<Incoming>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    open.answered(parts.status);
    let (status, headers) = (parts.status, parts.headers.clone());
    clean(&mut parts.headers);
    let body = Tee::new(body, move |end| open.end(status, headers, end));
    Response::from_parts(parts, boxed(body))
}

/// Passes the state of a job on with its links rewritten to lead through `base`.
async fn rewritten(
    shared: &Shared,
    open: Open,
    response: Response<Incoming>,
    base: &str,
) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return failed(open, FailureKind::Broken, error.to_string()),
    };
    let rewritten = shared.links.rewrite(&body, base);
    let headers = parts.headers.clone();
    clean(&mut parts.headers);
    open.end(parts.status, headers, End::Whole(Some(body.to_vec())));
    let body = rewritten.map_or(body, Bytes::from);
    if parts.headers.contains_key(header::CONTENT_LENGTH) {
        let length = body.len().into();
        parts.headers.insert(header::CONTENT_LENGTH, length);
    }
    Response::from_parts(parts, boxed(Full::new(body)))
}

/// Answers for a server that does not.
fn failed(open: Open, kind: FailureKind, detail: String) -> Response<Body> {
    let response = own(StatusCode::BAD_GATEWAY, &detail);
    open.fail(kind, detail);
    response
}

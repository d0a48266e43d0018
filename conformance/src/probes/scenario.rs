//! The requests of a scenario beside its submissions: for a job's status, for the list, and for files.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};

use super::submission::Authorization;
use crate::exchange::Request;
use crate::generated::contract::{self, API_VERSION, job, list::PATH as LIST_PATH, usage};

/// A version that no server of this API has.
const OTHER_VERSION: &str = "1999-12-31";

/// An id that no server gives to a job.
pub const NO_SUCH_JOB: &str = "00000000-0000-4000-8000-000000000000";

/// That id, and others that no server gives to a job: one that is cut off, and a word.
pub const NO_SUCH_JOBS: [&str; 3] = [NO_SUCH_JOB, "00000000-0000-4000-8000", "conformance"];

/// Ids that no server gives to a request.
pub const NO_SUCH_REQUESTS: [&str; 2] = [NO_SUCH_JOB, "conformance-no-such-request"];

/// Which version a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// That of the document.
    Current,
    /// Another one.
    Other,
    /// None.
    Absent,
}

/// Reads something of the account; `target` is path and query.
pub fn account(
    target: impl Into<String>,
    authorization: Authorization,
    version: Version,
) -> Request {
    let mut request = get(target.into(), authorization, version == Version::Current);
    if version == Version::Other {
        let other = HeaderValue::from_static(OTHER_VERSION);
        request.headers.insert(contract::header::API_VERSION, other);
    }
    request
}

/// Reads the event of the request with this id; `None` where the id can't stand in a path.
pub fn event(id: &str, authorization: Authorization) -> Option<Request> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~:".contains(&byte);
    let fits = !id.starts_with('.')
        && (1..=usage::MAX_REQUEST_ID).contains(&id.len())
        && id.bytes().all(plain);
    let path = usage::EVENT_PATH.replace("{request_id}", id);
    fits.then(|| account(path, authorization, Version::Current))
}

/// Asks for a job's status.
pub fn job(id: &str, authorization: Authorization, with_version: bool) -> Request {
    let path = job::PATH.replace("{batch_id}", id);
    get(path, authorization, with_version)
}

/// Asks for a page of the list; `query` is what comes after the question mark.
pub fn list(query: &str, authorization: Authorization) -> Request {
    let path = if query.is_empty() {
        LIST_PATH.to_owned()
    } else {
        format!("{LIST_PATH}?{query}")
    };
    get(path, authorization, true)
}

/// Fetches a file, as any program that is given its link, without the key.
pub fn download(url: &str) -> Request {
    Request::new(Method::GET, url.to_owned(), HeaderMap::new(), Bytes::new())
}

fn get(path: String, authorization: Authorization, with_version: bool) -> Request {
    let mut headers = HeaderMap::new();
    if let Some(value) = authorization.header() {
        headers.insert(header::AUTHORIZATION, value);
    }
    if with_version {
        headers.insert(
            contract::header::API_VERSION,
            HeaderValue::from_static(API_VERSION),
        );
    }
    Request::new(Method::GET, path, headers, Bytes::new())
}

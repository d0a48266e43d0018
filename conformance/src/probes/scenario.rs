//! The requests of a scenario beside its submissions: for a job's status, for the list, and for files.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};

use super::submission::Authorization;
use crate::exchange::Request;
use crate::generated::contract::{self, API_VERSION, job, list::PATH as LIST_PATH};

/// An id that no server gives to a job.
pub const NO_SUCH_JOB: &str = "00000000-0000-4000-8000-000000000000";

/// That id, and others that no server gives to a job: one that is cut off, and a word.
pub const NO_SUCH_JOBS: [&str; 3] = [NO_SUCH_JOB, "00000000-0000-4000-8000", "conformance"];

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

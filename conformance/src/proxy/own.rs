//! Responses of the proxy's own, in the shape of the API's errors.

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::Full;
use serde_json::json;

use super::belt::Blocked;
use super::body::{Body, boxed};
use crate::generated::contract::media_type;

/// What the response to a submission carries that was not passed on, and its value.
const BLOCKED: (HeaderName, HeaderValue) = (
    HeaderName::from_static("x-conformance-proxy"),
    HeaderValue::from_static("blocked"),
);

/// The response to a submission that is not passed on.
pub(super) fn blocked(blocked: &Blocked) -> Response<Body> {
    let mut response = own(blocked.status(), &blocked.to_string());
    response.headers_mut().insert(BLOCKED.0, BLOCKED.1);
    response
}

/// A response that says this.
pub(super) fn own(status: StatusCode, message: &str) -> Response<Body> {
    let error = json!({"error": {"type": "conformance_proxy", "message": message, "metadata": {}}});
    let mut response = Response::new(boxed(Full::new(Bytes::from(error.to_string()))));
    *response.status_mut() = status;
    let json = HeaderValue::from_static(media_type::JSON);
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

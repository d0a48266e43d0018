//! What an entry of a HAR 1.2 file says. What a recorder left out is told apart from what was not there: a body that
//! the recording lacks is nobody's fault.

mod shape;

use bytes::Bytes;
use chrono::{DateTime, NaiveDateTime};
use http::{Method, StatusCode};
use serde::Deserialize;

use self::shape::{Entry, EntryError, HarResponse, Str, Text, headers};
use super::bodies::{coding, content_length, is_spoilt, is_whole, unpacked};
use super::entries::EntryText;
use super::met::{Met, Place};
use crate::contract::request::UNRECORDED_BODY;
use crate::exchange::{Failure, FailureKind, Response};

/// How long an exchange is taken to have lasted that the recording gives no time for: longer than any, so that nothing
/// is concluded from what came after it.
const UNKNOWN_TIME: u64 = 60_000_000;
/// The times of a HAR file are cut to milliseconds: what seems to be over may last so much longer.
const ROUNDING: u64 = 1_000;
/// Times that are not as RFC 3339 has them: with an offset that has no colon, as Java writes it, and without one, which is
/// taken for UTC, since only the time between two requests counts.
const OTHER_TIMES: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%.f"];

/// Reads the entry that these bytes begin with, and says how long it is; `None` where it is not all there, or not as it
/// has to be.
pub(super) fn read_first(bytes: &[u8], place: Place) -> Option<(Met, usize)> {
    let mut entries = serde_json::Deserializer::from_slice(bytes).into_iter();
    let entry = entries.next()?.ok()?;
    let met = met(entry, false, place).ok()?;
    Some((met, entries.byte_offset()))
}

/// The address of an entry that may be amiss in all else.
pub(super) fn address(entry: &EntryText<'_>) -> Option<String> {
    #[derive(Deserialize)]
    struct Entry {
        request: Request,
    }
    #[derive(Deserialize)]
    struct Request {
        url: String,
    }
    let entry: Entry = serde_json::from_slice(entry.text).ok()?;
    Some(entry.request.url)
}

/// Reads an entry.
pub(super) fn read(entry: &EntryText<'_>, place: Place) -> Result<Met, EntryError> {
    met(serde_json::from_slice(entry.text)?, entry.shortened, place)
}

/// What an entry says; whether a string in it was left empty.
fn met(entry: Entry<'_>, shortened: bool, place: Place) -> Result<Met, EntryError> {
    let Entry {
        started_date_time: Str(started),
        time,
        request,
        response,
    } = entry;
    let sent =
        time_of(&started).ok_or_else(|| EntryError::Time(started.chars().take(80).collect()))?;
    let took = time.filter(|time| *time >= 0.0 && *time < 1e9);
    let method = Method::from_bytes(request.method.0.as_bytes())
        .map_err(|_| EntryError::Method(request.method.0.chars().take(80).collect()))?;
    let headers = headers(request.headers)?;
    let body = request.post_data.map(Text::bytes).transpose()?.flatten();
    let body = match body.filter(|body| !body.is_empty()) {
        Some(body) if body.len() < content_length(&headers).unwrap_or(0) => UNRECORDED_BODY.into(),
        Some(body) => body,
        // What is sent with GET has none; else there is one, unless something says that there is not.
        None if content_length(&headers) == Some(0) || shows_none(&method, request.body_size) => {
            Bytes::new()
        }
        None => UNRECORDED_BODY.into(),
    };
    Ok(Met {
        place,
        sent,
        took: took.map_or(UNKNOWN_TIME, |ms| (ms * 1e3) as u64 + ROUNDING),
        method,
        url: request.url.0.into_owned(),
        headers,
        body,
        outcome: outcome(response, shortened)?,
    })
}

/// A time, in microseconds since 1970.
fn time_of(text: &str) -> Option<i64> {
    let [with_offset, without] = OTHER_TIMES;
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, with_offset))
        .map(|time| time.timestamp_micros())
        .or_else(|_| {
            NaiveDateTime::parse_from_str(text, without)
                .map(|time| time.and_utc().timestamp_micros())
        })
        .ok()
}

/// Whether a request that is recorded without a body had none.
fn shows_none(method: &Method, body_size: Option<f64>) -> bool {
    match body_size {
        Some(size) if size >= 0.0 => size == 0.0,
        _ => !matches!(*method, Method::POST | Method::PUT | Method::PATCH),
    }
}

fn outcome(
    response: Option<HarResponse<'_>>,
    shortened: bool,
) -> Result<Result<Response, Failure>, EntryError> {
    let lacks = |status, what: &str| {
        Err(Failure {
            kind: FailureKind::NotRecorded,
            status,
            detail: format!("the recording has {what}"),
        })
    };
    let Some(response) = response else {
        return Ok(lacks(None, "no response"));
    };
    let status = match response.status {
        // That is how recorders write that none came, or that it was blocked.
        None | Some(0 | -1) => return Ok(lacks(None, "no response")),
        Some(status) => u16::try_from(status)
            .ok()
            .and_then(|code| StatusCode::from_u16(code).ok())
            .ok_or(EntryError::Status(status))?,
    };
    let headers = headers(response.headers)?;
    let (mut said, mut body, mut unknown) = (0, None, false);
    if let Some(content) = response.content {
        unknown = content.size.is_some_and(|size| size < 0.0);
        said = content.size.map_or(0, |size| size.max(0.0) as usize);
        body = content.bytes()?;
    }
    let packed = coding(&headers).is_some();
    if !packed {
        said = said.max(content_length(&headers).unwrap_or(0));
    }
    let is_lost = |body: &Bytes| body.is_empty() && (shortened || unknown);
    let Some(body) = body.filter(|body| !is_lost(body)) else {
        // A size of 0 is what recorders write that did not get the body, too.
        let has_none = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
            || content_length(&headers) == Some(0);
        return Ok(if has_none {
            Ok(Response::new(status, headers, Bytes::new()))
        } else {
            lacks(Some(status), "no body of the response")
        });
    };
    if body.len() < said && !is_whole(&body) {
        return Ok(lacks(Some(status), "a part of the response's body only"));
    }
    if is_spoilt(&body, &headers) {
        return Ok(lacks(
            Some(status),
            "the response's body as text, which it is not",
        ));
    }
    let body = match unpacked(&body, &headers) {
        Some(body) => body,
        // Its recorder has undone the coding.
        None if std::str::from_utf8(&body).is_ok() => body,
        None => {
            return Ok(lacks(
                Some(status),
                "the response's body in a coding that is not read",
            ));
        }
    };
    Ok(Ok(Response::new(status, headers, body)))
}

#[cfg(test)]
mod tests;

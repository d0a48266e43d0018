//! What an entry of a HAR 1.2 file says. What a recorder left out is told apart from what was not there: a body that
//! the recording lacks is nobody's fault.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use chrono::DateTime;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::Deserialize;

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
/// With or without padding: recorders differ.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why an entry can't be judged.
#[derive(Debug, thiserror::Error)]
pub(super) enum EntryError {
    #[error("it is not an entry of HAR: {0}")]
    Json(#[from] serde_json::Error),
    #[error("`startedDateTime` is {0:?}, which is no time")]
    Time(String),
    #[error("`request.method` is {0:?}")]
    Method(String),
    #[error("`response.status` is {0}")]
    Status(i64),
    #[error("the header {0:?} can't be one")]
    Header(String),
    #[error("a body is not base64, as `encoding` says: {0}")]
    Base64(#[from] base64::DecodeError),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(borrow)]
    started_date_time: Str<'a>,
    time: Option<f64>,
    #[serde(borrow)]
    request: Request<'a>,
    #[serde(borrow)]
    response: Option<HarResponse<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    #[serde(borrow)]
    method: Str<'a>,
    #[serde(borrow)]
    url: Str<'a>,
    #[serde(borrow, default)]
    headers: Vec<Header<'a>>,
    #[serde(borrow)]
    post_data: Option<Text<'a>>,
    body_size: Option<f64>,
}

#[derive(Deserialize)]
struct HarResponse<'a> {
    status: Option<i64>,
    #[serde(borrow, default)]
    headers: Vec<Header<'a>>,
    #[serde(borrow)]
    content: Option<Text<'a>>,
}

/// `postData`, or `content`.
#[derive(Deserialize)]
struct Text<'a> {
    #[serde(borrow)]
    text: Option<Str<'a>>,
    #[serde(borrow)]
    encoding: Option<Str<'a>>,
    size: Option<f64>,
}

#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    name: Str<'a>,
    #[serde(borrow)]
    value: Str<'a>,
}

/// A string that is not copied where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Str<'a>(#[serde(borrow)] Cow<'a, str>);

impl Text<'_> {
    fn bytes(self) -> Result<Option<Bytes>, EntryError> {
        let Some(Str(text)) = self.text else {
            return Ok(None);
        };
        let is_base64 = self
            .encoding
            .is_some_and(|Str(e)| e.eq_ignore_ascii_case("base64"));
        Ok(Some(if is_base64 {
            BASE64.decode(text.as_bytes())?.into()
        } else {
            text.into_owned().into_bytes().into()
        }))
    }
}

/// Reads the entry that these bytes begin with, and says how long it is; `None` where it is not all there, or not as it
/// has to be.
pub(super) fn read_first(bytes: &[u8], place: Place) -> Option<(Met, usize)> {
    let mut entries = serde_json::Deserializer::from_slice(bytes).into_iter();
    let entry = entries.next()?.ok()?;
    let met = met(entry, false, place).ok()?;
    Some((met, entries.byte_offset()))
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
    let sent = DateTime::parse_from_rfc3339(&started)
        .map_err(|_| EntryError::Time(started.chars().take(80).collect()))?
        .timestamp_micros();
    let took = time.filter(|time| *time >= 0.0 && *time < 1e9);
    let method = Method::from_bytes(request.method.0.as_bytes())
        .map_err(|_| EntryError::Method(request.method.0.chars().take(80).collect()))?;
    let headers = headers(request.headers)?;
    let sent_size = request.body_size.filter(|size| *size > 0.0);
    let body = request.post_data.map(Text::bytes).transpose()?.flatten();
    let body = match body {
        Some(body) if shortened && body.is_empty() => UNRECORDED_BODY.into(),
        Some(body) if body.len() < content_length(&headers) => UNRECORDED_BODY.into(),
        Some(body) => body,
        None if sent_size.is_some() || content_length(&headers) > 0 => UNRECORDED_BODY.into(),
        None => Bytes::new(),
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
        said = said.max(content_length(&headers));
    }
    let Some(body) = body.filter(|body| !(shortened && body.is_empty())) else {
        return Ok(if said > 0 || packed || unknown {
            lacks(Some(status), "no body of the response")
        } else {
            Ok(Response::new(status, headers, Bytes::new()))
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
    let body = unpacked(body, &headers);
    Ok(Ok(Response::new(status, headers, body)))
}

fn headers(pairs: Vec<Header<'_>>) -> Result<HeaderMap, EntryError> {
    let mut headers = HeaderMap::with_capacity(pairs.len());
    // HTTP/2 has the parts of the first line among its headers.
    for Header { name, value } in pairs.iter().filter(|pair| !pair.name.0.starts_with(':')) {
        let bad = || EntryError::Header(name.0.chars().take(80).collect());
        let valid = |line: &str| {
            let line = line.trim_end_matches('\r');
            HeaderValue::from_bytes(line.as_bytes()).map_err(|_| bad())
        };
        let name = HeaderName::from_bytes(name.0.as_bytes()).map_err(|_| bad())?;
        // Some recorders write several headers of a name as one, a line each.
        let last = match value.0.rsplit_once('\n') {
            None => &*value.0,
            Some((others, last)) => {
                for line in others.split('\n') {
                    headers.append(&name, valid(line)?);
                }
                last
            }
        };
        headers.append(name, valid(last)?);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;
    use crate::traffic::entries::Entries;

    /// How many entries can be read of these, and whether they end as they have to.
    fn read_all(entries: &str, room: usize) -> (usize, bool) {
        let file = format!(r#"{{"log":{{"entries":[{entries}]}}}}"#);
        let file = BufReader::with_capacity(room, file.as_bytes());
        let (mut entries, place) = (Entries::open(file).expect("it is HAR"), Place::default());
        let mut count = 0;
        loop {
            match entries.next_read(|bytes| read_first(bytes, place)) {
                Err(_) => return (count, false),
                Ok(Some(_)) => count += 1,
                Ok(None) => match entries.next() {
                    Err(_) => return (count, false),
                    Ok(None) => return (count, true),
                    Ok(Some(entry)) => count += usize::from(read(&entry, place).is_ok()),
                },
            }
        }
    }

    #[test]
    fn entries_are_read_alike_where_they_lie_and_cut_out() {
        const ENTRY: &str = r#"{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"https://a.example/batch"}}"#;
        for (entries, expected) in [
            (format!("{ENTRY},{ENTRY}"), (2, true)),
            (format!(" {ENTRY} ,\n{ENTRY} "), (2, true)),
            (format!("{ENTRY},{{\"time\":1}},{ENTRY}"), (2, true)),
            (format!("{ENTRY},,{ENTRY}"), (1, false)),
            (format!("{ENTRY},{}", &ENTRY[..40]), (1, false)),
            (String::new(), (0, true)),
        ] {
            // All of an entry is there at once, or never.
            for room in [1 << 20, 16] {
                assert_eq!(read_all(&entries, room), expected, "{room}: {entries}");
            }
        }
    }
}

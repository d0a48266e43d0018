//! Writes HAR 1.2, an entry at a time. What it is given holds no key any more.

use std::fmt;
use std::io::{self, BufWriter, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat};
use http::HeaderMap;
use serde_json::{Value, json};
use url::Url;

use crate::contract::request::UNRECORDED_BODY;
use crate::exchange::{Destination, Exchange};

/// Writes exchanges as they are judged. An error is kept until [`HarWriter::finish`]: traffic goes on without its
/// recording.
pub(super) struct HarWriter {
    out: BufWriter<Box<dyn Write + Send>>,
    base: String,
    entries: usize,
    written: io::Result<()>,
}

/// What comes before the entries.
fn head() -> String {
    let creator = json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")});
    format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"entries\":[")
}

impl fmt::Debug for HarWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HarWriter").finish_non_exhaustive()
    }
}

impl HarWriter {
    /// `base` is the URL that the paths of the API are below.
    pub(super) fn new(out: impl Write + Send + 'static, base: &Url) -> Self {
        Self {
            out: BufWriter::new(Box::new(out)),
            base: base.as_str().trim_end_matches('/').to_owned(),
            entries: 0,
            written: Ok(()),
        }
    }

    /// Writes an exchange that was sent at this time, in microseconds since 1970.
    pub(super) fn push(&mut self, sent: i64, exchange: &Exchange) {
        if self.written.is_err() {
            return;
        }
        let before = match self.entries {
            0 => head(),
            _ => ",".to_owned(),
        };
        self.entries += 1;
        let entry = self.entry(sent, exchange);
        // So that what is there can be read while the proxy runs, or after it was killed.
        self.written = write!(self.out, "{before}\n{entry}").and_then(|()| self.out.flush());
    }

    /// Writes the end.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.written?;
        if self.entries == 0 {
            write!(self.out, "{}", head())?;
        }
        writeln!(self.out, "\n]}}}}")?;
        self.out.flush()
    }

    fn entry(&self, sent: i64, exchange: &Exchange) -> Value {
        let request = &exchange.request;
        let url = match &request.destination {
            Destination::Api { path_and_query } => format!("{}{path_and_query}", self.base),
            Destination::Outside(address) => address.clone(),
        };
        let query: Vec<Value> = Url::parse(&url).map_or(Vec::new(), |url| {
            let pairs = url.query_pairs();
            pairs
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect()
        });
        let time = exchange.took.as_micros() as f64 / 1e3;
        let started = DateTime::from_timestamp_micros(sent).unwrap_or_default();
        let mut asked = json!({
            "method": request.method.as_str(), "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": pairs(&request.headers), "queryString": query, "headersSize": -1,
            "bodySize": request.body.len(),
        });
        if !request.body.is_empty() && request.body != UNRECORDED_BODY {
            let mut body = text(&request.body);
            body["mimeType"] = media_type(&request.headers);
            asked["postData"] = body;
        }
        let answered = match &exchange.outcome {
            Ok(response) => {
                let mut content = text(&response.body);
                content["size"] = response.body.len().into();
                content["mimeType"] = media_type(&response.headers);
                json!({
                    "status": response.status.as_u16(), "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
                    "headers": pairs(&response.headers), "content": content, "redirectURL": "",
                    "headersSize": -1, "bodySize": -1,
                })
            }
            Err(failure) => json!({
                "status": failure.status.map_or(0, |status| status.as_u16()), "statusText": "",
                "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
                "content": {"size": -1, "mimeType": "x-unknown"}, "redirectURL": "",
                "headersSize": -1, "bodySize": -1, "comment": failure.detail,
            }),
        };
        json!({
            "startedDateTime": started.to_rfc3339_opts(SecondsFormat::Micros, true), "time": time,
            "request": asked, "response": answered, "cache": {},
            "timings": {"send": 0, "wait": time, "receive": 0},
        })
    }
}

fn pairs(headers: &HeaderMap) -> Vec<Value> {
    let headers = headers.iter();
    headers
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            json!({"name": name.as_str(), "value": value})
        })
        .collect()
}

fn media_type(headers: &HeaderMap) -> Value {
    let value = headers.get(http::header::CONTENT_TYPE);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or("x-unknown")
        .into()
}

fn text(body: &[u8]) -> Value {
    match std::str::from_utf8(body) {
        Ok(text) => json!({"text": text}),
        Err(_) => json!({"text": BASE64_STANDARD.encode(body), "encoding": "base64"}),
    }
}

//! A results file as the store sends it, and the name by which it is asked for.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{Response, StatusCode, header};

use crate::generated::contract::media_type;
use crate::jobs::Job;
use crate::render::gzip;

/// Which file of a job's results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum File {
    /// All records.
    Merged,
    /// The records of one chunk, counted from 0.
    Part(usize),
}

impl File {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Merged => "results.jsonl.gz".to_owned(),
            Self::Part(part) => format!("part-{part}.jsonl.gz"),
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name.strip_suffix(".jsonl.gz")? {
            "results" => Some(Self::Merged),
            part => part.strip_prefix("part-")?.parse().ok().map(Self::Part),
        }
    }
}

/// A request for a file that exists.
#[derive(Debug)]
pub(crate) struct Download {
    pub(crate) job: Arc<Job>,
    pub(crate) file: File,
}

impl Download {
    /// Whether it is for a part of the records.
    pub(crate) fn is_part(&self) -> bool {
        self.file != File::Merged
    }
}

/// A response of the store. Its refusals look like those of an object store, not like those of the API.
#[derive(Debug)]
pub(crate) struct StoredFile {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    /// The file, unpacked.
    pub(crate) text: Vec<u8>,
    /// Makes the bytes that are sent of the text.
    pub(crate) pack: fn(&[u8]) -> Vec<u8>,
}

impl StoredFile {
    /// A file of JSON lines, packed as the contract says.
    pub(crate) fn gzip(text: Vec<u8>) -> Self {
        Self {
            status: StatusCode::OK,
            content_type: media_type::RESULTS,
            text,
            pack: gzip,
        }
    }

    /// A refusal, with the store's code for what is wrong.
    pub(crate) fn refusal(status: StatusCode, code: &str) -> Self {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code></Error>\n"
        );
        Self {
            status,
            content_type: "application/xml",
            text: text.into_bytes(),
            pack: <[u8]>::to_vec,
        }
    }

    /// The bytes that are sent.
    pub(crate) fn bytes(&self) -> Bytes {
        (self.pack)(&self.text).into()
    }

    pub(crate) fn render(self, bytes: Bytes) -> Response<Body> {
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = self.status;
        let content_type = header::HeaderValue::from_static(self.content_type);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type);
        response
    }
}

//! The download store: results files behind presigned links, without a key. Its refusals look like those of
//! an object store, not like those of the API.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::generated::contract;
use crate::mock::answer::gzip;
use crate::mock::instance::Instance;
use crate::mock::jobs::{Job, Phase};
use crate::mock::records;

/// Path of a file.
pub(crate) const PATH: &str = "/store/{batch_id}/{file}";

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A file of a job's results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum File {
    /// All records.
    Merged,
    /// The records of one chunk, counted from 0.
    Part(usize),
}

impl File {
    fn name(self) -> String {
        match self {
            Self::Merged => "results.jsonl.gz".to_owned(),
            Self::Part(part) => format!("part-{part}.jsonl.gz"),
        }
    }

    fn parse(name: &str) -> Option<Self> {
        match name.strip_suffix(".jsonl.gz")? {
            "results" => Some(Self::Merged),
            part => part.strip_prefix("part-")?.parse().ok().map(Self::Part),
        }
    }
}

/// A link to a file that holds from `now` on, for as long as the contract says.
pub(crate) fn link(instance: &Instance, job: &Job, file: File, now: Duration) -> String {
    let mut link = instance.base_url.clone();
    link.set_path(&format!("/store/{}/{}", job.id, file.name()));
    let expires = instance
        .date(now + DAY * contract::DOWNLOAD_LINK_DAYS)
        .timestamp();
    let signature = instance.sign(link.path(), expires);
    link.query_pairs_mut()
        .append_pair("expires", &expires.to_string())
        .append_pair("signature", &signature);
    link.into()
}

/// Answers one download.
pub(crate) async fn download(
    State(instance): State<Arc<Instance>>,
    Path((id, name)): Path<(Uuid, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let mut state = instance.state();
    state.stats.downloads += 1;
    if headers.contains_key(header::AUTHORIZATION) {
        return refusal(StatusCode::FORBIDDEN, "OnlyOneAuthMechanismAllowed");
    }
    let now = instance.now(&state);
    let path = format!("/store/{id}/{name}");
    if let Err(code) = check_signature(&instance, &path, query.as_deref().unwrap_or_default(), now)
    {
        return refusal(StatusCode::FORBIDDEN, code);
    }
    let job = state
        .jobs
        .get(id)
        .filter(|job| job.phase(now) == Phase::Completed);
    let (Some(job), Some(file)) = (job, File::parse(&name)) else {
        return refusal(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    let (skip, take) = match file {
        File::Merged => (0, usize::MAX),
        File::Part(part) => (part.saturating_mul(job.chunk_size), job.chunk_size),
    };
    let mut text = String::new();
    for line in records::lines(job).skip(skip).take(take) {
        text.push_str(&line);
        text.push('\n');
    }
    (
        [(header::CONTENT_TYPE, "application/gzip")],
        gzip(text.as_bytes()),
    )
        .into_response()
}

/// The error is the store's code for what is wrong.
fn check_signature(
    instance: &Instance,
    path: &str,
    query: &str,
    now: Duration,
) -> Result<(), &'static str> {
    let value = |name: &str| {
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    };
    let (Some(expires), Some(signature)) = (value("expires"), value("signature")) else {
        return Err("AccessDenied");
    };
    let expires: i64 = expires.parse().map_err(|_| "AccessDenied")?;
    if signature != instance.sign(path, expires) {
        return Err("SignatureDoesNotMatch");
    }
    if instance.date(now).timestamp() >= expires {
        return Err("ExpiredToken");
    }
    Ok(())
}

fn refusal(status: StatusCode, code: &str) -> Response {
    let body =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code></Error>\n");
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

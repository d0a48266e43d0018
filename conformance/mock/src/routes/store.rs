//! The download store: results files behind presigned links, without a key. Its refusals look like those of
//! an object store, not like those of the API.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::answer::gzip;
use crate::effect::Effect;
use crate::generated::contract;
use crate::instance::Instance;
use crate::jobs::{Job, Phase};
use crate::received::ReceivedRequest;
use crate::records;

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

/// A request for a file that there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Download<'a> {
    pub(crate) job: &'a Job,
    pub(crate) file: File,
}

impl Download<'_> {
    /// Whether it is for a part of the records.
    pub(crate) fn is_part(&self) -> bool {
        self.file != File::Merged
    }
}

/// An answer of the store.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

impl Stored {
    /// A refusal, with the store's code for what is wrong.
    pub(crate) fn refusal(status: StatusCode, code: &str) -> Self {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code></Error>\n"
        );
        Self {
            status,
            content_type: "application/xml",
            body: body.into_bytes(),
        }
    }
}

impl IntoResponse for Stored {
    fn into_response(self) -> Response {
        let content_type = [(header::CONTENT_TYPE, self.content_type)];
        (self.status, content_type, self.body).into_response()
    }
}

/// A link to a file that holds from `now` on, for as long as the contract says.
pub(crate) fn link(instance: &Instance, job: &Job, file: File, now: Duration) -> String {
    let mut link = instance.base_url.clone();
    link.set_path(&format!("/store/{}/{}", job.id, file.name()));
    for effect in &instance.effects {
        if let Effect::Link(edit) = effect {
            edit(&mut link);
        }
    }
    let expires = instance
        .date(now + DAY * contract::limits::DOWNLOAD_LINK_DAYS)
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
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Stored {
    let received = ReceivedRequest::new(method, &uri, &headers, Bytes::new());
    let stored = stored(&instance, id, &name, &received);
    instance.log(&received, stored.status);
    stored
}

fn stored(instance: &Instance, id: Uuid, name: &str, request: &ReceivedRequest) -> Stored {
    let mut state = instance.state();
    state.received.add(request.clone());
    state.stats.downloads += 1;
    if request.headers.contains_key(header::AUTHORIZATION) {
        return Stored::refusal(StatusCode::FORBIDDEN, "OnlyOneAuthMechanismAllowed");
    }
    let now = instance.now(&state);
    let query = request.query.as_deref().unwrap_or_default();
    if let Err(code) = check_signature(instance, &request.path, query, now) {
        return Stored::refusal(StatusCode::FORBIDDEN, code);
    }
    let job = state
        .jobs
        .get(id)
        .filter(|job| job.phase(now) == Phase::Completed);
    let (Some(job), Some(file)) = (job, File::parse(name)) else {
        return Stored::refusal(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    file_of(instance, &Download { job, file })
}

/// The file: the job's records, those of them that belong into it, their text, and its gzip.
fn file_of(instance: &Instance, download: &Download<'_>) -> Stored {
    let (job, effects) = (download.job, &instance.effects);
    let mut records = records::records(job, &instance.config.profiles);
    for effect in effects {
        if let Effect::Records(edit) = effect {
            edit(&mut records, job);
        }
    }
    if let File::Part(part) = download.file {
        let skipped = part.saturating_mul(job.chunk_size);
        let part = records.into_iter().skip(skipped).take(job.chunk_size);
        records = part.collect();
    }
    for effect in effects {
        if let Effect::Lines(edit) = effect {
            edit(&mut records, download);
        }
    }
    let lines = records.iter().map(|record| format!("{record}\n"));
    let mut text = lines.collect::<String>().into_bytes();
    for effect in effects {
        if let Effect::Text(edit) = effect {
            edit(&mut text, download);
        }
    }
    let mut stored = Stored {
        status: StatusCode::OK,
        content_type: contract::media_type::RESULTS,
        body: gzip(&text),
    };
    for effect in effects {
        if let Effect::Stored(edit) = effect {
            edit(&mut stored, &text, download);
        }
    }
    stored
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

//! The download store: results files behind presigned links, without a key.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{self, HeaderMap, Method, StatusCode, Uri, header};
use url::Url;
use uuid::Uuid;

use crate::file::{Download, File, StoredFile};
use crate::generated::contract;
use crate::instance::Instance;
use crate::jobs::{Job, Phase};
use crate::received::ReceivedRequest;
use crate::records;
use crate::tap::{Origin, Watch};

/// Path of a file.
pub(super) const PATH: &str = "/store/{batch_id}/{file}";

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A link to a file of this store that holds from `now` on, for as long as the contract says.
pub(super) fn link(
    instance: &Instance,
    store: &Url,
    job: &Job,
    file: File,
    now: Duration,
) -> String {
    let mut link = store.clone();
    link.set_path(&format!("/store/{}/{}", job.id, file.name()));
    instance.hooks.link.apply(&mut link, &());
    let expires = instance
        .date(now + DAY * contract::limits::DOWNLOAD_LINK_DAYS)
        .timestamp();
    let signature = instance.sign(link.path(), expires);
    link.query_pairs_mut()
        .append_pair("expires", &expires.to_string())
        .append_pair("signature", &signature);
    link.into()
}

/// Responds to one download.
pub(super) async fn download(
    State(instance): State<Arc<Instance>>,
    Extension(origin): Extension<Origin>,
    Path((id, name)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> http::Response<Body> {
    let request = Arc::new(ReceivedRequest::new(method, &uri, headers, Bytes::new()));
    let mut watch = Watch::new(instance.tap(), request.clone(), origin.0);
    let file = match find(&instance, &id, &name, &request) {
        Ok(download) => file_of(&instance, &download),
        Err((status, code)) => StoredFile::refusal(status, code),
    };
    if let Some(log) = instance.log() {
        log(&request, file.status);
    }
    let bytes = file.bytes();
    let rendered = file.render(bytes.clone());
    watch.answer(rendered.status(), rendered.headers(), Some(bytes));
    rendered
}

/// The file asked for. The error is a status and the store's code for what is wrong.
fn find(
    instance: &Instance,
    id: &str,
    name: &str,
    request: &Arc<ReceivedRequest>,
) -> Result<Download, (StatusCode, &'static str)> {
    let mut state = instance.state();
    state.received.add(request.clone());
    state.stats.downloads += 1;
    if request.headers.contains_key(header::AUTHORIZATION) {
        return Err((StatusCode::FORBIDDEN, "OnlyOneAuthMechanismAllowed"));
    }
    let now = instance.now(&state);
    let query = request.query.as_deref().unwrap_or_default();
    check_signature(instance, &request.path, query, now)
        .map_err(|code| (StatusCode::FORBIDDEN, code))?;
    let id = Uuid::try_parse(id).ok();
    let job = id
        .and_then(|id| state.jobs.get(id))
        .filter(|job| job.phase(now) == Phase::Completed);
    match (job, File::parse(name)) {
        (Some(job), Some(file)) => Ok(Download {
            job: job.clone(),
            file,
        }),
        _ => Err((StatusCode::NOT_FOUND, "NoSuchKey")),
    }
}

/// The file: the job's records, those of them that belong into it, and their text.
fn file_of(instance: &Instance, download: &Download) -> StoredFile {
    let (job, hooks) = (&*download.job, &instance.hooks);
    let mut records = records::records(job, &instance.config.profiles);
    hooks.records.apply(&mut records, job);
    if let File::Part(part) = download.file {
        let skipped = part.saturating_mul(job.chunk_size);
        let part = records.into_iter().skip(skipped).take(job.chunk_size);
        records = part.collect();
    }
    hooks.lines.apply(&mut records, download);
    let mut lines = Vec::new();
    for record in &records {
        // Writing to memory has no way to fail.
        let _ = serde_json::to_writer(&mut lines, record);
        lines.push(b'\n');
    }
    let mut file = StoredFile::gzip(lines);
    hooks.file.apply(&mut file, download);
    file
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
    if instance.date(now).timestamp() >= expires {
        return Err("ExpiredToken");
    }
    if signature != instance.sign(path, expires) {
        return Err("SignatureDoesNotMatch");
    }
    Ok(())
}

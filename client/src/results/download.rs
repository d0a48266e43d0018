//! The bytes of a results file, from the store that a job links to. A broken connection is mended here: whoever reads
//! the bytes doesn't notice, gets none twice and misses none. The API key is never sent to the store. What its headers
//! say is read in `file_state`, and how long to wait after failures is decided in `backoff`.

use std::io;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use reqwest::header::{ACCEPT_ENCODING, IF_RANGE, LOCATION, RANGE};
use reqwest::{Response, StatusCode};
use tokio::time::{sleep, timeout};
use url::Url;
use uuid::Uuid;

use super::backoff::wait_after;
use super::file_state::{FileState, range_start};
use crate::error::{Error, ErrorResponse, Kind, Operation};
use crate::response::RawResponse;
use crate::{Client, DownloadLink, trace};

/// The bytes as they arrive. The error inside of each `io::Error` is an [`Error`].
pub(super) type Chunks = BoxStream<'static, io::Result<Bytes>>;

/// Redirects that are followed in a row: stores have them between regions.
const REDIRECTS_MAX: u32 = 5;

/// A download under way.
pub(super) struct Download {
    client: Client,
    batch_id: Uuid,
    link: DownloadLink,
    /// Whether the link was looked up; once is enough.
    is_refreshed: bool,
    /// Bytes handed out so far.
    offset: u64,
    /// Bytes of the current response that have been handed out already.
    to_skip: u64,
    response: Option<Response>,
    /// What is known of the file that the bytes handed out are from.
    state: FileState,
    /// Failures in a row, without a byte in between.
    failures: u32,
}

/// What the store may do to a file, or a caller's network to a download.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("the file has changed since the download began")]
    Changed,
    #[error("the store has sent less of the file than there is")]
    Short,
    #[error("the store redirects without end")]
    Redirects,
    #[error("it is no URL")]
    NoUrl(#[source] url::ParseError),
    #[error("its scheme is neither http nor https")]
    Scheme,
    #[error("its host {host} is not one of those given to `ClientBuilder::results_hosts`")]
    Host { host: String },
}

impl Download {
    pub(super) fn new(client: Client, batch_id: Uuid, link: DownloadLink) -> Self {
        Self {
            client,
            batch_id,
            link,
            is_refreshed: false,
            offset: 0,
            to_skip: 0,
            response: None,
            state: FileState::default(),
            failures: 0,
        }
    }

    pub(super) fn into_chunks(self) -> Chunks {
        stream::try_unfold(self, |mut download| async {
            match download.next().await {
                Ok(chunk) => Ok(chunk.map(|chunk| (chunk, download))),
                Err(error) => Err(io::Error::other(error)),
            }
        })
        .fuse()
        .boxed()
    }

    /// The next bytes; none at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let idle = self.client.shared.download_idle_timeout;
        loop {
            let length = self.state.length();
            if length.is_some_and(|length| self.offset >= length) {
                return Ok(None);
            }
            let response = match &mut self.response {
                Some(response) => response,
                None => match self.open().await? {
                    Some(response) => {
                        self.response = Some(response);
                        continue;
                    }
                    None => return Ok(None),
                },
            };
            let kind = match timeout(idle, response.chunk()).await {
                Ok(Ok(Some(chunk))) => match self.without_repetition(chunk) {
                    Some(chunk) => return Ok(Some(chunk)),
                    None => continue,
                },
                Ok(Ok(None)) if length.is_none() => return Ok(None),
                // A store may send less of a range than was asked for.
                Ok(Ok(None)) => Kind::interrupted(Fault::Short),
                Ok(Err(error)) => Kind::interrupted(error.without_url()),
                Err(_) => Kind::Stalled { after: idle },
            };
            self.response = None;
            self.pause_after(self.error(kind)).await?;
        }
    }

    /// What of these bytes has not been handed out yet.
    fn without_repetition(&mut self, mut chunk: Bytes) -> Option<Bytes> {
        let skip = self.to_skip.min(chunk.len() as u64);
        self.to_skip -= skip;
        let new = chunk.split_off(usize::try_from(skip).unwrap_or(usize::MAX));
        self.offset += new.len() as u64;
        if new.is_empty() {
            return None;
        }
        self.failures = 0;
        Some(new)
    }

    /// Asks for the file from where it broke off, until there is an answer that settles it: bytes, or none beyond those
    /// handed out.
    async fn open(&mut self) -> Result<Option<Response>, Error> {
        loop {
            let request = self.request(self.link.as_str());
            let response = match trace::call(Operation::Results, Some(self.batch_id), request).await
            {
                Ok(response) => response,
                Err(error) => {
                    self.pause_after(error).await?;
                    continue;
                }
            };
            let status = response.status();
            if matches!(
                status,
                StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE
            ) {
                return self.take_up(response);
            }
            let error = self.error(self.refused(response).await);
            let is_final = status.is_client_error() && !matches!(status.as_u16(), 408 | 429);
            if is_final && !self.is_refreshed {
                self.refresh().await?;
            } else {
                self.pause_after(error).await?;
            }
        }
    }

    /// What is to be read of a response. Bytes of two states of a file must not be mixed.
    fn take_up(&mut self, response: Response) -> Result<Option<Response>, Error> {
        if self.offset == 0 {
            self.state = FileState::default();
        }
        let state = FileState::of(&response);
        let is_same = self.state.agrees_with(&state);
        match response.status() {
            StatusCode::OK if is_same => self.to_skip = self.offset,
            StatusCode::PARTIAL_CONTENT
                if is_same && range_start(&response) == Some(self.offset) =>
            {
                self.to_skip = 0;
            }
            StatusCode::RANGE_NOT_SATISFIABLE if is_same && state.length() == Some(self.offset) => {
                return Ok(None);
            }
            _ => return Err(self.error(Kind::interrupted(Fault::Changed))),
        }
        self.state = self.state.followed_by(state);
        Ok(Some(response))
    }

    /// Sends one request, or several where the store redirects.
    async fn request(&self, link: &str) -> Result<Response, Error> {
        let shared = &self.client.shared;
        let no_file = |fault| self.error(Kind::link(fault));
        let invalid = |error| no_file(Fault::NoUrl(error));
        let base = Url::parse(&shared.base_url).map_err(invalid)?;
        let mut url = base.join(link).map_err(invalid)?;
        for _ in 0..=REDIRECTS_MAX {
            if !matches!(url.scheme(), "http" | "https") {
                return Err(no_file(Fault::Scheme));
            }
            if let Some(host) = shared.results_hosts.forbidden_in(&url) {
                let host = host.to_owned();
                return Err(no_file(Fault::Host { host }));
            }
            // An HTTP client that unpacks by itself would make nonsense of the offsets.
            let mut request = shared
                .download_http
                .for_url(&url)
                .get(url.clone())
                .header(ACCEPT_ENCODING, "identity");
            if self.offset > 0 {
                request = request.header(RANGE, format!("bytes={}-", self.offset));
                if let Some(etag) = self.state.strong_etag() {
                    request = request.header(IF_RANGE, etag.clone());
                }
            }
            let idle = shared.download_idle_timeout;
            let response = match timeout(idle, request.send()).await {
                Ok(Ok(response)) => response,
                Ok(Err(error)) => {
                    return Err(
                        self.error(Kind::no_response(error.without_url(), shared.is_http_ours))
                    );
                }
                Err(_) => return Err(self.error(Kind::Stalled { after: idle })),
            };
            let location = response.headers().get(LOCATION);
            match location.and_then(|location| location.to_str().ok()) {
                Some(location) if response.status().is_redirection() => {
                    url = url.join(location).map_err(invalid)?;
                }
                _ => return Ok(response),
            }
        }
        Err(no_file(Fault::Redirects))
    }

    /// Looks the link up, since the store refused it. Once is enough.
    async fn refresh(&mut self) -> Result<(), Error> {
        let job = loop {
            match self.client.job(self.batch_id).await {
                Ok(job) => break job,
                Err(error) => self.pause_after(error).await?,
            }
        };
        self.is_refreshed = true;
        match job.download_url {
            Some(link) => {
                self.link = link;
                Ok(())
            }
            None => Err(self.error(Kind::NoLink).with_job(Some(job))),
        }
    }

    async fn refused(&self, response: Response) -> Kind {
        let shared = &self.client.shared;
        let idle = shared.download_idle_timeout;
        match timeout(idle, RawResponse::read(response, &shared.key)).await {
            Ok(response) => Kind::of_store(&response),
            Err(_) => Kind::Stalled { after: idle },
        }
    }

    /// Waits before the next attempt, unless there have been enough or another one can't help.
    async fn pause_after(&mut self, error: Error) -> Result<(), Error> {
        self.failures += 1;
        if !error.is_transient() || self.failures >= self.client.shared.download_attempts.get() {
            return Err(error);
        }
        let asked = error.response().and_then(ErrorResponse::retry_after);
        sleep(wait_after(self.failures, asked)).await;
        Ok(())
    }

    fn error(&self, kind: Kind) -> Error {
        Error::new(Operation::Results, kind).about(self.batch_id)
    }
}

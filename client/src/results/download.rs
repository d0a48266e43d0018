//! The bytes of a results file, from the store that a job links to. A broken connection is mended here: whoever reads
//! the bytes doesn't notice, gets none twice and misses none. It goes on where it was if the store proves that the file is
//! the same; otherwise it begins again, and `repetition` tells whether it is. The API key is never sent to the store.
//! What its headers say is read in `file_state`, and how long to wait after failures is decided in `backoff`.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use reqwest::header::{ACCEPT_ENCODING, HeaderValue, IF_RANGE, LOCATION, RANGE};
use reqwest::{Response, StatusCode};
use tokio::time::{sleep, timeout};
use url::Url;
use uuid::Uuid;

use super::backoff::wait_after;
use super::file_state::{FileState, range_start};
use super::link::link;
use super::repetition::Repetition;
use crate::error::{Error, ErrorResponse, Kind, Operation};
use crate::generated::contract::status_code;
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
    /// What has been handed out.
    repetition: Repetition,
    response: Option<Response>,
    /// What is known of the file that the current or the last response is of.
    state: FileState,
    /// Whether the file is read from its beginning, since the store could not prove that it is the same.
    is_whole: bool,
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
            repetition: Repetition::new(),
            response: None,
            state: FileState::default(),
            is_whole: false,
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
            let is_known = !self.repetition.is_under_way();
            if is_known && length.is_some_and(|length| self.repetition.offset() >= length) {
                return Ok(None);
            }
            let Some(response) = &mut self.response else {
                self.response = Some(self.open().await?);
                continue;
            };
            let kind = match timeout(idle, response.chunk()).await {
                Ok(Ok(Some(chunk))) => {
                    let new = self.repetition.new_of(chunk);
                    let new = new.map_err(|_| self.changed())?;
                    if new.is_empty() {
                        continue;
                    }
                    self.failures = 0;
                    return Ok(Some(new));
                }
                Ok(Ok(None)) if length.is_none() && is_known => return Ok(None),
                Ok(Ok(None)) if length.is_none() => return Err(self.changed()),
                // A store may send less of a range than was asked for.
                Ok(Ok(None)) => Kind::interrupted(Fault::Short),
                Ok(Err(error)) => Kind::interrupted(error.without_url()),
                Err(_) => Kind::Stalled { after: idle },
            };
            self.response = None;
            self.pause_after(self.error(kind)).await?;
        }
    }

    /// Asks for the file from where it broke off, or from its beginning, until there is a response with its bytes.
    async fn open(&mut self) -> Result<Response, Error> {
        loop {
            let request = self.request(self.link.as_str());
            let response =
                match trace::call(Operation::Results, Some(self.batch_id), || request).await {
                    Ok(response) => response,
                    Err(error) => {
                        self.pause_after(error).await?;
                        continue;
                    }
                };
            let status = response.status();
            if self.take_up(&response)? {
                return Ok(response);
            }
            // The store proves nothing, or that the file is another: its beginning tells.
            if self.range().is_some()
                && matches!(
                    status,
                    StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE
                )
            {
                self.is_whole = true;
                continue;
            }
            let error = self.error(self.refused(response).await);
            let is_final = status.is_client_error()
                && !matches!(status.as_u16(), 408 | status_code::TOO_MANY_REQUESTS);
            if is_final && !self.is_refreshed {
                self.refresh().await?;
            } else {
                self.pause_after(error).await?;
            }
        }
    }

    /// Whether a response has bytes of the file to be read. Bytes of two states of a file must not be mixed.
    fn take_up(&mut self, response: &Response) -> Result<bool, Error> {
        let state = FileState::of(response);
        let offset = self.repetition.offset();
        match (response.status(), range_start(response)) {
            (StatusCode::PARTIAL_CONTENT, Some(start))
                if start == offset && self.range().is_some() && self.state.is_surely(&state) =>
            {
                self.repetition.go_on();
            }
            (StatusCode::OK, _) | (StatusCode::PARTIAL_CONTENT, Some(0)) => {
                if state.length().is_some_and(|length| length < offset) {
                    return Err(self.changed());
                }
                self.repetition.begin_again();
            }
            _ => return Ok(false),
        }
        self.state = state;
        Ok(true)
    }

    /// From where to ask for the file, and the name of the state that it must still be in; none for all of it.
    fn range(&self) -> Option<(u64, &HeaderValue)> {
        let offset = self.repetition.offset();
        // While bytes are still being repeated, those handed out may be another state's.
        if self.is_whole || offset == 0 || self.repetition.is_under_way() {
            return None;
        }
        Some((offset, self.state.name()?))
    }

    /// Sends one request, or several where the store redirects.
    async fn request(&self, link: &str) -> Result<Response, Error> {
        let shared = &self.client.shared;
        let no_file = |fault| self.error(Kind::link(fault));
        let invalid = |error| no_file(Fault::NoUrl(error));
        let base = Url::parse(self.client.base_url()).map_err(invalid)?;
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
                .header(ACCEPT_ENCODING, "identity")
                // A caller may have set one for all requests. Here only the time without a byte counts.
                .timeout(Duration::MAX);
            if let Some((offset, name)) = self.range() {
                request = request
                    .header(RANGE, format!("bytes={offset}-"))
                    .header(IF_RANGE, name.clone());
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
        match link(&job) {
            Some(link) => {
                self.link = link.clone();
                // Elsewhere, the same name may be another file's.
                self.is_whole = true;
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

    fn changed(&self) -> Error {
        self.error(Kind::interrupted(Fault::Changed))
    }

    fn error(&self, kind: Kind) -> Error {
        Error::new(Operation::Results, kind).about(self.batch_id)
    }
}

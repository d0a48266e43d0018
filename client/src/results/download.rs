//! The bytes of a results file, from the store that a job links to. A broken connection is mended here: whoever reads
//! the bytes doesn't notice, gets none twice and misses none. The API key is never sent to the store.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, IF_RANGE, LOCATION, RANGE,
};
use reqwest::{Response, StatusCode};
use tokio::time::{sleep, timeout};
use url::Url;
use uuid::Uuid;

use crate::error::{Error, Kind, Operation};
use crate::response::RawResponse;
use crate::{Client, DownloadLink, trace};

/// The bytes as they arrive. The error inside of each `io::Error` is an [`Error`].
pub(super) type Chunks = BoxStream<'static, io::Result<Bytes>>;

/// Failures in a row, without a byte in between, after which a download ends.
const FAILURES_MAX: u32 = 5;
/// The wait after the second failure in a row; it doubles with each that follows. After the first there is none.
const FIRST_WAIT: Duration = Duration::from_millis(250);
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
    /// What the store calls this state of the file.
    etag: Option<HeaderValue>,
    failures: u32,
}

/// What came of a request for the file.
enum Opened {
    /// Bytes follow.
    Response(Response),
    /// There are no bytes beyond those handed out.
    End,
}

/// What the store may do to a file, or a caller's network to a download.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("the file has changed since the download began")]
    Changed,
    #[error("the store redirects without end")]
    Redirects,
    #[error("the link is no URL")]
    Link(#[source] url::ParseError),
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
            etag: None,
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
            let response = match &mut self.response {
                Some(response) => response,
                None => match self.open().await? {
                    Opened::Response(response) => self.response.insert(response),
                    Opened::End => return Ok(None),
                },
            };
            let kind = match timeout(idle, response.chunk()).await {
                Ok(Ok(None)) => return Ok(None),
                Ok(Ok(Some(chunk))) => match self.without_repetition(chunk) {
                    Some(chunk) => return Ok(Some(chunk)),
                    None => continue,
                },
                Ok(Err(error)) => Kind::file(error.without_url()),
                Err(_) => Kind::Stalled { after: idle },
            };
            self.response = None;
            self.pause_after(kind).await?;
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

    /// Asks for the file from where it broke off, until there is an answer that settles it.
    async fn open(&mut self) -> Result<Opened, Error> {
        loop {
            let request = self.request(self.link.as_str());
            let response = match trace::call(Operation::Results, Some(self.batch_id), request).await
            {
                Ok(response) => response,
                Err(error) if error.is_transient() => {
                    self.pause_after_error(error).await?;
                    continue;
                }
                Err(error) => return Err(error),
            };
            match response.status() {
                StatusCode::OK => {
                    self.check_unchanged(&response)?;
                    self.to_skip = self.offset;
                    return Ok(Opened::Response(response));
                }
                StatusCode::PARTIAL_CONTENT
                    if range_start(response.headers()) == Some(self.offset) =>
                {
                    self.check_unchanged(&response)?;
                    self.to_skip = 0;
                    return Ok(Opened::Response(response));
                }
                StatusCode::RANGE_NOT_SATISFIABLE
                    if whole_length(response.headers()) == Some(self.offset) =>
                {
                    return Ok(Opened::End);
                }
                StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PARTIAL_CONTENT => {
                    return Err(self.error(Kind::file(Fault::Changed)));
                }
                status => {
                    let kind = self.refused(response).await;
                    if status.is_client_error() && !matches!(status.as_u16(), 408 | 429) {
                        self.refresh(kind).await?;
                    } else {
                        self.pause_after(kind).await?;
                    }
                }
            }
        }
    }

    /// Sends one request, or several where the store redirects.
    async fn request(&self, link: &str) -> Result<Response, Error> {
        let shared = &self.client.shared;
        let invalid = |error| self.error(Kind::file(Fault::Link(error)));
        let base = Url::parse(&shared.base_url).map_err(invalid)?;
        let mut url = base.join(link).map_err(invalid)?;
        for _ in 0..=REDIRECTS_MAX {
            // An HTTP client that unpacks by itself would make nonsense of the offsets.
            let mut request = shared
                .http
                .get(url.clone())
                .header(ACCEPT_ENCODING, "identity");
            if self.offset > 0 {
                request = request.header(RANGE, format!("bytes={}-", self.offset));
                if let Some(etag) = &self.etag {
                    request = request.header(IF_RANGE, etag.clone());
                }
            }
            let idle = shared.download_idle_timeout;
            let response = match timeout(idle, request.send()).await {
                Ok(Ok(response)) => response,
                Ok(Err(error)) => return Err(self.error(Kind::no_response(error.without_url()))),
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
        Err(self.error(Kind::file(Fault::Redirects)))
    }

    /// Looks the link up, since the store refused it. Not twice: then `kind` is the matter.
    async fn refresh(&mut self, kind: Kind) -> Result<(), Error> {
        if self.is_refreshed {
            return Err(self.error(kind));
        }
        self.is_refreshed = true;
        let job = self.client.job(self.batch_id).await?;
        match job.download_url {
            Some(link) => {
                self.link = link;
                Ok(())
            }
            None => Err(self.error(Kind::NoLink).with_job(Some(job))),
        }
    }

    /// Bytes of two states of a file must not be mixed.
    fn check_unchanged(&mut self, response: &Response) -> Result<(), Error> {
        let etag = response.headers().get(ETAG);
        if self.offset > 0
            && let (Some(before), Some(now)) = (&self.etag, etag)
            && before != now
        {
            return Err(self.error(Kind::file(Fault::Changed)));
        }
        // A weak one doesn't promise the same bytes, and is of no use in a request for a range.
        let is_strong = |etag: &&HeaderValue| !etag.as_bytes().starts_with(b"W/");
        self.etag = etag.filter(is_strong).cloned();
        Ok(())
    }

    async fn refused(&self, response: Response) -> Kind {
        let shared = &self.client.shared;
        let idle = shared.download_idle_timeout;
        match timeout(idle, RawResponse::read(response)).await {
            Ok(response) => Kind::of_status(&response, &shared.key),
            Err(_) => Kind::Stalled { after: idle },
        }
    }

    async fn pause_after(&mut self, kind: Kind) -> Result<(), Error> {
        let error = self.error(kind);
        self.pause_after_error(error).await
    }

    /// Waits before the next attempt, unless there have been enough.
    async fn pause_after_error(&mut self, error: Error) -> Result<(), Error> {
        self.failures += 1;
        match self.failures {
            1 => Ok(()),
            FAILURES_MAX.. => Err(error),
            failures => {
                sleep(FIRST_WAIT * 2_u32.pow(failures - 2)).await;
                Ok(())
            }
        }
    }

    fn error(&self, kind: Kind) -> Error {
        Error::new(Operation::Results, kind).about(self.batch_id)
    }
}

/// Where a range begins: `bytes 7-9/10`.
fn range_start(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range
        .strip_prefix("bytes ")?
        .split('-')
        .next()?
        .parse()
        .ok()
}

/// How long the whole file is, where a range lies beyond it: `bytes */10`.
fn whole_length(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes */")?.parse().ok()
}

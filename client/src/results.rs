//! The results of a job as a stream of records. The bytes come from [`download`], which goes on after a broken
//! connection; they are [unpacked](unpack) as they arrive, cut into [`lines`], and read by [`record`]. [`join`] puts the
//! records beside the identifiers that were submitted.

mod backoff;
mod download;
mod file_state;
mod join;
mod lines;
mod link;
mod record;
mod repetition;
mod unpack;

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::{fmt, io};

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, Stream, StreamExt};
use uuid::Uuid;

use self::download::Download;
pub use self::join::{JoinedResults, JoinedRow};
use self::lines::{Line, Lines};
use self::link::link;
use self::unpack::{Unpacked, unpacked};
use crate::error::{Error, Kind, LineText, Operation};
use crate::{BatchJob, Client, ContactRecord, DownloadLink, JobStatus};

/// Most bytes of a line, unless set otherwise. A record is rarely longer than a thousandth of it.
const LINE_LIMIT: usize = 8 << 20;

impl Client {
    /// The records of a completed job, one for each line of its results file.
    ///
    /// Nothing is sent until the stream is polled, and nothing at all for a completed job with `result_count` 0. The
    /// file comes from the store that the job links to, without the API key; the parts in `download_urls` are the same
    /// records, and are not read. The job may come from [`wait`](Self::wait), from the list, or from a database: one
    /// that was not completed when it was read, or has no link, is read again first, and a link that has expired is
    /// looked up once.
    ///
    /// ```no_run
    /// # use crustdata_batch::{Client, Error, Uuid};
    /// # async fn example(client: Client, batch_id: Uuid) -> Result<(), Error> {
    /// let job = client.job(batch_id).await?;
    /// let mut records = client.results(&job);
    /// while let Some(record) = records.next().await {
    ///     match record {
    ///         Ok(record) => println!("{}", record.original_identifier),
    ///         Err(error) if error.is_unreadable_line() => eprintln!("{error}"),
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn results(&self, job: &BatchJob) -> Results {
        let (client, job, batch_id) = (self.clone(), job.clone(), job.batch_id);
        let job = async move {
            match is_readable(&job) {
                true => Ok(job),
                false => client.job(batch_id).await,
            }
        };
        Results {
            client: self.clone(),
            batch_id,
            line_limit: LINE_LIMIT,
            expected: None,
            found: 0,
            to_skip: 0,
            are_identifiers_as_submitted: true,
            state: State::Starting(job.boxed()),
        }
    }
}

impl Results {
    /// Those of a completed job whose file never came over a connection.
    #[cfg(feature = "testing")]
    pub(crate) fn of_file(client: &Client, job: &BatchJob, file: bytes::Bytes) -> Self {
        let chunks = futures_util::stream::iter([Ok(file)]).boxed();
        let lines = Lines::new(unpacked(chunks), LINE_LIMIT);
        Self {
            expected: job.result_count,
            state: State::Reading(Box::new(lines)),
            ..client.results(job)
        }
    }

    /// Whether an identifier that was submitted would be among those of the records so far.
    pub(crate) fn are_identifiers_as_submitted(&self) -> bool {
        self.are_identifiers_as_submitted
    }
}

/// Whether a job says all that reading its results takes. Counts and links of one that is still at work don't.
fn is_readable(job: &BatchJob) -> bool {
    job.status == JobStatus::Completed && (link(job).is_some() || job.result_count == Some(0))
}

/// Whether a completed job has no records. A count of zero may be left out, and one that is zero may be absent; its link
/// may lead to a file that was never written.
fn is_empty(job: &BatchJob) -> bool {
    let is_zero = |count: Option<u64>| count.unwrap_or(0) == 0;
    let says_so = link(job).is_none() || job.result_count == Some(0);
    says_so && is_zero(job.result_count) && is_zero(job.entities_fulfilled)
}

/// The records of a job; made by [`Client::results`].
///
/// An item is a record, or an [`Error`] that says what is wrong: a line that can't be read
/// ([`Error::is_unreadable_line`]; the lines after it follow), at the end another number of lines than the job's
/// `result_count` ([`Error::is_count_mismatch`]), or what ends the stream: a file that can't be unpacked any further
/// ([`Error::is_unreadable_file`]), or a download that can't go on. After a broken connection it goes on where it was,
/// unless too many attempts in a row fail
/// ([`ClientBuilder::download_attempts`](crate::ClientBuilder::download_attempts)) or the file has changed: records of
/// two files are never mixed. The checksum that vouches for the records comes at the end of the file, so they are certain
/// to be as they were written only once the stream has ended without such an error.
///
/// Takes no more memory than twice the longest line, and longer lines than [`line_limit`](Self::line_limit) can't be
/// read.
///
/// Cancel-safe: a future of its next item may be dropped at any time, and no record is lost.
#[must_use = "a stream does nothing until it is polled"]
pub struct Results {
    client: Client,
    batch_id: Uuid,
    line_limit: usize,
    /// Lines that there should be.
    expected: Option<u64>,
    /// Lines that there were, blank ones left out.
    found: u64,
    /// Lines that are still to be left out.
    to_skip: u64,
    /// Whether all records so far name their identifiers as they were submitted.
    are_identifiers_as_submitted: bool,
    state: State,
}

enum State {
    /// The job, read again where it has to be.
    Starting(BoxFuture<'static, Result<BatchJob, Error>>),
    Reading(Box<Lines<Unpacked>>),
    /// The file can't be read any further.
    Broken(Error),
    Over,
}

impl Results {
    /// Takes lines of up to so many bytes, instead of 8 MiB.
    pub fn line_limit(mut self, bytes: usize) -> Self {
        self.line_limit = bytes;
        if let State::Reading(lines) = &mut self.state {
            lines.set_limit(bytes);
        }
        self
    }

    /// Leaves out the next items: as many as an earlier stream of the same job gave, for a program that was restarted and
    /// kept what it had. Each line that is not blank is an item, a record or not. They are downloaded all the same, and
    /// count as lines: the number of the next line and the comparison with `result_count` are as if they had been read.
    /// Whether the file is the one of the earlier stream, nobody tells.
    ///
    /// ```no_run
    /// # use crustdata_batch::{BatchJob, Client};
    /// # fn example(client: Client, job: BatchJob, kept: u64) {
    /// // Goes on after the items that were kept before the restart.
    /// let records = client.results(&job).skip(kept);
    /// # }
    /// ```
    pub fn skip(mut self, items: u64) -> Self {
        self.to_skip = self.to_skip.saturating_add(items);
        self
    }

    /// The next record, or what is wrong; none at the end.
    pub async fn next(&mut self) -> Option<Result<ContactRecord, Error>> {
        StreamExt::next(self).await
    }

    /// What there is to read of a job.
    fn begin(&mut self, job: BatchJob) -> Result<State, Error> {
        self.expected = job.result_count;
        let kind = match (&job.status, link(&job)) {
            (JobStatus::Failed, _) => {
                return Err(Error::job_failed(Operation::Results, job));
            }
            (JobStatus::Pending | JobStatus::Processing, _) => Kind::NotCompleted,
            (JobStatus::Completed, _) if is_empty(&job) => return Ok(State::Over),
            (_, Some(link)) => return Ok(State::Reading(Box::new(self.lines(link.clone())))),
            (JobStatus::Completed, None) => Kind::NoLink,
            (JobStatus::Other(_), None) => Kind::NotCompleted,
        };
        Err(self.error(kind).with_job(Some(job)))
    }

    fn lines(&self, link: DownloadLink) -> Lines<Unpacked> {
        let chunks = Download::new(self.client.clone(), self.batch_id, link).into_chunks();
        Lines::new(unpacked(chunks), self.line_limit)
    }

    fn error(&self, kind: Kind) -> Error {
        Error::new(Operation::Results, kind).about(self.batch_id)
    }

    /// The error of a download that can't go on: one of this crate's from below, or one of the decoder's.
    fn broken(&self, error: io::Error) -> Error {
        match error.downcast::<Error>() {
            Ok(error) => error,
            Err(error) => self.error(Kind::file(error)),
        }
    }

    fn count_mismatch(&self) -> Option<Error> {
        let expected = self.expected.filter(|expected| *expected != self.found)?;
        let found = self.found;
        Some(self.error(Kind::Count { expected, found }))
    }
}

impl Stream for Results {
    type Item = Result<ContactRecord, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let State::Starting(job) = &mut self.state {
            let begun = ready!(job.poll_unpin(cx)).and_then(|job| self.begin(job));
            self.state = State::Over;
            match begun {
                Ok(state) => self.state = state,
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        let this = &mut *self;
        let lines = match &mut this.state {
            State::Reading(lines) => lines,
            state => {
                return Poll::Ready(match std::mem::replace(state, State::Over) {
                    State::Broken(error) => Some(Err(error)),
                    _ => None,
                });
            }
        };
        lines.begin_poll();
        let (number, text, reason) = loop {
            let line = match ready!(lines.poll_line(cx)) {
                Ok(Some(line)) => line,
                Ok(None) => {
                    this.state = State::Over;
                    return Poll::Ready(this.count_mismatch().map(Err));
                }
                Err(error) => {
                    // A whole record is one, be there an end of its line or not.
                    let last = record::read(lines.rest()).ok();
                    this.state = State::Broken(this.broken(error));
                    let Some((record, is_as_submitted)) = last.filter(|_| this.to_skip == 0) else {
                        return self.poll_next(cx);
                    };
                    this.are_identifiers_as_submitted &= is_as_submitted;
                    return Poll::Ready(Some(Ok(record)));
                }
            };
            this.found += 1;
            if this.to_skip > 0 {
                this.to_skip -= 1;
                continue;
            }
            break match line {
                Line::Whole { number, text } => match record::read(text) {
                    Ok((record, is_as_submitted)) => {
                        this.are_identifiers_as_submitted &= is_as_submitted;
                        return Poll::Ready(Some(Ok(record)));
                    }
                    Err(fault) => (number, text.to_vec(), fault.into()),
                },
                Line::TooLong { number, start } => {
                    (number, start, "it is longer than the limit".into())
                }
            };
        };
        let text = LineText::new(text);
        Poll::Ready(Some(Err(this.error(Kind::Line {
            number,
            text,
            reason,
        }))))
    }
}

impl fmt::Debug for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Results")
            .field("batch_id", &self.batch_id)
            .field("expected", &self.expected)
            .field("found", &self.found)
            .finish_non_exhaustive()
    }
}

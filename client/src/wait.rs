//! Waiting for a job: asking for its status, at growing intervals, until it is final. When to ask is in
//! [`schedule`], and how long failures are put up with in [`patience`].

mod patience;
mod schedule;

use std::fmt;
use std::future::IntoFuture;
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, Stream, StreamExt, stream};
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use self::patience::Patience;
pub(crate) use self::schedule::Schedule;
use crate::error::{Error, Kind, Operation};
use crate::events::Event;
use crate::stream::boxed_stream;
use crate::{BatchJob, Client, DownloadLink, JobStatus, Timestamp};

/// How long the API may not know a job whose id comes from elsewhere.
const UNKNOWN_FOR: Duration = Duration::from_secs(60);

impl Client {
    /// Waits for the end of a job, of this process or of any other: the id is all it takes.
    ///
    /// `await` it for the completed job:
    ///
    /// ```no_run
    /// # use crustdata_batch::{Client, Error, Uuid};
    /// # async fn example(client: Client, batch_id: Uuid) -> Result<(), Error> {
    /// let job = client
    ///     .wait(batch_id)
    ///     .on_progress(|job| eprintln!("{}: {:?}", job.status, job.entities_fulfilled))
    ///     .await?;
    /// # let _ = job;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(&self, batch_id: Uuid) -> Wait {
        Wait {
            client: self.clone(),
            batch_id,
            schedule: Schedule::default(),
            patience: Patience::default(),
            deadline: None,
            on_progress: None,
        }
    }
}

/// A wait for the end of a job; made by [`Client::wait`], started by `await` or by the first poll of
/// [`progress`](Self::progress).
///
/// It asks at once, then at growing, jittered intervals that suit jobs of two or three minutes. Requests that fail
/// for the moment (no response, 429, 5xx) are made again, until they have failed for ten minutes in a row
/// ([`patience`](Self::patience)); others end the wait with an error. There is no deadline unless one is given.
///
/// A job that the API doesn't know ([`Error::is_not_found`]) may have been accepted a moment ago. As long as its status
/// has not been read once, that is put up with as a failure of the moment, and for a minute at most where the job was not
/// submitted by this client or a clone of it: the id may be wrong.
///
/// A job ends with `completed` or `failed`, by the documentation. One with a status that this crate does not know has
/// ended when it has a `completed_at` or a link, and is handed over like a completed one: look at its `status`.
///
/// Cancel-safe: the future may be dropped at any time. The job goes on, and can be waited for again.
///
/// # Errors
///
/// [`Error::is_job_failed`], [`Error::is_deadline`], or the error of the last request. Each names the job, and
/// [`Error::job`] is how it stood last.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait {
    client: Client,
    batch_id: Uuid,
    schedule: Schedule,
    patience: Patience,
    deadline: Option<Duration>,
    on_progress: Option<OnProgress>,
}

type OnProgress = Box<dyn FnMut(&BatchJob) + Send>;

impl Wait {
    /// Gives up after so much time, counted from the first poll (for a future, that is its `await`). The job goes on
    /// and may be billed.
    ///
    /// It holds during a request too, so one that is shorter than a request ends the wait before there is a status;
    /// [`Client::job`] asks once.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Asks at intervals that grow from `first` to `longest`, instead of from 5 to 30 seconds.
    pub fn intervals(mut self, first: Duration, longest: Duration) -> Self {
        self.schedule = Schedule::new(first, longest);
        self
    }

    /// Gives up when requests have failed for so long in a row, instead of for ten minutes, with the error of the last
    /// one. With [`Duration::ZERO`] the first failure ends the wait, with [`Duration::MAX`] no failure of the moment
    /// does.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = Patience::new(patience);
        self
    }

    /// Calls this with each status that is read, changed or not, the last one included. Replaces the one given
    /// before.
    pub fn on_progress(mut self, call: impl FnMut(&BatchJob) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// The statuses as a stream, as they are read. It ends after a job that has ended, or after an error.
    pub fn progress(self) -> Progress {
        let begin = async { Polls::begin(self) };
        let statuses = stream::once(begin).flat_map(Polls::into_stream);
        Progress(statuses.fuse().boxed())
    }
}

boxed_stream! {
    /// The statuses of a job until it is final; made by [`Wait::progress`].
    Progress of BatchJob
}

/// A wait that has begun.
struct Polls {
    wait: Wait,
    deadline: Option<Instant>,
    last: Option<BatchJob>,
    is_over: bool,
}

impl Polls {
    /// Time counts from here.
    fn begin(wait: Wait) -> Self {
        Self {
            // A deadline too far away to be counted is no deadline.
            deadline: wait
                .deadline
                .and_then(|after| Instant::now().checked_add(after)),
            wait,
            last: None,
            is_over: false,
        }
    }

    fn into_stream(self) -> impl Stream<Item = Result<BatchJob, Error>> {
        stream::unfold(self, |mut polls| async {
            if polls.is_over {
                return None;
            }
            let result = polls.next().await;
            Some((result, polls))
        })
    }

    /// The next status, or what ends the wait.
    async fn next(&mut self) -> Result<BatchJob, Error> {
        let result = match self.deadline {
            None => self.poll().await,
            Some(deadline) => match timeout_at(deadline, self.poll()).await {
                Ok(result) => result,
                Err(_) => Err(Error::new(Operation::Wait, Kind::Deadline)),
            },
        };
        self.is_over = match &result {
            Ok(job) => has_ended(job),
            Err(_) => true,
        };
        result.map_err(|error| {
            error
                .of(Operation::Wait)
                .about(self.wait.batch_id)
                .with_job(self.last.take())
        })
    }

    /// Asks until there is a status.
    async fn poll(&mut self) -> Result<BatchJob, Error> {
        loop {
            if let Some(interval) = self.wait.schedule.next_interval() {
                sleep(interval).await;
            }
            match self.wait.client.job(self.wait.batch_id).await {
                Ok(job) => return self.read(job),
                Err(error) => {
                    let now = Instant::now();
                    let is_over = if error.is_transient() {
                        self.wait.patience.ends_with_failure_at(now)
                    } else if self.may_be_too_new(&error) {
                        self.wait.patience.ends_after(self.unknown_for(), now)
                    } else {
                        true
                    };
                    if is_over {
                        return Err(error);
                    }
                    self.wait.client.shared.events.tell(&Event::PollFailed {
                        batch_id: self.wait.batch_id,
                        status: error.status(),
                    });
                }
            }
        }
    }

    /// Whether the API may not know the job yet: one that was accepted a moment ago, and has not been read so far.
    fn may_be_too_new(&self, error: &Error) -> bool {
        error.is_not_found() && self.last.is_none()
    }

    /// How long the API may not know the job: with an id from another process, not for as long as with one that was
    /// accepted here, since it may be wrong.
    fn unknown_for(&self) -> Duration {
        let is_accepted_here = self
            .wait
            .client
            .shared
            .accepted_jobs
            .contains(&self.wait.batch_id);
        if is_accepted_here {
            Duration::MAX
        } else {
            UNKNOWN_FOR
        }
    }

    fn read(&mut self, job: BatchJob) -> Result<BatchJob, Error> {
        self.wait.patience.renew();
        if let Some(call) = &mut self.wait.on_progress {
            call(&job);
        }
        if job.status == JobStatus::Failed {
            return Err(Error::job_failed(Operation::Wait, job));
        }
        self.last = Some(job.clone());
        Ok(job)
    }
}

/// Whether there is nothing more to wait for.
fn has_ended(job: &BatchJob) -> bool {
    match job.status {
        JobStatus::Pending | JobStatus::Processing => false,
        JobStatus::Completed | JobStatus::Failed => true,
        JobStatus::Other(_) => has_end_or_link(job),
    }
}

/// Whether a job says when it ended or where its results are. Whether a value that is not there is left out, null or
/// zero is not documented.
fn has_end_or_link(job: &BatchJob) -> bool {
    let is_end = |text: &Timestamp| match text.to_system_time() {
        Some(time) => time > SystemTime::UNIX_EPOCH,
        None => !text.as_str().is_empty(),
    };
    let is_link = |link: &DownloadLink| !link.as_str().is_empty();
    job.completed_at.as_ref().is_some_and(is_end)
        || job.download_url.as_ref().is_some_and(is_link)
        || job.download_urls.iter().flatten().any(is_link)
}

impl IntoFuture for Wait {
    type Output = Result<BatchJob, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        async {
            let mut polls = Polls::begin(self);
            loop {
                let job = polls.next().await?;
                if polls.is_over {
                    return Ok(job);
                }
            }
        }
        .boxed()
    }
}

impl fmt::Debug for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("batch_id", &self.batch_id)
            .field("schedule", &self.schedule)
            .field("patience", &self.patience)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

//! Waiting for a job: asking for its status, at growing intervals, until it is final. When to ask is in
//! [`schedule`].

mod schedule;

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use self::schedule::Schedule;
use crate::error::{Error, Kind, Operation};
use crate::stream::boxed_stream;
use crate::{BatchJob, Client, JobStatus};

/// Failures in a row after which a wait gives up, loudly: about ten minutes with the default intervals.
const FAILURES_MAX: u32 = 20;

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
            deadline: None,
            on_progress: None,
        }
    }
}

/// A wait for the end of a job; made by [`Client::wait`], started by `await`.
///
/// It asks at once, then at growing, jittered intervals that suit jobs of two or three minutes. Requests that fail
/// for the moment (no response, 429, 5xx) are made again, up to 20 in a row; others end the wait with an error.
/// There is no deadline unless one is given.
///
/// Cancel-safe: the future may be dropped at any time. The job goes on, and can be waited for again.
///
/// # Errors
///
/// [`Error::is_job_failed`], [`Error::is_deadline`], or the error of the last request. Each holds the job's id, and
/// [`Error::job`] how it stood last.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait {
    client: Client,
    batch_id: Uuid,
    schedule: Schedule,
    deadline: Option<Duration>,
    on_progress: Option<OnProgress>,
}

type OnProgress = Box<dyn FnMut(&BatchJob) + Send>;

impl Wait {
    /// Gives up after so much time, counted from the `await`. The job goes on and may be billed.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Asks at intervals that grow from `first` to `longest`, instead of from 5 to 30 seconds.
    pub fn intervals(mut self, first: Duration, longest: Duration) -> Self {
        self.schedule = Schedule::new(first, longest);
        self
    }

    /// Calls this with each status that is read, changed or not, the last one included. Replaces the one given
    /// before.
    pub fn on_progress(mut self, call: impl FnMut(&BatchJob) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// The statuses as a stream, as they are read. It ends after a completed job, or after an error.
    pub fn progress(self) -> Progress {
        let statuses = stream::unfold(Polls::new(self), |mut polls| async {
            if polls.is_over {
                return None;
            }
            let result = polls.next().await;
            Some((result, polls))
        });
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
    /// In a row.
    failures: u32,
    last: Option<BatchJob>,
    is_over: bool,
}

impl Polls {
    fn new(wait: Wait) -> Self {
        Self {
            // One that is too far away to be counted is none.
            deadline: wait
                .deadline
                .and_then(|after| Instant::now().checked_add(after)),
            wait,
            failures: 0,
            last: None,
            is_over: false,
        }
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
            Ok(job) => job.status == JobStatus::Completed,
            Err(_) => true,
        };
        result.map_err(|error| error.about(self.wait.batch_id).with_job(self.last.take()))
    }

    /// Asks until there is a status.
    async fn poll(&mut self) -> Result<BatchJob, Error> {
        loop {
            if let Some(interval) = self.wait.schedule.next_interval() {
                sleep(interval).await;
            }
            match self.wait.client.job(self.wait.batch_id).await {
                Ok(job) => return self.read(job),
                Err(error) if error.is_transient() && self.failures + 1 < FAILURES_MAX => {
                    self.failures += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn read(&mut self, job: BatchJob) -> Result<BatchJob, Error> {
        self.failures = 0;
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

impl IntoFuture for Wait {
    type Output = Result<BatchJob, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let mut polls = Polls::new(self);
        async move {
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
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

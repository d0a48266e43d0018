//! The lease of a run: renewed by a task of its own for as long as the process is alive, and given up by its own clocks before
//! the database's has it end.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_postgres::Client;

use super::link::connect;
use crate::database::Database;

const RENEW: &str = "UPDATE workers SET expires_at = clock_timestamp() + make_interval(secs => $2)
    WHERE id = $1 AND ended_at IS NULL AND expires_at > clock_timestamp() RETURNING id";

/// A run, as the database knows it.
#[derive(Debug)]
pub(super) struct Lease {
    /// The fencing token.
    pub(super) worker: i64,
    held: Arc<Held>,
    renewal: JoinHandle<()>,
}

impl Lease {
    /// Keeps a lease alive that was taken after this moment.
    pub(super) fn keep(
        worker: i64,
        length: Duration,
        since: Moment,
        database: Database,
        handle: &Handle,
    ) -> Self {
        let held = Arc::new(Held {
            for_certain: length / 4 * 3,
            since: Mutex::new(Some(since)),
        });
        let renewal = handle.spawn(renew(worker, length, database, held.clone()));
        Self {
            worker,
            held,
            renewal,
        }
    }

    /// Whether it is certain, by this machine's clocks, that nobody has taken over.
    pub(super) fn is_held(&self) -> bool {
        self.held.is_certain()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

/// A moment, by the clock that nobody can set and by the one that goes on while the machine sleeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(Instant, SystemTime);

impl Moment {
    pub(super) fn now() -> Self {
        Self(Instant::now(), SystemTime::now())
    }

    fn is_within(&self, time: Duration) -> bool {
        self.0.elapsed() < time && !self.1.elapsed().is_ok_and(|passed| passed >= time)
    }
}

#[derive(Debug)]
struct Held {
    /// A part of the lease's length: clocks differ.
    for_certain: Duration,
    /// Before it was renewed. None once it is lost.
    since: Mutex<Option<Moment>>,
}

impl Held {
    fn set(&self, since: Option<Moment>) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    fn is_certain(&self) -> bool {
        let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_some_and(|since| since.is_within(self.for_certain))
    }
}

/// Renews a lease until it is lost.
async fn renew(worker: i64, length: Duration, database: Database, held: Arc<Held>) {
    let mut client = None;
    let mut pause = length / 3;
    loop {
        sleep(pause).await;
        let begin = Moment::now();
        let renewal = timeout(length, renew_once(&mut client, &database, worker, length));
        pause = match renewal.await {
            Ok(Ok(true)) => {
                held.set(Some(begin));
                length / 3
            }
            Ok(Ok(false)) => return held.set(None),
            // Sooner than usual: there may be a little time left.
            Ok(Err(_)) | Err(_) => {
                client = None;
                length / 30
            }
        };
    }
}

async fn renew_once(
    client: &mut Option<Client>,
    database: &Database,
    worker: i64,
    length: Duration,
) -> Result<bool, tokio_postgres::Error> {
    let client = match client {
        Some(client) => client,
        None => client.insert(connect(database).await?),
    };
    let renewed = client
        .query_opt(RENEW, &[&worker, &length.as_secs_f64()])
        .await?;
    Ok(renewed.is_some())
}

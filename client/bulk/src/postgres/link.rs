//! The connection to the database: made again where it breaks, and waited for on the caller's thread. What is asked of the
//! database is elsewhere.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::database::Database;
use crate::error::{Cause, Error};

/// For how long the database may be away.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
/// Between two attempts to reach it.
pub(super) const PAUSE: Duration = Duration::from_millis(100);
/// For a connection to be made, and for it to be taken for broken.
const CONNECT: Duration = Duration::from_secs(10);
/// Whatever the database's own settings are: a commit is on its disk, and a process that was paused in a transaction does not
/// hold up others.
const SETTINGS: &str = "SET search_path = crustdata_bulk; SET synchronous_commit = on;
    SET idle_in_transaction_session_timeout = '15s'; SET lock_timeout = '30s'; SET client_min_messages = warning";

/// What keeps a piece of work from being done.
pub(super) enum Fault {
    /// The database, or the way to it.
    Database(tokio_postgres::Error),
    /// Anything else.
    Own(Error),
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

/// A way to the database.
#[derive(Debug)]
pub(super) struct Link {
    /// Of its own, so that the caller's thread may wait for it. There until the end.
    runtime: Option<Runtime>,
    database: Database,
    client: Option<Client>,
}

impl Link {
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let database = read_url(url)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("crustdata-bulk-journal")
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| failure(&database, error))?;
        Ok(Self {
            runtime: Some(runtime),
            database,
            client: None,
        })
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// The connection, if there is one at this moment.
    pub(super) fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

    pub(super) fn client_mut(&mut self) -> Option<&mut Client> {
        self.client.as_mut()
    }

    /// Where the connections are at work.
    pub(super) fn handle(&self) -> Option<&Handle> {
        self.runtime.as_ref().map(Runtime::handle)
    }

    pub(super) fn failed(&self, source: impl Into<Cause>) -> Error {
        failure(&self.database, source)
    }

    /// Does something that may as well be done twice.
    pub(super) fn read<T>(
        &mut self,
        mut work: impl AsyncFnMut(&Client) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        self.patiently(PATIENCE, async |client| work(client).await)
    }

    /// Does something, again and again until it succeeds, fails for good, or the patience is used up.
    pub(super) fn patiently<T>(
        &mut self,
        patience: Duration,
        mut work: impl AsyncFnMut(&mut Client) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        let until = Instant::now() + patience;
        loop {
            let outcome = match self.connected(until) {
                Ok(client) => wait(work(client), until),
                Err(fault) => Some(Err(fault)),
            };
            let error = match outcome {
                Some(Ok(value)) => return Ok(value),
                Some(Err(Fault::Own(error))) => return Err(error),
                Some(Err(Fault::Database(error))) if !is_passing(&error) => {
                    return Err(self.failed(error));
                }
                Some(Err(Fault::Database(error))) => self.failed(error),
                None => self.failed(io::Error::from(io::ErrorKind::TimedOut)),
            };
            // Whatever was under way is given up with its connection.
            self.client = None;
            if Instant::now() + PAUSE >= until {
                return Err(error);
            }
            thread::sleep(PAUSE);
        }
    }

    fn connected(&mut self, until: Instant) -> Result<&mut Client, Fault> {
        let client = match self.client.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => self.connect(until)?,
        };
        Ok(self.client.insert(client))
    }

    fn connect(&self, until: Instant) -> Result<Client, Fault> {
        let (sender, connected) = channel();
        let database = self.database.clone();
        if let Some(handle) = self.handle() {
            handle.spawn(async move { sender.send(connect(&database).await) });
        }
        let left = until.saturating_duration_since(Instant::now());
        match connected.recv_timeout(left) {
            Ok(outcome) => outcome.map_err(Fault::Database),
            Err(error) => Err(Fault::Own(self.failed(error))),
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // The caller may be in a runtime, where nobody may wait for another one's end.
            runtime.shutdown_background();
        }
    }
}

/// A connection, set up, that is driven by the runtime of the caller.
pub(super) async fn connect(database: &Database) -> Result<Client, tokio_postgres::Error> {
    let client = database.connect().await?;
    client.batch_execute(SETTINGS).await?;
    Ok(client)
}

fn read_url(url: &str) -> Result<Database, Error> {
    let mut database = Database::of_url(url).map_err(|error| Error::Database {
        name: "in Postgres".to_owned(),
        source: format!("its URL can't be used: {error}").into(),
    })?;
    database
        .config
        .application_name("crustdata-bulk")
        .connect_timeout(CONNECT)
        .tcp_user_timeout(CONNECT)
        .keepalives_idle(CONNECT);
    Ok(database)
}

fn failure(database: &Database, source: impl Into<Cause>) -> Error {
    Error::Database {
        name: name(database),
        source: source.into(),
    }
}

/// The database, without anything secret.
pub(super) fn name(database: &Database) -> String {
    format!("postgres://{}", database.place())
}

/// Whether it may go well another time: the connection broke, the server restarts, or another transaction was in the way.
fn is_passing(error: &tokio_postgres::Error) -> bool {
    let Some(code) = error.code() else {
        let source = std::error::Error::source(error);
        let source = source.and_then(|source| source.downcast_ref::<io::Error>());
        // A certificate that is not trusted is invalid data, now and later.
        let is_of_the_way = |error: &io::Error| error.kind() != io::ErrorKind::InvalidData;
        return error.is_closed() || source.is_some_and(is_of_the_way);
    };
    let passing = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::TOO_MANY_CONNECTIONS,
    ];
    code.code().starts_with("08") || passing.contains(code)
}

/// Wakes a thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Drives a future on this thread, which may be one of a runtime: what it waits for is at work on another. None, if it takes
/// too long.
pub(super) fn wait<T>(future: impl Future<Output = T>, until: Instant) -> Option<T> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return Some(value);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        thread::park_timeout(left);
    }
}

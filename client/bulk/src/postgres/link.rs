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
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};

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
    config: Config,
    client: Option<Client>,
}

impl Link {
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let config = read_url(url)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("crustdata-bulk-journal")
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| failure(&config, error))?;
        Ok(Self {
            runtime: Some(runtime),
            config,
            client: None,
        })
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
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
        failure(&self.config, source)
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
        let config = self.config.clone();
        if let Some(handle) = self.handle() {
            handle.spawn(async move { sender.send(connect(&config).await) });
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
pub(super) async fn connect(config: &Config) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute(SETTINGS).await?;
    Ok(client)
}

fn read_url(url: &str) -> Result<Config, Error> {
    let unusable = |reason: String| Error::Database {
        name: "in Postgres".to_owned(),
        source: reason.into(),
    };
    let mut config: Config = url
        .parse()
        .map_err(|error| unusable(format!("its URL can't be read: {error}")))?;
    if config.get_ssl_mode() == SslMode::Require {
        let text = "this program speaks no TLS to databases: use a tunnel, or a socket, and leave out sslmode=require";
        return Err(unusable(text.to_owned()));
    }
    if config.get_password().is_none()
        && let Some(password) = std::env::var_os("PGPASSWORD")
    {
        config.password(password.into_encoded_bytes());
    }
    config
        .application_name("crustdata-bulk")
        .connect_timeout(CONNECT)
        .tcp_user_timeout(CONNECT)
        .keepalives_idle(CONNECT);
    Ok(config)
}

fn failure(config: &Config, source: impl Into<Cause>) -> Error {
    Error::Database {
        name: name(config),
        source: source.into(),
    }
}

/// The database, without anything secret.
pub(super) fn name(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    let database = config
        .get_dbname()
        .or(config.get_user())
        .unwrap_or("postgres");
    format!("postgres://{host}/{database}")
}

/// Whether it may go well another time: the connection broke, the server restarts, or another transaction was in the way.
fn is_passing(error: &tokio_postgres::Error) -> bool {
    let Some(code) = error.code() else {
        let source = std::error::Error::source(error);
        return error.is_closed() || source.is_some_and(|source| source.is::<io::Error>());
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

//! The server of an instance: its thread, its port, and its end.
//!
//! Each instance runs on a thread of its own, so that it ends, port and connections and all, when its
//! handle is dropped, whatever runtime its user has or lacks.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::http::StatusCode;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::{oneshot, watch};
use url::Url;
use uuid::Uuid;

use crate::billing::Charge;
use crate::config::{Clock, MockConfig};
use crate::connections;
use crate::instance::{Instance, Stats};
use crate::received::ReceivedRequest;
use crate::routes;
use crate::tap::Exchanged;

/// How often an instance with a real clock delivers to the webhooks of jobs that have become final.
const DELIVER_EVERY: Duration = Duration::from_millis(50);
/// How long open exchanges may take to finish when the server is stopped.
const GRACE: Duration = Duration::from_secs(5);

/// A running mock server. Dropping it ends it at once; [`Mock::stop`] lets open exchanges finish.
///
/// ```
/// use crustdata_mock::{MOCK_KEY, Mock};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # rustls::crypto::ring::default_provider().install_default().ok();
/// let mock = Mock::start().await?;
/// let list = mock.base_url().join("batch")?;
/// let response = reqwest::Client::new().get(list).bearer_auth(MOCK_KEY).send().await?;
/// assert_eq!(response.status(), 200);
///
/// let [request] = &mock.requests()[..] else { panic!("one request was sent") };
/// assert_eq!((request.method.as_str(), &*request.path), ("GET", "/batch"));
/// mock.stop().await;
/// # Ok(())
/// # }
/// ```
pub struct Mock {
    instance: Arc<Instance>,
    /// Says how much longer open exchanges may take.
    stop: watch::Sender<Option<Duration>>,
    ended: oneshot::Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

/// Why a mock server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MockError {
    /// Another program listens there.
    #[error(
        "{address} is in use; stop the program that listens there, or listen on port 0 to get a free port"
    )]
    AddressInUse {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The address can't be listened on, for example because it is not one of this machine.
    #[error("can't listen on {address}; choose an address of this machine, such as 127.0.0.1:0")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system gave no thread or no event queue.
    #[error("can't start the server's thread; the system is short of threads or file descriptors")]
    Thread(#[source] io::Error),
}

impl MockConfig {
    /// Starts an instance. It takes requests as soon as this returns.
    ///
    /// # Errors
    ///
    /// If the address is taken or not one of this machine, or if the system has no thread to spare.
    pub async fn start(self) -> Result<Mock, MockError> {
        let address = self.listen;
        let listen_error = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => MockError::AddressInUse { address, source },
            _ => MockError::Listen { address, source },
        };
        let listener = TcpListener::bind(address).await.map_err(listen_error)?;
        let local = listener.local_addr().map_err(listen_error)?;
        let listener = listener.into_std().map_err(listen_error)?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(MockError::Thread)?;
        let (base_url, store) = (root(local), self.separate_store);
        let store = if store {
            let address = SocketAddr::new(local.ip(), 0);
            let listener = TcpListener::bind(address).await.map_err(listen_error)?;
            let local = listener.local_addr().map_err(listen_error)?;
            Some((listener.into_std().map_err(listen_error)?, root(local)))
        } else {
            None
        };
        let store_url = store.as_ref().map_or(&base_url, |(_, url)| url).clone();
        let instance = Arc::new(Instance::new(
            self,
            base_url,
            store_url,
            runtime.handle().clone(),
        ));
        let (stop, stopping) = watch::channel(None);
        let (end, ended) = oneshot::channel();
        let app = routes::router(instance.clone());
        let read_timeout = instance.config.read_timeout;
        if let Some((listener, _)) = store {
            let store = routes::store_router(instance.clone());
            let serving = connections::serve(listener, store, read_timeout, stopping.clone());
            runtime.spawn(serving);
        }
        if matches!(instance.config.clock, Clock::Real | Clock::Fast(_)) {
            runtime.spawn(deliver(instance.clone()));
        }
        let thread = std::thread::Builder::new()
            .name(format!("mock {local}"))
            .spawn(move || {
                // It fails only if the system is out of event queues; the port then refuses connections.
                let _ = runtime.block_on(connections::serve(listener, app, read_timeout, stopping));
                // Open connections and webhook deliveries end here, without waiting for a name look-up.
                runtime.shutdown_background();
                let _ = end.send(());
            })
            .map_err(MockError::Thread)?;
        Ok(Mock {
            instance,
            stop,
            ended,
            thread: Some(thread),
        })
    }
}

impl Mock {
    /// Starts an instance with the defaults: a compliant server on a free port, with [`MOCK_KEY`](crate::MOCK_KEY),
    /// whose jobs go on when [`Mock::advance`] says so. It takes requests as soon as this returns.
    ///
    /// # Errors
    ///
    /// If the system has no port or no thread to spare.
    pub async fn start() -> Result<Self, MockError> {
        MockConfig::default().start().await
    }

    /// The defaults, to be changed and [started](MockConfig::start).
    pub fn builder() -> MockConfig {
        MockConfig::default()
    }

    /// Root of the API, such as `http://127.0.0.1:40123/`.
    pub fn base_url(&self) -> Url {
        self.instance.base_url.clone()
    }

    /// Moves the instance's own time on: jobs go through their phases, rate limits recover and links expire.
    /// The webhook deliveries of jobs that become final are sent, without waiting for a response.
    pub fn advance(&self, by: Duration) {
        self.instance.advance(&mut self.instance.state(), by);
    }

    /// The requests received so far, oldest first: those to the API as soon as their body is there, downloads, and
    /// requests that were refused. The most recent 1000 are kept, with at most 16 MiB of bodies.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.instance.state().received.all()
    }

    /// The jobs that were made so far, oldest first: the id of each, and its identifiers in their order.
    pub fn jobs(&self) -> Vec<(Uuid, Vec<String>)> {
        let state = self.instance.state();
        let jobs = state.jobs.newest_first(None).into_iter().flatten();
        let mut jobs: Vec<_> = jobs
            .map(|job| (job.id, job.identifiers().to_vec()))
            .collect();
        jobs.reverse();
        jobs
    }

    /// Calls `log` with every request from now on, and with the status of the response, just before that is sent.
    /// There is one such call: another one replaces it.
    pub fn on_response(&self, log: impl Fn(&ReceivedRequest, StatusCode) + Send + Sync + 'static) {
        self.instance.state().log = Some(Arc::new(log));
    }

    /// The charges so far, oldest first: what was charged, for which job, by which request. The most recent
    /// [`MockConfig::jobs_kept`] are kept.
    pub fn ledger(&self) -> Vec<Charge> {
        self.instance.state().ledger.charges()
    }

    /// Credits that the account has left.
    pub fn balance(&self) -> f64 {
        self.instance.state().ledger.balance()
    }

    /// From now on, requests appear among the usage events so long after their response, in the instance's own time.
    pub fn delay_events(&self, delay: Duration) {
        self.instance.state().event_delay = delay;
    }

    /// Calls `tap` with every exchange from now on, whole, just before its response is sent: those of the store, too.
    /// The key is in the headers of its request. There is one such call: another one replaces it.
    pub fn on_exchange(&self, tap: impl Fn(Exchanged) + Send + Sync + 'static) {
        self.instance.state().tap = Some(Arc::new(tap));
    }

    /// How many requests the instance has seen so far.
    pub fn stats(&self) -> Stats {
        self.instance.state().stats
    }

    /// Stops listening, lets open exchanges finish (for a few seconds at most), and ends.
    pub async fn stop(mut self) {
        self.stop.send_replace(Some(GRACE));
        // An error means that the thread has ended already.
        let _ = (&mut self.ended).await;
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock")
            .field("base_url", &self.instance.base_url.as_str())
            .finish_non_exhaustive()
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.stop.send_replace(Some(Duration::ZERO));
        if let Some(thread) = self.thread.take() {
            // The thread holds nothing that could be lost, so how it ended does not matter.
            let _ = thread.join();
        }
    }
}

/// Delivers to the webhooks of an instance whose time passes without requests.
async fn deliver(instance: Arc<Instance>) {
    let mut ticks = tokio::time::interval(DELIVER_EVERY);
    loop {
        ticks.tick().await;
        instance.deliver(&mut instance.state());
    }
}

/// Root of the API at an address. One that stands for every interface is reached through the loopback.
fn root(address: SocketAddr) -> Url {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let text = format!("http://{}", SocketAddr::new(host, address.port()));
    Url::parse(&text).expect("an address is a valid authority")
}

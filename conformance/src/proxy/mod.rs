//! A reverse proxy between a real client and a real server: it passes everything on as it is, judges it beside, and
//! keeps back what would cost more than was allowed. The command line is elsewhere.

mod belt;
mod body;
mod forward;
mod headers;
mod links;
mod open;
mod own;
mod tee;
mod watch;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use url::Url;

pub use belt::Limits;
pub use watch::Tell;

use self::belt::Belt;
use self::forward::Shared;
use self::open::Notes;
use self::watch::{Judge, Watch};
use crate::lock::lock;
use crate::tls::tls;
use crate::traffic::Traffic;

/// How long open exchanges may take to finish when the proxy is stopped.
const GRACE: Duration = Duration::from_secs(5);

/// How to pass traffic on.
#[derive(Debug, Clone)]
pub struct ProxyConfig {
    /// Base URL of the server that requests are passed on to.
    pub upstream: Url,
    /// Where to listen.
    pub listen: SocketAddr,
    /// What submissions may cost; `None` to only watch.
    pub limits: Option<Limits>,
    /// Whether the links to results files are rewritten to lead through the proxy.
    pub rewrite_links: bool,
}

/// A proxy that listens.
#[derive(Debug)]
pub struct Proxy {
    base_url: Url,
    stop: oneshot::Sender<()>,
    server: tokio::task::JoinHandle<()>,
    judge: Judge,
    shared: Arc<Shared>,
}

/// What passed through a proxy.
#[derive(Debug)]
pub struct Passed {
    /// What judges it; `None` where judging failed.
    pub traffic: Option<Traffic>,
    /// Exchanges that were passed on without being judged, since judging could not keep up.
    pub lost: usize,
    /// Jobs that were accepted or may have been, and the credits that they cost at worst.
    pub spent: Option<(u64, f64)>,
}

/// Why there is no proxy.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The address can't be listened on.
    #[error(
        "can't listen on {address}; choose a free address of this machine, such as 127.0.0.1:0"
    )]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// There is no thread to judge on.
    #[error("can't start a thread")]
    Thread(#[source] io::Error),
    /// TLS can't be set up.
    #[error("TLS can't be set up; are the system's CA certificates installed?")]
    Tls(#[source] rustls::Error),
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Proxy {
    /// Starts to listen. `traffic` judges what passes; `tell` is told what is found, and `blocked` what is not passed on.
    ///
    /// # Errors
    ///
    /// When the address can't be listened on, or the system is short of something.
    pub async fn start(
        config: ProxyConfig,
        traffic: Traffic,
        tell: Tell,
        blocked: Tell,
    ) -> Result<Self, ProxyError> {
        let address = config.listen;
        let listen = |source| ProxyError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let local = listener.local_addr().map_err(listen)?;
        let base_url = base_url(local);
        let (watch, judge) = Watch::start(traffic, tell).map_err(ProxyError::Thread)?;
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls(config.upstream.scheme(), false).map_err(ProxyError::Tls)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new())
            .http1_preserve_header_case(true)
            .build(connector);
        let shared = Arc::new(Shared {
            client,
            upstream: config.upstream.as_str().trim_end_matches('/').to_owned(),
            through: config.rewrite_links.then(|| base_url.to_string()),
            links: links::Links::default(),
            notes: Arc::new(Notes {
                watch,
                belt: config.limits.map(|limits| Mutex::new(Belt::new(limits))),
            }),
            tell: Mutex::new(blocked),
        });
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(serve(listener, shared.clone(), stopped));
        Ok(Self {
            base_url,
            stop,
            server,
            judge,
            shared,
        })
    }

    /// Where clients reach it.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Stops to listen, lets open exchanges finish, for a few seconds at most, and judges what is left.
    pub async fn stop(self) -> Passed {
        let _ = self.stop.send(());
        let _ = self.server.await;
        let notes = &self.shared.notes;
        let lost = notes.watch.lost();
        let spent = notes.belt.as_ref().map(|belt| lock(belt).spent());
        // The queue ends with the last connection.
        drop(self.shared);
        let judge = tokio::task::spawn_blocking(move || self.judge.join().ok());
        Passed {
            traffic: judge.await.ok().flatten(),
            lost,
            spent,
        }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, mut stopped: oneshot::Receiver<()>) {
    let open = GracefulShutdown::new();
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // One that can't be taken, for want of a file descriptor perhaps, is not the last.
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                }
            },
            _ = &mut stopped => break,
        };
        let _ = stream.set_nodelay(true);
        let shared = shared.clone();
        let service = service_fn(move |request| forward::forward(shared.clone(), request));
        let connection = http1::Builder::new()
            .preserve_header_case(true)
            // How long anything may take is for client and server to say.
            .header_read_timeout(None)
            .serve_connection(TokioIo::new(stream), service);
        let connection = open.watch(connection);
        connections.spawn(async move {
            // A client that goes away is no failure of the proxy's.
            let _ = connection.await;
        });
        while connections.try_join_next().is_some() {}
    }
    let _ = tokio::time::timeout(GRACE, open.shutdown()).await;
    connections.shutdown().await;
}

/// Root of the proxy at an address. One that stands for every interface is reached through the loopback.
fn base_url(address: SocketAddr) -> Url {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let text = format!("http://{}", SocketAddr::new(host, address.port()));
    #[allow(clippy::expect_used)]
    Url::parse(&text).expect("an address is a valid authority")
}

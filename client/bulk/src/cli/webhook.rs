//! Receiving webhook deliveries. Anybody can send one, so nothing is taken from it but the id of a job, which the run may ask
//! the API for; and whoever sends many, large or slow ones, or none on a connection, takes nothing from the run.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use crustdata_batch::WebhookHint;
use crustdata_bulk::Hints;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;

use super::exit::Failure;

/// The longest body that is read.
const BODY: usize = 64 << 10;
/// How long a sender may take.
const TIME: Duration = Duration::from_secs(10);
/// Connections at a time; others wait until one of them ends.
const CONNECTIONS: usize = 32;
/// How long nobody is let in after the system could not.
const PAUSE: Duration = Duration::from_millis(100);

/// A port at which deliveries arrive.
pub(super) struct Receiver {
    listener: tokio::net::TcpListener,
    address: SocketAddr,
}

impl Receiver {
    /// Takes the port, so that it is known at once whether it can be had.
    pub(super) fn bind(address: SocketAddr) -> Result<Self, Failure> {
        let bind = || {
            let listener = TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            Ok(Self { listener, address })
        };
        bind().map_err(|error: std::io::Error| {
            let text = format!("webhook deliveries can't be received at {address}: {error}");
            Failure::usage(text + "; choose another --webhook-listen")
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Receives for ever.
    pub(super) async fn receive(self, hints: Hints) {
        let mut connections = JoinSet::new();
        loop {
            while connections.len() >= CONNECTIONS {
                connections.join_next().await;
            }
            while connections.try_join_next().is_some() {}
            let Ok((stream, _)) = self.listener.accept().await else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let hints = hints.clone();
            let service = service_fn(move |request| respond(request, hints.clone()));
            let connection = http1::Builder::new()
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), service);
            // How a connection ends changes nothing.
            connections.spawn(async move { drop(tokio::time::timeout(TIME, connection).await) });
        }
    }
}

/// Says the same of each job, so that nobody learns from it which are this account's.
async fn respond(
    request: Request<Incoming>,
    hints: Hints,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let status = if request.method() != Method::POST {
        StatusCode::METHOD_NOT_ALLOWED
    } else {
        let body = Limited::new(request.into_body(), BODY).collect().await;
        match body.map(|body| WebhookHint::parse(&body.to_bytes())) {
            Ok(Some(hint)) => {
                hints.job_may_have_ended(hint.batch_id());
                StatusCode::NO_CONTENT
            }
            _ => StatusCode::BAD_REQUEST,
        }
    };
    let mut response = Response::new(Empty::new());
    *response.status_mut() = status;
    Ok(response)
}

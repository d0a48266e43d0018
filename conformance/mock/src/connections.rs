//! The connections of an instance: how they are accepted, for how long they may say nothing, and how they end.

use std::io;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long to wait for a file descriptor when the system has none left.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until it is told to stop and open exchanges have finished, or have had their time.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    app: Router,
    read_timeout: Duration,
    mut stopping: watch::Receiver<Option<Duration>>,
) -> io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let service = TowerToHyperService::new(app);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(read_timeout);
    let open = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
            // An error means that the handle is gone.
            () = async { drop(stopping.wait_for(Option::is_some).await) } => break,
        };
        // A connection that refuses the option is slower, and as good as any other.
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(TokioIo::new(stream), service.clone());
        // How a connection ends is its client's business.
        tokio::spawn(open.watch(connection));
    }
    drop(listener);
    let grace = stopping.borrow().unwrap_or_default();
    // Whoever takes longer is cut off.
    let _ = tokio::time::timeout(grace, open.shutdown()).await;
    Ok(())
}

//! Connections that break at random between the client and the mock: before a request arrives, after it, within a response.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::random::Random;

/// One in so many reads is the connection's last.
const RARITY: u64 = 8;

/// A port that passes bytes on to the mock's, until it doesn't.
pub(crate) struct Cut {
    pub(crate) address: SocketAddr,
    _stop: oneshot::Sender<()>,
    _thread: JoinHandle<()>,
}

impl Cut {
    pub(crate) fn new(upstream: SocketAddr, seed: u64) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let runtime = runtime.unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                let random = Arc::new(Mutex::new(Random::new(seed)));
                let serve = async {
                    while let Ok((client, _)) = listener.accept().await {
                        tokio::spawn(pass(client, upstream, random.clone()));
                    }
                };
                tokio::select! {
                    () = serve => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            address,
            _stop: stop,
            _thread: thread,
        }
    }
}

async fn pass(mut client: TcpStream, upstream: SocketAddr, random: Arc<Mutex<Random>>) {
    let Ok(mut server) = TcpStream::connect(upstream).await else {
        return;
    };
    let (mut up, mut down) = ([0; 64 << 10], [0; 64 << 10]);
    loop {
        let (bytes, target) = tokio::select! {
            read = client.read(&mut up) => (read.map(|read| &up[..read]), &mut server),
            read = server.read(&mut down) => (read.map(|read| &down[..read]), &mut client),
        };
        let Ok(bytes @ [_, ..]) = bytes else {
            return;
        };
        let (is_last, part) = {
            let mut random = random.lock().unwrap();
            (random.below(RARITY) == 0, random.below(3))
        };
        // Nothing of it, half of it, or all of it.
        let bytes = if is_last {
            &bytes[..bytes.len() * part as usize / 2]
        } else {
            bytes
        };
        if target.write_all(bytes).await.is_err() || is_last {
            return;
        }
    }
}

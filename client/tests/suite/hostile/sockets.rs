//! The sockets of a thread's cases: requests are read here, and responses sent as far as they are meant to get. Which
//! ones, `world` decides, by the case that is named at the beginning of each path.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;

use super::Campaign;
use super::fault::{Ending, Reply};
use super::world::World;

/// Bytes of a body without end that a client may take: its own limit for a body, and what the buffers of both sockets hold,
/// which Linux lets grow to 36 MiB where the client is read from late (`tcp_rmem`, `tcp_wmem`).
const FLOOD_MAX: usize = 64 << 20;

/// A request as it arrived.
#[derive(Debug)]
pub(super) struct Request {
    /// Request line and headers.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
    /// Whether it came to the API's own origin.
    pub(super) is_to_api: bool,
}

impl Request {
    /// The path without the case.
    pub(super) fn path(&self) -> &str {
        let target = self.head.split(' ').nth(1).unwrap_or_default();
        let path = target.split('/').skip(2).map(str::len).sum::<usize>();
        let slashes = target.matches('/').count().saturating_sub(1);
        &target[target.len() - path - slashes..]
    }

    pub(super) fn is_post(&self) -> bool {
        self.head.starts_with("POST ")
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Where servers are.
#[derive(Debug)]
pub(super) struct Sockets {
    pub(super) api: SocketAddr,
    /// Another origin, where stores are, and where redirects lead.
    pub(super) elsewhere: SocketAddr,
    /// Takes connections and closes them.
    pub(super) slamming: SocketAddr,
    /// Takes no connections.
    pub(super) dead: SocketAddr,
    worlds: Arc<Mutex<HashMap<u64, Arc<World>>>>,
    _tasks: JoinSet<()>,
    _dead: TcpSocket,
}

impl Sockets {
    pub(super) async fn open(campaign: &Arc<Campaign>) -> Self {
        let worlds = Arc::<Mutex<HashMap<u64, Arc<World>>>>::default();
        let mut tasks = JoinSet::new();
        let mut addresses = Vec::new();
        for is_to_api in [true, false] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            addresses.push(listener.local_addr().unwrap());
            tasks.spawn(accept(
                listener,
                is_to_api,
                Arc::clone(&worlds),
                Arc::clone(campaign),
            ));
        }
        let slammer = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let slamming = slammer.local_addr().unwrap();
        tasks.spawn(async move {
            loop {
                if let Ok((stream, _)) = slammer.accept().await {
                    let _ = stream.set_zero_linger();
                }
            }
        });
        let dead = TcpSocket::new_v4().unwrap();
        dead.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self {
            api: addresses[0],
            elsewhere: addresses[1],
            slamming,
            dead: dead.local_addr().unwrap(),
            worlds,
            _tasks: tasks,
            _dead: dead,
        }
    }

    pub(super) fn enter(&self, world: &Arc<World>) {
        self.worlds
            .lock()
            .unwrap()
            .insert(world.case, Arc::clone(world));
    }

    pub(super) fn leave(&self, world: &World) {
        self.worlds.lock().unwrap().remove(&world.case);
    }
}

async fn accept(
    listener: TcpListener,
    is_to_api: bool,
    worlds: Arc<Mutex<HashMap<u64, Arc<World>>>>,
    campaign: Arc<Campaign>,
) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((mut stream, _)) = listener.accept().await else {
            continue;
        };
        while connections.try_join_next().is_some() {}
        let (worlds, campaign) = (Arc::clone(&worlds), Arc::clone(&campaign));
        connections.spawn(async move {
            let _ = stream.set_nodelay(true);
            while let Some((world, request)) = read(&mut stream, is_to_api, &worlds).await {
                let reply = world.reply(&request);
                if !send(&mut stream, &reply, &world, &campaign).await {
                    break;
                }
            }
        });
    }
}

/// Reads a whole request, unless the case wants it to break off.
async fn read(
    stream: &mut TcpStream,
    is_to_api: bool,
    worlds: &Mutex<HashMap<u64, Arc<World>>>,
) -> Option<(Arc<World>, Request)> {
    let mut bytes = Vec::new();
    let mut found: Option<Arc<World>> = None;
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let head_end = bytes.windows(4).position(|end| end == b"\r\n\r\n");
        if found.is_none() && bytes.contains(&b'\n') {
            let line = String::from_utf8_lossy(&bytes).into_owned();
            let case = line.split('/').nth(1)?.parse().ok()?;
            let world = worlds.lock().unwrap().get(&case).cloned()?;
            if world.breaks_off(line.starts_with("POST ")) {
                let _ = stream.set_zero_linger();
                return None;
            }
            found = Some(world);
        }
        if let (Some(end), Some(world)) = (head_end, &found) {
            let mut request = Request {
                head: String::from_utf8_lossy(&bytes[..end]).into_owned(),
                body: Vec::new(),
                is_to_api,
            };
            let length = request.header("content-length");
            let length = length.map_or(0, |length| length.parse().unwrap_or(0));
            if bytes.len() >= end + 4 + length {
                request.body = bytes.split_off(end + 4);
                return Some((Arc::clone(world), request));
            }
        }
    }
}

/// Whether to read on. Writing fails when the client has had enough, which is no concern of the server's.
async fn send(stream: &mut TcpStream, reply: &Reply, world: &World, campaign: &Campaign) -> bool {
    let (now, later) = reply.bytes.split_at(reply.cut);
    let pieces = if reply.is_slow { 7 } else { now.len().max(1) };
    for piece in now.chunks(pieces) {
        if stream.write_all(piece).await.is_err() {
            return false;
        }
        if reply.is_slow {
            tokio::task::yield_now().await;
        }
    }
    match reply.ending {
        Ending::Keep => return true,
        Ending::Close => {
            let _ = stream.shutdown().await;
        }
        Ending::Reset => {
            let _ = stream.set_zero_linger();
        }
        Ending::Stall => wait_for_end(stream).await,
        Ending::Drip => {
            for byte in later.iter().take(100) {
                tokio::time::sleep(Duration::from_millis(20)).await;
                if stream.write_all(&[*byte]).await.is_err() {
                    return false;
                }
            }
            wait_for_end(stream).await;
        }
        Ending::Flood => {
            let chunk = vec![b' '; 1 << 16];
            let mut sent = 0;
            while stream.write_all(&chunk).await.is_ok() {
                sent += chunk.len();
                if sent > FLOOD_MAX {
                    campaign.violation(world.case, "a body without end is read without end");
                    break;
                }
            }
        }
    }
    false
}

/// Waits until the client closes the connection.
async fn wait_for_end(stream: &mut TcpStream) {
    let mut rest = [0; 1_000];
    while matches!(stream.read(&mut rest).await, Ok(count) if count > 0) {}
}

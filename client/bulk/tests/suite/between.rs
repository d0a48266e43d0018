//! Servers between the client and the mock: one whose connections break at random, before a request arrives, after it, within
//! a response; one whose responses go wrong as bytes, by the faults of the client's own campaign; and others, for one
//! mistake each.

#[path = "../../../tests/suite/hostile/fault.rs"]
#[expect(dead_code, reason = "the client's campaign judges by more of it")]
mod fault;
#[path = "../../../tests/suite/hostile/head.rs"]
mod head;

/// What some heads repeat: a key, in the client's campaign.
mod secret {
    pub(super) fn echo(_: &mut fastrand::Rng) -> String {
        "echo".to_owned()
    }
}

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use self::fault::{Ending, Reply, plain, reply};
use crate::told::Tell;

/// One in so many reads is a cut connection's last.
const CUTS: u64 = 8;
/// One in so many requests never arrives at the mock.
const LOST: u64 = 16;
/// Of a body without end: what is sent of it.
const FLOOD: usize = 4 << 20;

/// How an account without credits is told of.
const BROKE: &[u8] = b"HTTP/1.1 402 Payment Required\r\ncontent-length: 0\r\n\r\n";

/// What a server does to what it passes on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Harm {
    /// Connections break.
    Cut,
    /// Responses go wrong.
    Garbled,
    /// Responses to submissions never come.
    Held,
    /// Submissions never arrive, and are refused for the account's credits.
    Broke,
    /// Responses say something else.
    Told(Tell),
}

/// A port that passes on to the mock's, after a fashion.
pub(crate) struct Between {
    pub(crate) address: SocketAddr,
    _stop: oneshot::Sender<()>,
    _thread: JoinHandle<()>,
}

type Random = Arc<Mutex<fastrand::Rng>>;

impl Between {
    pub(crate) fn new(upstream: SocketAddr, harm: Harm, seed: u64) -> Self {
        let random = Arc::new(Mutex::new(fastrand::Rng::with_seed(seed)));
        Self::serving(move |mut client, own| {
            let random = random.clone();
            async move {
                let link = (upstream, own);
                match harm {
                    Harm::Cut => cut(client, upstream, &random).await,
                    Harm::Garbled => {
                        while garbled(&mut client, link, &random).await == Some(true) {}
                    }
                    Harm::Held => drop(held(&mut client, upstream).await),
                    Harm::Broke => drop(deaf(&mut client, upstream, BROKE).await),
                    Harm::Told(tell) => while told(&mut client, link, tell).await == Some(true) {},
                }
            }
        })
    }

    /// One at which submissions never arrive. This is called for each before its connection ends.
    pub(crate) fn deaf(upstream: SocketAddr, at_each: impl Fn() + Send + Sync + 'static) -> Self {
        let at_each = Arc::new(at_each);
        Self::serving(move |mut client, _| {
            let at_each = at_each.clone();
            async move {
                if deaf(&mut client, upstream, b"").await == Some(true) {
                    at_each();
                }
            }
        })
    }

    /// One that does this with each connection, and is told its own address.
    fn serving<F>(handle: impl Fn(TcpStream, SocketAddr) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                let serve = async {
                    while let Ok((client, _)) = listener.accept().await {
                        tokio::spawn(handle(client, address));
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

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Passes bytes on, until it doesn't.
async fn cut(mut client: TcpStream, upstream: SocketAddr, random: &Random) {
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
            (random.u64(..CUTS) == 0, random.usize(..3))
        };
        // Nothing of it, half of it, or all of it.
        let bytes = if is_last {
            &bytes[..bytes.len() * part / 2]
        } else {
            bytes
        };
        if target.write_all(bytes).await.is_err() || is_last {
            return;
        }
    }
}

/// Passes requests on, and responses to all but submissions.
async fn held(client: &mut TcpStream, upstream: SocketAddr) -> Option<()> {
    let request = request(client).await?;
    let response = response(&request, upstream).await?;
    if !request.starts_with(b"POST") {
        return client.write_all(&response).await.ok();
    }
    while client.read(&mut [0; 1024]).await.ok()? > 0 {}
    None
}

/// Passes on all but submissions, to which this is the response. Gives whether it was one.
async fn deaf(client: &mut TcpStream, upstream: SocketAddr, said: &[u8]) -> Option<bool> {
    let request = request(client).await?;
    let is_submission = request.starts_with(b"POST");
    let response = match is_submission {
        true => said.to_vec(),
        false => response(&request, upstream).await?,
    };
    client.write_all(&response).await.ok()?;
    Some(is_submission)
}

/// Passes one request on, and its response with a fault. Gives whether the connection stays.
async fn garbled(
    client: &mut TcpStream,
    (upstream, own): (SocketAddr, SocketAddr),
    random: &Random,
) -> Option<bool> {
    let request = request(client).await?;
    if random.lock().unwrap().u64(..LOST) == 0 {
        return Some(false);
    }
    let response = response(&request, upstream).await?;
    let reply = harmed(&response, (upstream, own), &mut random.lock().unwrap())
        .unwrap_or_else(|| as_it_is(response));
    send(client, &reply).await
}

/// Passes one request on, and its response as it is told. Gives whether the connection stays.
async fn told(
    client: &mut TcpStream,
    (upstream, own): (SocketAddr, SocketAddr),
    tell: Tell,
) -> Option<bool> {
    let request = request(client).await?;
    let (head, _) = divided(&request)?;
    let response = response(&request, upstream).await?;
    let (status, headers, body) = whole(&response, (upstream, own))?;
    let (status, body) = tell(head.split(' ').nth(1)?, status, body);
    send(client, &plain(status, &headers, &body)).await
}

/// A whole request, with the wish that its response be the connection's last.
async fn request(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        if client.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let Some((head, body)) = divided(&bytes) else {
            continue;
        };
        let length = header(&head, "content-length").and_then(|text| text.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            let (line, rest) = head.split_once("\r\n")?;
            let head = format!("{line}\r\nconnection: close\r\n{rest}\r\n\r\n");
            return Some([head.as_bytes(), body].concat());
        }
    }
}

/// What the mock responds, as far as it does.
async fn response(request: &[u8], upstream: SocketAddr) -> Option<Vec<u8>> {
    let mut server = TcpStream::connect(upstream).await.ok()?;
    server.write_all(request).await.ok()?;
    let mut response = Vec::new();
    let _ = server.read_to_end(&mut response).await;
    Some(response)
}

/// The response as the fault has it; none of one that is not whole, or not plain.
fn harmed(
    response: &[u8],
    link: (SocketAddr, SocketAddr),
    random: &mut fastrand::Rng,
) -> Option<Reply> {
    let (status, headers, body) = whole(response, link)?;
    let harmed = reply(random, status, &headers, &body);
    // A rest that takes minutes shows nothing.
    Some(match harmed.is_pacing && status == 429 {
        true => plain(status, &headers, &body),
        false => harmed,
    })
}

/// The status of a response, its headers but for those of its framing, and its body, with links that lead here; none of one
/// that is not whole, or not plain.
fn whole(
    response: &[u8],
    (upstream, own): (SocketAddr, SocketAddr),
) -> Option<(u16, String, Vec<u8>)> {
    let (head, body) = divided(response)?;
    let length: usize = header(&head, "content-length")?.parse().ok()?;
    let status: u16 = head.split(' ').nth(1)?.parse().ok()?;
    if body.len() != length {
        return None;
    }
    let is_kept = |line: &&str| {
        let name = line.split(':').next().unwrap_or_default();
        !["connection", "content-length"].contains(&name.to_ascii_lowercase().as_str())
    };
    let lines = head.split("\r\n").skip(1).filter(is_kept);
    let headers: String = lines.map(|line| format!("{line}\r\n")).collect();
    let link = |text: &str| text.replace(&upstream.to_string(), &own.to_string());
    let body = match std::str::from_utf8(body) {
        Ok(text) => link(text).into_bytes(),
        Err(_) => body.to_vec(),
    };
    Some((status, link(&headers), body))
}

fn as_it_is(bytes: Vec<u8>) -> Reply {
    let mut reply = plain(200, "", b"");
    reply.cut = bytes.len();
    reply.bytes = bytes;
    reply.ending = Ending::Close;
    reply
}

/// A head, and what follows it so far.
fn divided(bytes: &[u8]) -> Option<(String, &[u8])> {
    let end = bytes.windows(4).position(|end| end == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    Some((head, &bytes[end + 4..]))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.split("\r\n").find_map(|line| {
        let (other, value) = line.split_once(':')?;
        other.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

async fn send(client: &mut TcpStream, reply: &Reply) -> Option<bool> {
    client.write_all(&reply.bytes[..reply.cut]).await.ok()?;
    match reply.ending {
        Ending::Keep => return Some(true),
        Ending::Close => client.shutdown().await.ok()?,
        Ending::Reset => client.set_zero_linger().ok()?,
        // Until the client has had enough.
        Ending::Stall | Ending::Drip => while client.read(&mut [0; 1024]).await.ok()? > 0 {},
        Ending::Flood => {
            for _ in 0..FLOOD >> 16 {
                client.write_all(&[b' '; 1 << 16]).await.ok()?;
            }
        }
    }
    Some(false)
}

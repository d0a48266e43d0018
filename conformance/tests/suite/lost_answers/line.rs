//! The line between a client and its server: it passes requests and responses on, or loses them.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crustdata_conformance::generated::contract::header;
use crustdata_mock::Mock;
use fastrand::Rng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::time::Time;

/// What becomes of the one submission over a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It never arrives.
    Lost,
    /// It arrives, and its response is lost.
    Accepted,
    /// It arrives so long after the client has given up.
    Late(Duration),
    /// It arrives without the version, and the refusal is lost.
    Refused,
}

impl Fate {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Accepted => "accepted",
            Self::Late(_) => "late",
            Self::Refused => "refused",
        }
    }
}

/// A line, and what went over it.
pub(super) struct Line {
    pub(super) url: String,
    /// Responses to the submission that were lost.
    pub(super) lost: Arc<Mutex<Vec<String>>>,
    pub(super) submissions: Arc<Mutex<u32>>,
}

/// How a line loses things.
#[derive(Clone)]
pub(super) struct Losing {
    pub(super) fate: Fate,
    /// Whether the client waits for the response until its time is up, instead of seeing the connection break.
    pub(super) hangs: bool,
    /// When the submission appears among the events, where not when others do.
    pub(super) event_delay: Option<(Duration, Duration)>,
    /// Of so many other requests, one is lost.
    pub(super) one_of: u32,
}

impl Line {
    pub(super) async fn start(mock: Arc<Mock>, time: Time, losing: Losing, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let line = Self {
            url,
            lost: Arc::default(),
            submissions: Arc::default(),
        };
        let (lost, submissions) = (Arc::clone(&line.lost), Arc::clone(&line.submissions));
        let address = mock.base_url().socket_addrs(|| None).unwrap()[0];
        let mock = Arc::downgrade(&mock);
        tokio::spawn(async move {
            let mut random = Rng::with_seed(seed);
            while let Ok((client, _)) = listener.accept().await {
                let loses = losing.one_of > 0 && random.u32(..losing.one_of) == 0;
                let (time, losing) = (time.clone(), losing.clone());
                let (lost, submissions) = (Arc::clone(&lost), Arc::clone(&submissions));
                let Some(mock) = mock.upgrade() else { break };
                tokio::spawn(async move {
                    connection(
                        client,
                        address,
                        &mock,
                        &time,
                        &losing,
                        loses,
                        &lost,
                        &submissions,
                    )
                    .await
                });
            }
        });
        line
    }
}

#[allow(clippy::too_many_arguments)]
async fn connection(
    mut client: TcpStream,
    server: SocketAddr,
    mock: &Mock,
    time: &Time,
    losing: &Losing,
    loses: bool,
    lost: &Mutex<Vec<String>>,
    submissions: &Mutex<u32>,
) -> Option<()> {
    let under_way = time.request();
    let request = read(&mut client).await?;
    if !request.starts_with("POST") {
        if loses {
            return None;
        }
        let response = exchange(server, &request).await?;
        let _ = client.write_all(response.as_bytes()).await;
        return None;
    }
    *submissions.lock().unwrap() += 1;
    let request = match losing.fate {
        Fate::Refused => without(&request, header::API_VERSION),
        _ => request,
    };
    let Losing { fate, hangs, .. } = *losing;
    // Hanging, the client has to see time pass.
    let mut under_way = Some(under_way);
    let give_up = async |client: TcpStream, under_way: &mut Option<_>| {
        if hangs {
            *under_way = None;
            gone(client).await;
        } else {
            drop(client);
        }
        *under_way = None;
    };
    if let Fate::Lost | Fate::Late(_) = fate {
        give_up(client, &mut under_way).await;
        let Fate::Late(by) = fate else { return None };
        sleep(by).await;
        let _under_way = time.request();
        deliver(server, &request, mock, losing, lost).await;
    } else {
        deliver(server, &request, mock, losing, lost).await;
        give_up(client, &mut under_way).await;
    }
    None
}

/// Hands the submission over, and keeps the response.
async fn deliver(
    server: SocketAddr,
    request: &str,
    mock: &Mock,
    losing: &Losing,
    lost: &Mutex<Vec<String>>,
) {
    if let Some((own, _)) = losing.event_delay {
        mock.delay_events(own);
    }
    let response = exchange(server, request).await.expect("the mock responds");
    if let Some((_, others)) = losing.event_delay {
        mock.delay_events(others);
    }
    lost.lock().unwrap().push(response);
}

async fn exchange(server: SocketAddr, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(server).await.ok()?;
    let (first, rest) = request.split_once("\r\n")?;
    let request = format!("{first}\r\nconnection: close\r\n{rest}");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.ok()?;
    String::from_utf8(response).ok()
}

/// A whole request.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8(bytes.clone()).ok()?;
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return Some(text);
        }
    }
}

/// Waits until the client has closed the connection.
async fn gone(mut client: TcpStream) {
    let mut byte = [0];
    let _ = client.read(&mut byte).await;
}

/// The request without a header.
fn without(request: &str, name: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").expect("a whole request");
    let lines = head.split("\r\n").filter(|line| !line.starts_with(name));
    let head: Vec<&str> = lines.collect();
    format!("{}\r\n\r\n{body}", head.join("\r\n"))
}

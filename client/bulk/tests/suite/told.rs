//! A server between the client and the mock whose responses to questions about jobs are told otherwise.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::support::Scene;

/// What becomes of a response to this path: its status and its body.
pub(crate) type Tell = fn(&str, u16, Vec<u8>) -> (u16, Vec<u8>);

/// A port that passes on to the mock's, and tells responses otherwise.
pub(crate) struct Told {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
}

impl Told {
    pub(crate) fn new(scene: &Scene, tell: Tell) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let is_over: Arc<AtomicBool> = Arc::default();
        let (upstream, until) = (scene.address(), is_over.clone());
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if until.load(Ordering::Relaxed) {
                    return;
                }
                let client = client.unwrap();
                std::thread::spawn(move || pass_on(client, upstream, tell));
            }
        });
        Self { address, is_over }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes it.
        drop(TcpStream::connect(self.address));
    }
}

/// One request, the connection's last.
fn pass_on(mut client: TcpStream, upstream: SocketAddr, tell: Tell) -> Option<()> {
    let (head, mut body) = head(&mut client)?;
    let lines: Vec<&str> = head.split("\r\n").collect();
    let length = lines.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    while body.len() < length.unwrap_or(0) {
        let mut more = [0; 4096];
        let count = client.read(&mut more).ok().filter(|count| *count > 0)?;
        body.extend_from_slice(&more[..count]);
    }
    let rest = lines[1..].join("\r\n");
    let request = format!("{}\r\nconnection: close\r\n{rest}\r\n\r\n", lines[0]);
    let mut server = TcpStream::connect(upstream).ok()?;
    server
        .write_all(&[request.as_bytes(), &body].concat())
        .ok()?;
    let (answer, mut body) = self::head(&mut server)?;
    server.read_to_end(&mut body).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    // Links lead here, too.
    let own = client.local_addr().ok()?.to_string();
    if let Ok(text) = std::str::from_utf8(&body) {
        body = text.replace(&upstream.to_string(), &own).into_bytes();
    }
    let path = lines[0].split(' ').nth(1)?;
    let (status, body) = tell(path, status, body);
    // Those of the rate among them, which the client would assume to be a low one.
    let headers = answer.split("\r\n").skip(1).filter(|line| {
        let name = line.split(':').next().unwrap_or_default();
        !["connection", "content-length"].contains(&name.to_ascii_lowercase().as_str())
    });
    let headers: String = headers.map(|line| format!("{line}\r\n")).collect();
    let head = format!(
        "HTTP/1.1 {status} -\r\n{headers}connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    client.write_all(&[head.as_bytes(), &body].concat()).ok()
}

/// A head, and what came with it of the body.
fn head(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        let mut more = [0; 4096];
        let count = stream.read(&mut more).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&more[..count]);
        if let Some(end) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            return Some((head, bytes.split_off(end + 4)));
        }
    }
}

/// The list's jobs, changed.
fn with_jobs(body: &[u8], change: impl Fn(&mut Vec<Value>)) -> Vec<u8> {
    let mut page: Value = serde_json::from_slice(body).unwrap();
    change(page["jobs"].as_array_mut().unwrap());
    page.to_string().into_bytes()
}

/// Jobs are in no list, and the server fails when it is asked for one.
pub(crate) fn lost(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    match path {
        _ if path.starts_with("/batch?") => (status, with_jobs(&body, Vec::clear)),
        _ => failing(path, status, body),
    }
}

/// The server fails when it is asked for a job.
pub(crate) fn failing(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    match path {
        _ if path.starts_with("/batch/") && !path.contains("/person/") => (500, Vec::new()),
        _ => (status, body),
    }
}

/// All jobs in the list are at work.
pub(crate) fn late(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if !path.starts_with("/batch?") {
        return (status, body);
    }
    let late = |jobs: &mut Vec<Value>| {
        for job in jobs {
            job["status"] = "processing".into();
        }
    };
    (status, with_jobs(&body, late))
}

/// The list has jobs of others, each of them twice.
pub(crate) fn twice(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if !path.starts_with("/batch?") {
        return (status, body);
    }
    let twice = |jobs: &mut Vec<Value>| {
        for n in [1, 2, 3, 1, 2, 3] {
            let id = crustdata_batch::Uuid::from_u128(n).to_string();
            jobs.push(serde_json::json!({
                "batch_id": id, "status": "processing", "entity": "person", "action": "contact_enrich",
            }));
        }
    };
    (status, with_jobs(&body, twice))
}

/// Files have a record of one and the same person on each line, and no end.
pub(crate) fn endless(path: &str, status: u16, body: Vec<u8>) -> (u16, Vec<u8>) {
    if path.starts_with("/batch") || path.starts_with("/account") {
        return (status, body);
    }
    let line = "{\"original_identifier\":\"https://www.linkedin.com/in/nobody\",\"data\":{}}\n";
    // Gzip of blocks that are not compressed, none of them the last.
    let mut file = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    for _ in 0..4000 {
        let length = (line.len() as u16).to_le_bytes();
        file.push(0);
        file.extend(length);
        file.extend(length.map(|byte| !byte));
        file.extend(line.bytes());
    }
    (200, file)
}

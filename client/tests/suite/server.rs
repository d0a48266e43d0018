//! A server on a free port that responds as a test tells it to, and remembers what it was asked. Bare TCP,
//! since most of what it does no HTTP library lets it do.

use std::future::IntoFuture;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crustdata_batch::{
    Accepted, ApiKey, Client, ClientBuilder, ContactEnrichRequest, ContactField, Error,
    OutcomeUnknown, SubmitError, Uuid,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

pub(crate) use crate::reply::Reply;

/// The key that tests send, and search for where it must not be.
pub(crate) const KEY: &str = "sk-test-0123456789abcdef";
/// The job that tests' servers speak of.
pub(crate) const BATCH_ID: &str = "7e96a0d7-0ea6-463c-8937-dfa59365c2e9";

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    /// Method and target.
    pub(crate) fn line(&self) -> &str {
        self.head
            .lines()
            .next()
            .unwrap()
            .trim_end_matches(" HTTP/1.1")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// A running server; gone when dropped.
pub(crate) struct Server {
    url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Responds to every request with what `reply` says.
    pub(crate) async fn start(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let seen = Arc::clone(&requests);
        let listener = listener().await;
        let url = url(&listener);
        let reply = Arc::new(reply);
        let task = tokio::spawn(async move {
            // Dropped, and its connections with it, when the server is.
            let mut connections = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let (seen, reply) = (Arc::clone(&seen), Arc::clone(&reply));
                connections.spawn(async move {
                    while let Some(request) = read(&mut stream).await {
                        seen.lock().unwrap().push(request.clone());
                        if !reply(&request).send(&mut stream).await {
                            break;
                        }
                    }
                });
            }
        });
        Self {
            url,
            requests,
            task,
        }
    }

    /// Sends these bytes to whoever connects, asked or not, and hangs up.
    pub(crate) async fn hanging_up(greeting: &'static str) -> Self {
        let listener = listener().await;
        let url = url(&listener);
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(greeting.as_bytes()).await;
            }
        });
        Self {
            url,
            requests: Arc::default(),
            task,
        }
    }

    /// Reads so many bytes from whoever connects, and breaks the connection off. Each connection counts as a request.
    pub(crate) async fn resetting_after(bytes: usize) -> Self {
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let seen = Arc::clone(&requests);
        let listener = listener().await;
        let url = url(&listener);
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut read = vec![0; bytes];
                let _ = stream.read_exact(&mut read).await;
                let head = String::from_utf8(read).unwrap();
                let body = String::new();
                seen.lock().unwrap().push(Request { head, body });
                // Nothing is left to be sent: closing now is a reset.
                stream.set_zero_linger().unwrap();
            }
        });
        Self {
            url,
            requests,
            task,
        }
    }

    /// Responds to every request with this status and body.
    pub(crate) async fn responding(status: u16, body: &str) -> Self {
        let body = body.to_owned();
        Self::start(move |_| Reply::new(status, &body)).await
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A client of this server.
    pub(crate) fn client(&self) -> Client {
        client(&self.url)
    }

    /// What was asked so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A client for `base_url`, with [`KEY`].
pub(crate) fn client(base_url: &str) -> Client {
    builder(base_url).build().unwrap()
}

/// A builder for `base_url`, with [`KEY`], that keeps no pace.
pub(crate) fn builder(base_url: &str) -> ClientBuilder {
    Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .base_url(base_url)
        .requests_per_minute(None)
}

/// So long that time does not come to it that passes at each step.
pub(crate) const LONG: Duration = Duration::from_secs(1_000 * 60 * 60);

/// A builder whose timeouts are [`LONG`].
pub(crate) fn patient(server: &Server) -> ClientBuilder {
    let builder = builder(server.url()).timeout(LONG).connect_timeout(LONG);
    builder.download_idle_timeout(LONG)
}

/// Lets time pass at each step, so that whatever waits for it is over at once, however slow the machine is.
pub(crate) async fn hurried<T: Send + 'static>(
    work: impl IntoFuture<Output = T, IntoFuture: Send + 'static>,
) -> T {
    let work = tokio::spawn(work.into_future());
    while !work.is_finished() {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(40)).await;
        tokio::time::resume();
        tokio::task::yield_now().await;
    }
    work.await.unwrap()
}

/// A number of attempts, for a builder.
pub(crate) fn attempts(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

/// The id of the job that tests' servers speak of.
pub(crate) fn batch_id() -> Uuid {
    BATCH_ID.parse().unwrap()
}

/// A job's status with these keys beside the four that no job lacks.
pub(crate) fn job(status: &str, more: Value) -> Value {
    let mut job = json!({"batch_id": BATCH_ID, "status": status, "entity": "person", "action": "contact_enrich"});
    for (key, value) in more.as_object().unwrap() {
        job[key] = value.clone();
    }
    job
}

/// A valid request.
pub(crate) fn request() -> ContactEnrichRequest {
    ContactEnrichRequest::builder()
        .profile_urls(["https://www.linkedin.com/in/nobody-0001/"])
        .fields([ContactField::BusinessEmail])
        .build()
        .unwrap()
}

/// The error of a submission that certainly was not accepted.
#[track_caller]
pub(crate) fn not_accepted(result: Result<Accepted, SubmitError>) -> Error {
    match result {
        Err(SubmitError::NotAccepted(error)) => error,
        other => panic!("not certain: {other:?}"),
    }
}

/// The error of a submission that may have been accepted.
#[track_caller]
pub(crate) fn unknown(result: Result<Accepted, SubmitError>) -> OutcomeUnknown {
    match result {
        Err(SubmitError::OutcomeUnknown(unknown)) => unknown,
        other => panic!("certain: {other:?}"),
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn url(listener: &TcpListener) -> String {
    format!("http://{}", listener.local_addr().unwrap())
}

/// Reads a whole request, or nothing if the other side gives up.
async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8(bytes.clone()).unwrap();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let request = Request {
                head: head.to_owned(),
                body: body.to_owned(),
            };
            let length = request
                .header("content-length")
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Some(request);
            }
        }
    }
}

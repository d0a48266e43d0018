//! What a test's server sends once it has read a request, to the byte.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// What the server does once it has read a request.
pub(crate) enum Reply {
    /// Sends these bytes and closes.
    Raw(Vec<u8>),
    /// Closes without a word.
    Close,
    /// Sends these bytes and reads the next request from the same connection.
    Keep(Vec<u8>),
    /// Sends these bytes and no more, and keeps the connection open.
    Stall(Vec<u8>),
    /// Sends these bytes one by one, and closes.
    Trickle(Vec<u8>),
    /// Sends a body without end.
    Flood,
}

impl Reply {
    /// A well-formed response.
    pub(crate) fn new(status: u16, body: &str) -> Self {
        Self::with_headers(status, "content-type: application/json\r\n", body)
    }

    /// A well-formed response with these header lines, each with its line end.
    pub(crate) fn with_headers(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::Raw(
            format!("HTTP/1.1 {status} -\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
                .into_bytes(),
        )
    }

    /// A well-formed response with any bytes as its body.
    pub(crate) fn bytes(status: u16, headers: &str, body: &[u8]) -> Self {
        Self::cut(status, headers, body, body.len())
    }

    /// A response whose body breaks off after `end` bytes.
    pub(crate) fn cut(status: u16, headers: &str, body: &[u8], end: usize) -> Self {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} -\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
        );
        Self::Raw([head.as_bytes(), &body[..end]].concat())
    }

    /// A response that promises more bytes than it sends.
    pub(crate) fn cut_off(status: u16, body: &str) -> Self {
        Self::Raw(
            format!("HTTP/1.1 {status} -\r\ncontent-length: 100000\r\n\r\n{body}").into_bytes(),
        )
    }

    /// Sends it, and says whether to read on. Writing fails when the client has had enough, which is no concern of the server's.
    pub(crate) async fn send(self, stream: &mut TcpStream) -> bool {
        match self {
            Self::Close => {}
            Self::Raw(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
            Self::Keep(bytes) => return stream.write_all(&bytes).await.is_ok(),
            Self::Stall(bytes) => {
                let _ = stream.write_all(&bytes).await;
                std::future::pending().await
            }
            Self::Trickle(bytes) => {
                for byte in bytes {
                    let _ = stream.write_all(&[byte]).await;
                    tokio::task::yield_now().await;
                }
            }
            Self::Flood => {
                let chunk = vec![b' '; 1 << 16];
                let _ = stream
                    .write_all(b"HTTP/1.1 200 -\r\nconnection: close\r\n\r\n")
                    .await;
                while stream.write_all(&chunk).await.is_ok() {}
            }
        }
        false
    }
}

//! Spans, with the feature `tracing`: one for each call, and no secret in any.

use std::io;
use std::sync::{Arc, Mutex};

use crustdata_batch::ListQuery;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::results::{LINK, completed, is_download};
use crate::server::{BATCH_ID, KEY, Reply, Server, batch_id, request};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    /// Takes down everything that is said on this thread, at the finest level.
    fn start() -> (Self, tracing::subscriber::DefaultGuard) {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(log.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A log is the last place where the id of a paid job can be found.
#[tokio::test]
async fn the_span_of_an_accepted_submission_names_the_job() {
    let (log, guard) = Log::start();
    let server = Server::responding(202, &format!("{{\"batch_id\": \"{BATCH_ID}\"}}")).await;
    let _ = server.client().submit(&request()).await.unwrap();
    drop(guard);
    let line = format!("operation=\"submit\" batch_id={BATCH_ID}");
    assert!(log.text().contains(&line), "{}", log.text());
}

/// Everything that this crate and those below it say while all calls are made.
#[tokio::test]
async fn each_call_has_a_span_and_none_has_a_secret() {
    let (log, guard) = Log::start();

    let server = Server::start(|request| match is_download(request) {
        true => Reply::new(404, KEY),
        false => Reply::new(403, &format!("{{\"message\": \"{KEY}\"}}")),
    })
    .await;
    let client = server.client();
    client.submit(&request()).await.unwrap_err();
    client.job(batch_id()).await.unwrap_err();
    client.list(&ListQuery::new()).await.unwrap_err();
    client
        .results(&completed(Some(1)))
        .next()
        .await
        .unwrap()
        .unwrap_err();
    drop(guard);

    let text = log.text();
    for operation in ["submit", "job", "list", "results"] {
        assert!(
            text.contains(&format!("operation=\"{operation}\"")),
            "{operation}: {text}"
        );
    }
    assert!(
        text.contains(BATCH_ID) && text.contains("status=403"),
        "{text}"
    );
    assert!(!text.contains(KEY), "{text}");
    // This crate's own lines have no link; what HTTP libraries log at `TRACE` is theirs.
    let secret = LINK.rsplit('=').next().unwrap();
    for line in text
        .lines()
        .filter(|line| line.contains("crustdata_batch::"))
    {
        assert!(!line.contains(secret), "{line}");
    }
}

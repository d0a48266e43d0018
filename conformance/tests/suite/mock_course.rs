//! A fixed course of jobs that shows every fault of the mock in what comes after a submission, and one of the account.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::http::{Method, Uri};
use crustdata_conformance::generated::contract::{self, account, usage};
use crustdata_mock::{Fault, JobTiming, MockConfig, TEST_PROFILES};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::mock_fixture::{Fixture, submission, urls};
use crate::mock_series::{Received, number_ids};

/// How long a call of the webhook is waited for. It comes at once, or never.
const PATIENCE: Duration = Duration::from_secs(5);

/// An id that no job has.
const NO_JOB: &str = "00000000-0000-4000-8000-000000000000";

/// Time after which every request is among the events.
const EVENT_DELAY: Duration = Duration::from_secs(usage::EVENT_DELAY_SECONDS as u64);

/// A webhook that is never called.
const WEBHOOK: &str = "https://example.com/hook";

/// The most pages of events that are asked for along the cursor.
const MOST_PAGES: usize = 4;

/// How many jobs there were before. Enough for their ids to be in no order by chance.
const EARLIER: usize = 10;

/// The responses of a server to jobs that are followed from their submission to their files.
pub(crate) struct Course<'a> {
    server: Fixture,
    /// The responses of a compliant server; the course ends where it differs from them.
    compliant: Option<&'a [Received]>,
    responses: Vec<Received>,
    ids: HashMap<String, usize>,
    links: Vec<String>,
    /// The ids that the responses to submissions say are those of the requests.
    requests: Vec<String>,
}

/// The course has shown that the server is not compliant.
struct Differs;

impl<'a> Course<'a> {
    /// Everything that a server with these faults answers, or what it answers until it differs from what an
    /// `compliant` one does.
    pub(crate) async fn run(
        client: &Client,
        faults: &[&'static Fault],
        compliant: Option<&'a [Received]>,
    ) -> Vec<Received> {
        let mut course = Self::begin(client, faults, compliant).await;
        // How it ends can be seen from the responses.
        let _ = course.follow().await;
        course.responses
    }

    /// The same of what is read of the account after some submissions.
    pub(crate) async fn run_account(
        client: &Client,
        faults: &[&'static Fault],
        compliant: Option<&'a [Received]>,
    ) -> Vec<Received> {
        let mut course = Self::begin(client, faults, compliant).await;
        let _ = course.account().await;
        course.responses
    }

    async fn begin(
        client: &Client,
        faults: &[&'static Fault],
        compliant: Option<&'a [Received]>,
    ) -> Self {
        let config = MockConfig {
            faults: faults.to_vec(),
            // Events have dates.
            starts_at: Some(UNIX_EPOCH + Duration::from_secs(1_767_225_600)),
            ..Default::default()
        };
        Course {
            server: Fixture::with_client(config, client.clone()).await,
            compliant,
            responses: Vec::new(),
            ids: HashMap::new(),
            links: Vec::new(),
            requests: Vec::new(),
        }
    }

    async fn follow(&mut self) -> Result<(), Differs> {
        let timing = JobTiming::default();
        let (webhook, mut calls) = receiver().await;
        for _ in 0..EARLIER {
            self.submit(&submission(1)).await?;
            self.server.mock.advance(timing.pending + timing.processing);
        }
        let mut jobs = Vec::new();
        for body in bodies(&webhook) {
            jobs.push(self.submit(&body).await?);
        }
        for step in [Duration::ZERO, timing.pending, timing.processing] {
            self.server.mock.advance(step);
            for job in &jobs {
                self.polls(job).await?;
            }
            // One job too many, unless the others are final.
            self.submit(&submission(1)).await?;
            self.lists().await?;
            if step != timing.processing {
                // No job with a webhook is over.
                self.push((0, format!("{:?}", calls.try_recv().ok())))?;
            }
        }
        for link in std::mem::take(&mut self.links) {
            let download = self.server.client.get(link);
            self.note(download).await?;
        }
        let call = tokio::time::timeout(PATIENCE, calls.recv()).await;
        self.push((0, format!("{:?}", call.ok().flatten())))
    }

    /// The id of a new job; empty if the submission was refused.
    async fn submit(&mut self, body: &Value) -> Result<String, Differs> {
        let request = self.server.post().body(body.to_string());
        let (response, request_id) = self.note_with_id(request).await?;
        self.requests.extend(request_id);
        let id = response["batch_id"].as_str().unwrap_or_default();
        Ok(id.to_owned())
    }

    /// Several polls of a job, some of them without a key or a version.
    async fn polls(&mut self, id: &str) -> Result<(), Differs> {
        let path = contract::job::PATH.replace("{batch_id}", id);
        let version = (contract::header::API_VERSION, contract::API_VERSION);
        for _ in 0..3 {
            let poll = self.server.get(&path).header(version.0, version.1);
            let job = self.note(poll).await?;
            let parts = job["download_urls"].as_array().into_iter().flatten();
            for link in parts
                .chain([&job["download_url"]])
                .filter_map(Value::as_str)
            {
                if !self.links.iter().any(|known| known == link) {
                    self.links.push(link.to_owned());
                }
            }
        }
        let url = self.server.url(&path);
        let client = self.server.client.clone();
        for request in [
            self.server.get(&path),
            client.get(url.clone()),
            client.get(url).bearer_auth("other"),
            self.server.get(&path.replace(id, NO_JOB)),
            self.server.get(&path.replace(id, "word")),
        ] {
            self.note(request).await?;
        }
        Ok(())
    }

    /// Pages of the list, along the cursor and in each of the ways to ask for one.
    async fn lists(&mut self) -> Result<(), Differs> {
        let path = contract::list::PATH;
        let mut next = format!("{path}?limit=2");
        loop {
            let page = self.note(self.server.get(&next)).await?;
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("{path}?limit=2&cursor={cursor}"),
                None => break,
            }
        }
        let beyond = contract::list::limit::MAX + 1;
        let mut queries = vec![String::new(), "status=unknown".to_owned()];
        queries.extend([-1, 0, i64::from(beyond)].map(|limit| format!("limit={limit}")));
        queries.extend(
            contract::job::status::VALUES
                .iter()
                .map(|status| format!("status={status}")),
        );
        for query in queries {
            let path = format!("{path}?{query}");
            let url = self.server.url(&path);
            let client = self.server.client.clone();
            for request in [
                self.server.get(&path),
                client.get(url.clone()),
                client.get(url).bearer_auth("other"),
            ] {
                self.note(request).await?;
            }
        }
        Ok(())
    }

    /// The balance, the endpoints and the usage events, in each of the ways to ask for them.
    async fn account(&mut self) -> Result<(), Differs> {
        self.submit(&submission(1)).await?;
        for body in bodies(WEBHOOK) {
            self.submit(&body).await?;
        }
        self.submit(&json!({})).await?;
        self.server.mock.advance(EVENT_DELAY);
        let (credits, endpoints) = (account::credits::PATH, account::endpoints::PATH);
        let mine = format!("{endpoints}?path={}", contract::submit::PATH);
        let event = |id: &str| usage::EVENT_PATH.replace("{request_id}", id);
        let requests = std::mem::take(&mut self.requests);
        let mut paths = vec![
            credits.to_owned(),
            endpoints.to_owned(),
            mine,
            format!("{endpoints}?path=/none"),
            format!("{}?limit=1", usage::PATH),
            format!("{}?limit={}", usage::PATH, usage::limit::MAX),
            event(NO_JOB),
            event("word"),
        ];
        paths.extend(requests.iter().map(|id| event(id)));
        let version = contract::header::API_VERSION;
        for path in &paths {
            let current = self.server.get(path).header(version, contract::API_VERSION);
            self.note(current).await?;
        }
        let mut next = format!("{}?limit=2", usage::PATH);
        for _ in 0..MOST_PAGES {
            let page = self
                .server
                .get(&next)
                .header(version, contract::API_VERSION);
            match self.note(page).await?["next_cursor"].as_str() {
                Some(cursor) => next = format!("{}?limit=2&cursor={cursor}", usage::PATH),
                None => break,
            }
        }
        for path in paths.iter().take(paths.len() - requests.len() + 1) {
            let url = self.server.url(path);
            let client = self.server.client.clone();
            for request in [
                client.get(url.clone()),
                client.get(url).bearer_auth("other"),
                self.server.get(path),
                self.server.get(path).header(version, "1999-12-31"),
            ] {
                self.note(request).await?;
            }
        }
        Ok(())
    }

    /// Sends a request and notes the response, which is returned where it is JSON.
    async fn note(&mut self, request: RequestBuilder) -> Result<Value, Differs> {
        Ok(self.note_with_id(request).await?.0)
    }

    /// The same, with the id that the response names as that of the request.
    async fn note_with_id(
        &mut self,
        request: RequestBuilder,
    ) -> Result<(Value, Option<String>), Differs> {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let id = response.headers().get(contract::header::REQUEST_ID);
        let id = id.map(|id| id.to_str().unwrap().to_owned());
        let is_noted =
            |name: &str| name.starts_with("x-ratelimit") || name == contract::header::CREDITS_USED;
        let limits: Vec<_> = response
            .headers()
            .iter()
            .filter(|(name, _)| is_noted(name.as_str()))
            .map(|(name, value)| format!("{name}: {value:?}"))
            .collect();
        let body = response.bytes().await.unwrap_or_default();
        let text = match std::str::from_utf8(&body) {
            Ok(text) => {
                let base_url = self.server.mock.base_url();
                let text = text.replace(base_url.as_str(), "/");
                // Events show the header.
                text.replace(base_url.authority(), "host")
            }
            Err(_) => {
                let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(&body);
                format!("{} bytes, {hash:x}", body.len())
            }
        };
        let text = number_ids(&text, &mut self.ids);
        self.push((status, format!("{text} {}", limits.join(" "))))?;
        Ok((serde_json::from_slice(&body).unwrap_or_default(), id))
    }

    fn push(&mut self, response: Received) -> Result<(), Differs> {
        let place = self.responses.len();
        let alike = self
            .compliant
            .is_none_or(|compliant| compliant.get(place) == Some(&response));
        self.responses.push(response);
        if alike { Ok(()) } else { Err(Differs) }
    }
}

/// As many submissions as there are permits for: in both forms, small and large, in one part and in several,
/// with and without a webhook, by shorthand and by name.
fn bodies(webhook: &str) -> Vec<Value> {
    let [first, shorthand, part, ..] = *contract::submit::fields::VALUES else {
        panic!("there are several fields")
    };
    let of = |fields: Value| json!({contract::submit::identifiers::KEY: TEST_PROFILES, "fields": fields});
    let mut everything = of(json!([first, shorthand]));
    everything["chunk_size"] = json!(contract::submit::chunk_size::MIN);
    everything["webhook_url"] = json!(webhook);
    let mut text = of(json!(first));
    text[contract::submit::identifiers::KEY] = json!(TEST_PROFILES.join(","));
    let mut large = submission(contract::submit::identifiers::MAX);
    large[contract::submit::identifiers::KEY] = json!(urls(contract::submit::identifiers::MAX));
    let bodies = vec![
        everything,
        text,
        large,
        of(json!([shorthand])),
        of(json!([part])),
    ];
    assert_eq!(bodies.len(), contract::limits::ACTIVE_JOBS);
    bodies
}

/// A listener for webhooks: its URL, and what it is asked for.
async fn receiver() -> (String, mpsc::UnboundedReceiver<(Method, Uri)>) {
    let (send, receive) = mpsc::unbounded_channel();
    let app = Router::new().fallback(async move |method: Method, uri: Uri| {
        let _ = send.send((method, uri));
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/Hook?token=a%2Fb", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, receive)
}

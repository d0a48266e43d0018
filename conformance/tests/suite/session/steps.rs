//! What a client of this API sends and, of a tester, what a user would not.

use crustdata_conformance::exchange::KEY_PLACEHOLDER;
use crustdata_conformance::generated::contract::{self, account, list, submit, usage};
use crustdata_conformance::probes::catalogue::Catalogue;
use crustdata_mock::{MOCK_KEY, TEST_PROFILES};
use reqwest::Method;
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use super::{Says, Session};
use crate::mock_fixture::{submission, urls};

/// An id that no job has, nor any request.
const NO_JOB: &str = "00000000-0000-4000-8000-000000000000";
/// The most polls of a job.
const MOST_POLLS: usize = 30;

fn endpoints(path: &str) -> String {
    let path: String = byte_serialize(path.as_bytes()).collect();
    format!("{}?path={path}", account::endpoints::PATH)
}

fn event(id: &str) -> String {
    format!("{}/{id}", usage::PATH)
}

impl Session {
    pub(super) async fn use_it(&mut self, tester: bool) {
        self.get(Says::All, account::credits::PATH).await;
        self.get(Says::All, &endpoints(submit::PATH)).await;
        let [first, shorthand, third, fourth] = *submit::fields::VALUES else {
            panic!("there are four fields")
        };
        let of = |count: usize, fields: Value| {
            let mut urls = urls(count);
            urls.extend(TEST_PROFILES.iter().map(|url| (*url).to_owned()));
            json!({submit::identifiers::KEY: urls, "fields": fields})
        };
        let mut webhook = of(3, json!([third]));
        webhook["webhook_url"] = json!("http://127.0.0.1:9/hook");
        let mut text = of(0, json!([shorthand]));
        text[submit::identifiers::KEY] = json!(TEST_PROFILES.join(","));
        let mut parts = of(22, json!([first, shorthand]));
        parts["chunk_size"] = json!(submit::chunk_size::MIN);
        let mut largest_chunk = submission(1);
        largest_chunk["chunk_size"] = json!(submit::chunk_size::MAX);
        let bodies = [
            of(0, json!([shorthand])),
            parts,
            webhook,
            text,
            of(0, json!([first])),
            of(0, json!(first)),
            of(0, json!([third])),
            of(0, json!([fourth])),
            of(1, json!([first, fourth])),
            of(1, json!([first, third, fourth].join(","))),
            submission(submit::identifiers::MAX),
            largest_chunk,
            submission(1),
        ];
        for body in bodies {
            let answer = self.submit(Says::All, &body).await;
            if let Some(id) = answer["batch_id"].as_str() {
                self.follow(id, tester).await;
            }
        }
        self.read_lists().await;
        self.read_account().await;
    }

    /// What its jobs are, and page by page.
    async fn read_lists(&mut self) {
        for query in ["", "?status=completed", "?status=failed", "?limit=100"] {
            self.get(Says::All, &format!("{}{query}", list::PATH)).await;
        }
        let mut next = Some(format!("{}?limit=3", list::PATH));
        for _ in 0..6 {
            let Some(path) = next else { break };
            let page = self.get(Says::All, &path).await;
            let cursor = page["next_cursor"].as_str();
            next = cursor.map(|cursor| format!("{}?limit=3&cursor={cursor}", list::PATH));
        }
    }

    /// What it was charged, in all and for some of its jobs.
    async fn read_account(&mut self) {
        let most = usage::limit::MAX;
        self.get(Says::All, &format!("{}?limit={most}", usage::PATH))
            .await;
        let mut next = Some("limit=2".to_owned());
        for _ in 0..6 {
            let Some(query) = next else { break };
            let path = format!("{}?{query}", usage::PATH);
            let page = self.get(Says::All, &path).await;
            let cursor = page["next_cursor"].as_str().filter(|next| !next.is_empty());
            next = cursor.map(|cursor| {
                let cursor: String = byte_serialize(cursor.as_bytes()).collect();
                format!("limit=2&cursor={cursor}")
            });
        }
        let accepted: Vec<String> = (self.requests.iter())
            .filter(|(_, accepted)| *accepted)
            .map(|(id, _)| id.clone())
            .collect();
        for id in accepted.first().into_iter().chain(accepted.last()) {
            self.get(Says::All, &event(id)).await;
        }
        self.get(Says::All, account::credits::PATH).await;
    }

    /// Asks for all of that in ways that a server refuses, and for what there is not.
    async fn test_account(&mut self) {
        for path in [
            account::credits::PATH,
            &endpoints(submit::PATH),
            usage::PATH,
        ] {
            for says in [
                Says::NoKey,
                Says::OtherKey,
                Says::NoVersion,
                Says::OtherVersion,
            ] {
                self.get(says, path).await;
            }
        }
        self.get(Says::All, &endpoints("/no/such/path")).await;
        self.get(Says::All, account::endpoints::PATH).await;
        let refused = self.requests.iter().rev().find(|(_, accepted)| !accepted);
        let refused = refused.map(|(id, _)| id.clone());
        for id in refused
            .iter()
            .map(String::as_str)
            .chain([NO_JOB, "no-such-request"])
        {
            self.get(Says::All, &event(id)).await;
        }
        if let Some((id, _)) = self.requests.first().cloned() {
            self.get(Says::NoKey, &event(&id)).await;
        }
    }

    /// What a correct server refuses, of all kinds.
    async fn send_refusals(&mut self, most: usize) {
        let catalogue = Catalogue::new(1, "http://127.0.0.1:9/hook".to_owned());
        for (_, request) in catalogue.refusals().take(most) {
            let url = self
                .mock
                .base_url()
                .join(request.destination.as_str())
                .unwrap();
            let headers = request.headers.iter().map(|(name, value)| {
                let value = value.to_str().unwrap().replace(KEY_PLACEHOLDER, MOCK_KEY);
                (name.as_str(), value)
            });
            let headers: Vec<(&str, String)> = headers.collect();
            self.send(
                request.method.clone(),
                url.as_str(),
                &headers,
                Some(request.body.to_vec()),
            )
            .await;
        }
    }

    /// Polls a job until it is over, and fetches its files. A tester looks again.
    async fn follow(&mut self, id: &str, tester: bool) {
        let path = format!("{}/{id}", list::PATH);
        for _ in 0..MOST_POLLS {
            let job = self.get(Says::All, &path).await;
            let status = job["status"].as_str();
            if matches!(status, Some("pending" | "processing")) {
                continue;
            }
            let parts = job["download_urls"].as_array().into_iter().flatten();
            let links = parts
                .chain([&job["download_url"]])
                .filter_map(Value::as_str);
            for link in links {
                self.send(Method::GET, link, &[], None).await;
            }
            if tester {
                self.get(Says::All, &path).await;
            }
            return;
        }
    }

    pub(super) async fn test_it(&mut self, refusals: usize) {
        let right = submission(2);
        for says in [
            Says::NoVersion,
            Says::OtherVersion,
            Says::NoKey,
            Says::OtherKey,
        ] {
            self.submit(says, &right).await;
        }
        let with = |key: &str, value: Value| {
            let mut body = submission(1);
            body[key] = value;
            body
        };
        let without = |key: &str| {
            let mut body = submission(1);
            body.as_object_mut().unwrap().remove(key);
            body
        };
        let key = submit::identifiers::KEY;
        let too_many = urls(submit::identifiers::MAX + 1);
        let mut other = without(key);
        other["business_emails"] = json!(["a@b.example"]);
        let bodies = [
            with(key, json!(too_many)),
            with(key, json!(too_many.join(","))),
            without(key),
            other,
            without("fields"),
            with("fields", json!([])),
            with("fields", json!("")),
            with("fields", json!(["x"])),
            with("fields", json!([submit::fields::VALUES[0], "x"])),
            with("fields", json!("x")),
            with("chunk_size", json!(submit::chunk_size::MIN - 1)),
            with("chunk_size", json!(submit::chunk_size::MAX + 1)),
            json!([1]),
            json!("text"),
        ];
        for body in bodies {
            self.submit(Says::All, &body).await;
        }
        for says in [Says::NoKey, Says::OtherKey] {
            self.get(says, list::PATH).await;
        }
        let jobs = self.get(Says::All, list::PATH).await;
        if let Some(id) = jobs["jobs"][0]["batch_id"].as_str() {
            for says in [Says::NoKey, Says::OtherKey, Says::NoVersion] {
                self.get(says, &format!("{}/{id}", list::PATH)).await;
            }
        }
        self.get(Says::All, &format!("{}/{NO_JOB}", list::PATH))
            .await;
        for query in ["status=unknown", "limit=0", "limit=101"] {
            self.get(Says::All, &format!("{}?{query}", list::PATH))
                .await;
        }
        let mut active = Vec::new();
        for _ in 0..=contract::limits::ACTIVE_JOBS {
            let answer = self.submit(Says::All, &submission(1)).await;
            active.extend(answer["batch_id"].as_str().map(str::to_owned));
        }
        for id in active {
            self.get(Says::All, &format!("{}/{id}", list::PATH)).await;
        }
        self.send_refusals(refusals).await;
        self.test_account().await;
        self.get(Says::All, list::PATH).await;
    }
}

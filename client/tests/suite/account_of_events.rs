//! A server with an account: its jobs, and the events of its usage. A submission to it is lost, and searched for.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use chrono::{DateTime, TimeDelta, Utc};
use crustdata_batch::{ContactEnrichRequest, ContactField, Reconciliation, Uuid};
use serde_json::{Value, json};

use crate::reconcile::{at, page};
use crate::server::{BATCH_ID, Reply, Request, Server, batch_id, job, unknown};

const PATH: &str = ContactEnrichRequest::PATH;
/// What the server has. The submission is sent at noon of its clock, and looked for a quarter of an hour later.
pub(crate) struct Account {
    /// Whole, newest first.
    pub(crate) events: Vec<Value>,
    pub(crate) jobs: Vec<Value>,
    /// Whether a request is recorded that is later than the submission could have arrived.
    pub(crate) has_later: bool,
    /// What a request for events gets instead, if anything.
    pub(crate) refusal: Option<u16>,
    /// Pages of events that are asked for before anything is recorded.
    pub(crate) pages_before: AtomicU32,
}

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-01-15T12:00:00Z".parse().unwrap()
}

pub(crate) fn request() -> ContactEnrichRequest {
    of([1, 2])
}

pub(crate) fn of(persons: [u32; 2]) -> ContactEnrichRequest {
    ContactEnrichRequest::builder()
        .profile_urls(persons.map(|n| format!("https://www.linkedin.com/in/nobody-{n}/")))
        .fields([ContactField::BusinessEmail])
        .build()
        .unwrap()
}

pub(crate) fn event(id: &str, status: u16, request: &ContactEnrichRequest) -> Value {
    let response = json!({"error": {"type": "invalid_request", "message": "no"}});
    json!({
        "event_id": id, "endpoint": PATH, "status": status, "request": {"body": request, "query": {}},
        "response": if status == 400 { response } else { Value::Null },
    })
}

/// A job of two identifiers, created so many seconds after noon.
pub(crate) fn listed(id: Uuid, seconds: i64) -> Value {
    let created = (noon() + TimeDelta::seconds(seconds)).to_rfc3339();
    let more = json!({
        "batch_id": id, "identifier_count": 2, "entities_requested": 2, "created_at": created,
    });
    job("failed", more)
}

impl Account {
    pub(crate) fn with(
        events: impl IntoIterator<Item = Value>,
        jobs: impl IntoIterator<Item = Value>,
    ) -> Self {
        Self {
            events: events.into_iter().collect(),
            jobs: jobs.into_iter().collect(),
            has_later: true,
            refusal: None,
            pages_before: AtomicU32::new(0),
        }
    }

    pub(crate) fn reply(&self, request: &Request, post: fn() -> Reply) -> Reply {
        let line = request.line();
        let later = noon() + TimeDelta::minutes(15);
        let events = format!("GET {}", "/account/usage/events");
        if line.starts_with("POST") {
            post()
        } else if let Some(rest) = line.strip_prefix(&events) {
            if let Some(status) = self.refusal {
                return Reply::new(status, "{}");
            }
            match rest.strip_prefix('/') {
                Some(id) => match self.events.iter().find(|event| event["event_id"] == id) {
                    Some(event) => at(later, &event.to_string()),
                    None => Reply::new(404, "{}"),
                },
                None => at(later, &self.page(rest).to_string()),
            }
        } else if line.contains(BATCH_ID) {
            at(noon(), "{}")
        } else {
            at(later, &page(&self.jobs))
        }
    }

    fn page(&self, query: &str) -> Value {
        let left = |left: u32| left.checked_sub(1);
        if self
            .pages_before
            .fetch_update(Relaxed, Relaxed, left)
            .is_ok()
        {
            return json!({"events": [], "has_more": false});
        }
        let mut listed = self.events.clone();
        if query.ends_with("limit=1") {
            let later = json!({"event_id": "later", "endpoint": "/batch"});
            return json!({"events": Vec::from_iter(self.has_later.then_some(later)), "has_more": false});
        }
        if let Some((_, class)) = query.split_once("status_class=") {
            // These statuses are not in the events themselves.
            listed.retain(|event| {
                event["class"]
                    .as_str()
                    .is_some_and(|of| class.starts_with(of))
            });
        }
        for event in &mut listed {
            event.as_object_mut().unwrap().remove("request");
        }
        json!({"events": listed, "has_more": false})
    }

    /// What is known of a submission whose response was lost.
    pub(crate) async fn reconcile(self) -> Reconciliation {
        self.reconcile_after(|| Reply::Close).await
    }

    pub(crate) async fn reconcile_after(self, post: fn() -> Reply) -> Reconciliation {
        let server = Server::start(move |request| self.reply(request, post)).await;
        let client = server.client();
        // From then on, it knows the server's clock.
        let _ = client.job(batch_id()).await;
        let submission = unknown(client.submit(&request()).await)
            .submission()
            .clone();
        client.reconcile(&submission).await.unwrap()
    }
}

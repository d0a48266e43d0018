//! What clients do and servers answer, written out to the microsecond: some clauses judge by when a request left, and when
//! the response before it had come.

mod gate;
mod looks;
mod pace;
mod polls;
mod requests;
mod servers;

use std::sync::Arc;
use std::time::Duration;

use crustdata_conformance::checks::{Check, Judging, Tally, find, find_client};
use crustdata_conformance::exchange::{Exchange, Failure, FailureKind, Request, Response};
use crustdata_conformance::generated::contract::{header, list, submit};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

/// A second, in the unit of these timelines.
const SECOND: u64 = 1_000_000;

/// The traffic so far, as one clause sees it.
struct Timeline {
    judging: Judging,
    pushed: usize,
}

/// What comes back, and when.
struct Answer {
    took: u64,
    outcome: Result<Response, Failure>,
}

impl Timeline {
    fn of(clause: &str) -> Self {
        let check = find(clause).or_else(|| find_client(clause));
        let check: &'static Check = check.expect("there is such a clause");
        Self {
            judging: Judging::new(&[check]),
            pushed: 0,
        }
    }

    /// A request that is sent at this moment; what is sent earlier is pushed earlier.
    fn send(&mut self, at: u64, request: Request, answer: Answer) -> &mut Self {
        let exchange = Exchange {
            request,
            outcome: answer.outcome,
            sent_after: Duration::from_micros(at),
            took: Duration::from_micros(answer.took),
        };
        self.judging.push(self.pushed, &Arc::new(exchange));
        self.pushed += 1;
        self
    }

    fn tally(&self) -> Tally {
        self.judging.judged().remove(0).1
    }

    /// How often the clause is satisfied, and how often violated, if nothing more comes.
    fn told(&self) -> (usize, usize) {
        let tally = self.tally();
        (tally.satisfied, tally.violations.count)
    }

    /// What came instead of what was expected, where it shows best.
    fn got(&self) -> String {
        self.tally()
            .violations
            .smallest
            .map_or_else(String::new, |shown| shown.got)
    }
}

impl Answer {
    /// A response with this body, at once.
    fn new(status: u16, body: &Value) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        let body = body.to_string().into();
        Self {
            took: 0,
            outcome: Ok(Response::new(status, HeaderMap::new(), body)),
        }
    }

    fn failed(kind: FailureKind, status: Option<StatusCode>) -> Self {
        let detail = "it failed".to_owned();
        Self {
            took: 0,
            outcome: Err(Failure {
                kind,
                status,
                detail,
            }),
        }
    }

    fn with(mut self, name: impl TryInto<HeaderName>, value: impl ToString) -> Self {
        let name = name.try_into().ok().expect("it is a header's name");
        let value = HeaderValue::from_str(&value.to_string()).unwrap();
        self.outcome.as_mut().unwrap().headers.insert(name, value);
        self
    }

    /// It comes so long after its request.
    fn after(self, took: u64) -> Self {
        Self { took, ..self }
    }

    /// One that asks for so many seconds of silence.
    fn refusal(reset: u64) -> Self {
        Self::new(429, &json!({})).with(header::RATE_LIMIT_RESET, reset)
    }
}

fn get(destination: impl Into<String>) -> Request {
    let destination: String = destination.into();
    Request::new(Method::GET, destination, HeaderMap::new(), "".into())
}

fn poll(job: &str) -> Request {
    get(format!("{}/{job}", list::PATH))
}

fn page() -> Request {
    get(list::PATH)
}

fn file() -> Request {
    get("https://store.example/results.jsonl.gz?signature=x")
}

fn submission(identifiers: &[&str]) -> Request {
    let body = json!({submit::identifiers::KEY: identifiers, "fields": ["business_email"]});
    Request::new(
        Method::POST,
        submit::PATH.to_owned(),
        HeaderMap::new(),
        body.to_string().into(),
    )
}

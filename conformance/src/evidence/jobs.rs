//! The jobs. A job is known by the id that its submission was answered with. What was seen of it is kept while it is
//! open, and some time beyond: then it is forgotten but for its id.

use std::collections::{BTreeMap, HashMap, VecDeque};

use bytes::Bytes;

use super::history::{self, Stage};
use super::reading::{JobId, text};
use super::submitted::Progress;
use super::submitted::Submitted;
use crate::contract::fingerprint::fingerprint;
use crate::contract::request::{Credential, Operation};
use crate::exchange::Exchange;
use crate::generated::contract::job;

/// The most jobs that are kept. Of more, the one is forgotten that was the first to be over; if none is, the oldest.
const MOST_JOBS: usize = 10_000;
/// The most ids that are remembered beyond that.
const MOST_IDS: usize = 1_000_000;
/// Of how many jobs the bodies of the submissions are kept.
const MOST_BODIES: usize = 100;

/// An accepted job, and what was seen of it.
#[derive(Debug)]
pub struct Job {
    /// Its id, as the server gave it.
    pub id: Box<str>,
    /// Number of the exchange in which it was accepted.
    pub exchange: usize,
    /// The statuses it was seen in, in the order of sending; the first is that of the acceptance.
    pub stages: Vec<Stage>,
    /// What its submission says; of a valid one whose id is a UUID.
    pub(super) submitted: Option<Submitted>,
    /// Whether another submission was given the same id. What is said under it then can't be told apart, and is
    /// the business of `submit.batch-id` alone.
    shared: bool,
}

impl Job {
    /// Whether its acceptance was over when this exchange was sent.
    pub fn is_accepted_before(&self, exchange: &Exchange) -> bool {
        let accepted = self.stages.first();
        accepted.is_some_and(|stage| u128::from(stage.from) <= exchange.sent_after.as_micros())
    }
}

/// The submission that was given an id first.
#[derive(Debug, Clone, Copy)]
pub struct Given {
    /// Number of the exchange.
    pub exchange: u32,
    /// What stands for the body of the request.
    body: u32,
}

impl Given {
    fn of(number: usize, exchange: &Exchange) -> Self {
        Self {
            exchange: u32::try_from(number).unwrap_or(u32::MAX),
            // What is left of the fingerprint will do: it is looked at only where an id comes twice.
            body: fingerprint(&exchange.request.body) as u32,
        }
    }

    /// Whether this is another exchange with the same body. Whether an identical submission is a job of its own is open.
    pub fn is_repeated_by(self, exchange: &Exchange) -> bool {
        self.body == Self::of(0, exchange).body
    }
}

#[derive(Debug)]
pub(super) struct Jobs {
    /// By their place, which is a number that no other job ever has.
    jobs: BTreeMap<usize, Job>,
    by_id: HashMap<JobId, usize>,
    /// Those that are over, in the order in which that was seen.
    over: VecDeque<usize>,
    /// The submission that was given each id first, of forgotten jobs, too; by what stands for the id.
    given: HashMap<u64, Given>,
    /// How many there were.
    pub(super) accepted: usize,
    /// Whether every accepted submission was given an id of its own, and all of them are remembered.
    pub(super) ids_are_sound: bool,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            jobs: BTreeMap::new(),
            by_id: HashMap::new(),
            over: VecDeque::new(),
            given: HashMap::new(),
            accepted: 0,
            ids_are_sound: true,
        }
    }
}

impl Jobs {
    pub(super) fn all(
        &self,
    ) -> impl DoubleEndedIterator<Item = &Job> + ExactSizeIterator + Clone + use<'_> {
        self.jobs.values()
    }

    /// The place of the job with this id.
    pub(super) fn place(&self, id: &JobId) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The submission that was given this id first.
    pub(super) fn given(&self, id: &JobId) -> Option<Given> {
        self.given.get(&id.fingerprint()).copied()
    }

    /// The place of the job that can be followed and was accepted in this exchange.
    pub(super) fn submitted_by(&self, number: usize) -> Option<usize> {
        let (place, job) = self.jobs.last_key_value()?;
        (job.exchange == number && job.submitted.is_some()).then_some(*place)
    }

    /// The id and the submission of the job in this place, where the job can be followed.
    pub(super) fn followed(&self, job: usize) -> Option<(&str, &Submitted)> {
        let job = self.jobs.get(&job).filter(|job| !job.shared)?;
        Some((&*job.id, job.submitted.as_ref()?))
    }

    pub(super) fn submitted_mut(&mut self, job: usize) -> Option<&mut Submitted> {
        let job = self.jobs.get_mut(&job).filter(|job| !job.shared)?;
        job.submitted.as_mut()
    }

    /// Takes in an exchange; what it changes, where it is a poll of a job that can be followed.
    pub(super) fn push(&mut self, number: usize, exchange: &Exchange) -> Option<Progress> {
        match exchange.request.operation() {
            Operation::Submit => {
                if exchange.accepted() {
                    self.accepted(number, exchange);
                }
                None
            }
            Operation::Job(id) => {
                let place = self.place(&JobId::of(id))?;
                let job = self.jobs.get_mut(&place)?;
                history::look(&mut job.stages, exchange);
                if job.shared || exchange.request.credential() != Credential::Configured {
                    return None;
                }
                let progress = job.submitted.as_mut()?.poll(place, exchange);
                if progress.active == Some(false) {
                    self.over.push_back(place);
                }
                Some(progress)
            }
            _ => None,
        }
    }

    /// Forgets a job, where there are too many; its place, and what was known of it.
    pub(super) fn forget(&mut self) -> Option<(usize, Job)> {
        if self.jobs.len() <= MOST_JOBS {
            return None;
        }
        let place = self.over.pop_front();
        let place = place.or_else(|| self.jobs.keys().next().copied())?;
        let job = self.jobs.remove(&place)?;
        self.by_id.remove(&JobId::of(&job.id));
        Some((place, job))
    }

    fn accepted(&mut self, number: usize, exchange: &Exchange) {
        let object = exchange.accepted_object();
        let Some((object, id)) = object.and_then(|job| Some((job, text(job, job::ID_KEY)?))) else {
            self.ids_are_sound = false;
            return;
        };
        let key = JobId::of(id);
        self.ids_are_sound &= matches!(key, JobId::Uuid(_));
        if let Some(given) = self.given(&key) {
            let job = self.place(&key).and_then(|place| self.jobs.get_mut(&place));
            let repeated = given.is_repeated_by(exchange);
            self.ids_are_sound &= repeated;
            if let Some(job) = job {
                job.shared |= !repeated;
                history::look(&mut job.stages, exchange);
            }
            return;
        }
        if self.given.len() < MOST_IDS {
            self.given
                .insert(key.fingerprint(), Given::of(number, exchange));
        } else {
            self.ids_are_sound = false;
        }
        let submitted = matches!(key, JobId::Uuid(_))
            .then(|| Submitted::of(exchange, object))
            .flatten();
        let mut job = Job {
            id: id.into(),
            exchange: number,
            stages: Vec::new(),
            submitted,
            shared: false,
        };
        history::look(&mut job.stages, exchange);
        let place = self.accepted;
        self.accepted += 1;
        self.by_id.insert(key, place);
        self.jobs.insert(place, job);
        let older = place.checked_sub(MOST_BODIES);
        if let Some(submitted) = older.and_then(|older| self.submitted_mut(older)) {
            submitted.body = Bytes::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
    use serde_json::{Value, json};

    use super::*;
    use crate::contract::request::KEY_PLACEHOLDER;
    use crate::evidence::Evidence;
    use crate::exchange::{Request, Response};
    use crate::generated::contract::{self, list, submit};

    /// An exchange about a job: its submission, where that is `about` somebody, or a poll.
    fn exchange(job: usize, status: &str, about: Option<usize>) -> Arc<Exchange> {
        let id = id(job);
        let key = HeaderValue::try_from(format!("Bearer {KEY_PLACEHOLDER}")).expect("it is text");
        let version = HeaderValue::from_static(contract::API_VERSION);
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, key);
        headers.insert(contract::header::API_VERSION, version);
        let (method, path, body) = match about {
            None => (Method::GET, format!("{}/{id}", list::PATH), Value::Null),
            Some(n) => {
                let url = format!("https://www.linkedin.com/in/nobody-{n}");
                let body = json!({submit::identifiers::KEY: [url], "fields": ["business_email"]});
                (Method::POST, submit::PATH.to_owned(), body)
            }
        };
        let answer = json!({"batch_id": id, "status": status}).to_string();
        Arc::new(Exchange {
            request: Request::new(method, path, headers, body.to_string().into()),
            outcome: Ok(Response::new(
                StatusCode::OK,
                HeaderMap::new(),
                answer.into(),
            )),
            sent_after: Duration::ZERO,
            took: Duration::ZERO,
        })
    }

    fn id(n: usize) -> String {
        format!("00000000-0000-4000-8000-{n:012}")
    }

    #[test]
    fn of_too_many_jobs_those_are_forgotten_that_were_over_first() {
        let mut evidence = Evidence::default();
        for n in 0..MOST_JOBS + 2 {
            evidence.push(2 * n, &exchange(n, "pending", Some(n)));
            // The first one is never over.
            let status = if n == 0 { "processing" } else { "completed" };
            evidence.push(2 * n + 1, &exchange(n, status, None));
        }
        let kept: Vec<String> = evidence.jobs().map(|job| job.id.to_string()).collect();
        assert_eq!(kept.len(), MOST_JOBS);
        assert_eq!(kept[..2], [id(0), id(3)]);
        assert_eq!(evidence.accepted(), MOST_JOBS + 2);
        // The ids are remembered, and who was given them.
        assert!(evidence.ids_are_sound() && evidence.was_accepted(&id(1)));
        let twice = exchange(1, "pending", Some(MOST_JOBS + 2));
        evidence.push(2 * MOST_JOBS + 4, &twice);
        let first = evidence.given(&id(1)).expect("it was given");
        assert_eq!(first.exchange, 2);
        assert!(!first.is_repeated_by(&twice) && !evidence.ids_are_sound());
    }

    #[test]
    fn an_identical_submission_may_be_the_same_job() {
        let mut evidence = Evidence::default();
        evidence.push(0, &exchange(7, "pending", Some(7)));
        let again = exchange(7, "pending", Some(7));
        evidence.push(1, &again);
        assert!(
            evidence
                .given(&id(7))
                .expect("it was given")
                .is_repeated_by(&again)
        );
        assert!(evidence.ids_are_sound());
        assert_eq!((evidence.accepted(), evidence.jobs().len()), (1, 1));
    }
}

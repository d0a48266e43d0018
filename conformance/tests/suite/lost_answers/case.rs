//! One case: what happens, what the client says of it, and whether that is right.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crustdata_batch::{
    ApiKey, Client, ContactEnrichRequest, ContactField, ListQuery, Reconciliation, Submission,
    SubmitError, Uuid,
};
use crustdata_conformance::probes::profile_urls::profile_urls;
use crustdata_mock::{JobOutcome, MOCK_KEY, Mock, MockConfig};
use fastrand::Rng;
use tokio::time::sleep;

use super::line::{Fate, Line, Losing};
use super::time::Time;

/// How long the client looks.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// An event that does not appear.
const NEVER: Duration = Duration::from_secs(1_000_000);

/// What a case is made of.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) fate: Fate,
    /// Whether another process submits the very same body, so that nobody can tell the two apart.
    pub(super) has_twin: bool,
    hangs: bool,
    /// What the server's clock is ahead of this machine's, in seconds, or behind it.
    server_is_ahead: i64,
    /// What this machine's clock was ahead of itself when the submission was stored, in seconds, or behind.
    clock_was_ahead: i64,
    memory: Memory,
    event_delay: Duration,
    own_event_delay: Duration,
    identifiers: usize,
    /// Others' submissions: when, and of how many identifiers.
    others: Vec<(Duration, usize)>,
    jobs_fail: bool,
    one_of: u32,
}

/// Who looks for the submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Memory {
    /// The client that submitted it.
    Same,
    /// Another process, with the submission as the error had it.
    Stored,
    /// Another process, with the submission as it was stored before it was sent.
    Beforehand,
}

/// What the client said, held against what became of the submission.
pub(super) enum Verdict {
    Right(&'static str),
    Open(String),
    Wrong(String),
}

impl Verdict {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Right(name) => name,
            Self::Open(_) => "open",
            Self::Wrong(_) => "WRONG",
        }
    }
}

fn seconds(random: &mut Rng, range: std::ops::Range<u64>) -> Duration {
    Duration::from_secs(random.u64(range))
}

impl Case {
    pub(super) fn random(random: &mut Rng) -> Self {
        let identifiers = random.usize(1..6);
        let others = (0..random.usize(..6)).map(|_| {
            let count = match random.u8(..10) {
                0..7 => identifiers,
                _ => random.usize(1..6),
            };
            (Duration::from_millis(random.u64(..90_000)), count)
        });
        let others = others.collect();
        let ahead = |random: &mut Rng| match random.u8(..8) {
            0..4 => 0,
            4 => random.i64(-30..30),
            5 => random.i64(-600..600),
            6 => random.i64(-14..15) * 3600,
            _ => random.i64(-80_000..80_000),
        };
        // A minute is allowed for; most take about ten seconds. The record as a whole may stop for longer.
        let event_delay = match random.u8(..10) {
            0 => Duration::ZERO,
            1 => seconds(random, 15..55),
            2 => seconds(random, 60..400),
            _ => seconds(random, 5..15),
        };
        let own_event_delay = match random.u8(..4) {
            0 if event_delay < Duration::from_secs(60) => seconds(random, 0..58),
            _ => event_delay,
        };
        let late = 59 - own_event_delay.as_secs().min(57);
        let fate = match random.u8(..10) {
            0..3 => Fate::Lost,
            3..7 => Fate::Accepted,
            7 => Fate::Late(seconds(random, 1..late)),
            8 => Fate::Late(Duration::from_millis(random.u64(1..1000))),
            _ => Fate::Refused,
        };
        // Of a request that is refused and not recorded, nothing is left to be seen.
        let is_unrecorded = matches!(fate, Fate::Accepted | Fate::Late(_)) && random.u8(..40) == 0;
        Self {
            fate,
            has_twin: random.u8(..100) == 0,
            hangs: random.u8(..3) == 0,
            server_is_ahead: ahead(random),
            clock_was_ahead: match random.u16(..300) {
                0 => random.i64(-40..40) * 86_400,
                _ => ahead(random),
            },
            memory: match random.u8(..3) {
                0 => Memory::Same,
                1 => Memory::Stored,
                _ => Memory::Beforehand,
            },
            event_delay,
            own_event_delay: if is_unrecorded {
                NEVER
            } else {
                own_event_delay
            },
            identifiers,
            others,
            jobs_fail: random.u8(..20) == 0,
            one_of: [0, 0, 30, 10][random.usize(..4)],
        }
    }

    /// Runs it against a server of its own.
    pub(super) async fn run(&self, number: u64, mut random: Rng, time: &Time) -> Verdict {
        let ahead = Duration::from_secs(self.server_is_ahead.unsigned_abs());
        let now = SystemTime::now();
        let config = MockConfig {
            starts_at: Some(if self.server_is_ahead < 0 {
                now - ahead
            } else {
                now + ahead
            }),
            event_delay: self.event_delay,
            max_active_jobs: 1000,
            outcome: if self.jobs_fail {
                JobOutcome::Failed
            } else {
                JobOutcome::Completed
            },
            ..MockConfig::default()
        };
        let mock = Arc::new(config.start().await.expect("the mock starts"));
        time.has(&mock);
        let losing = Losing {
            fate: self.fate,
            hangs: self.hangs,
            event_delay: Some((self.own_event_delay, self.event_delay)),
            one_of: self.one_of,
        };
        let line = Line::start(Arc::clone(&mock), time.clone(), losing, random.u64(..)).await;
        let request = request(number * 100, self.identifiers);
        let others = self.others(number, &mock, time).await;
        sleep(Duration::from_millis(random.u64(..60_000))).await;
        let outcome = self.look(&line, &request, &mut random).await;
        others.abort();
        assert_eq!(*line.submissions.lock().unwrap(), 1, "it is submitted once");
        self.judge(&line, outcome)
    }

    /// Others who submit for the account, over a line that loses nothing.
    async fn others(
        &self,
        number: u64,
        mock: &Arc<Mock>,
        time: &Time,
    ) -> tokio::task::JoinHandle<()> {
        let client = client(mock.base_url().as_str());
        let mut all = self.others.clone();
        all.sort();
        let twin = self
            .has_twin
            .then(|| request(number * 100, self.identifiers));
        let time = time.clone();
        tokio::spawn(async move {
            let mut passed = Duration::ZERO;
            for (n, (at, count)) in (1..).zip(all) {
                sleep(at - passed).await;
                passed = at;
                let _under_way = time.request();
                let request = match &twin {
                    Some(twin) if n == 1 => twin.clone(),
                    _ => request(number * 100 + n, count),
                };
                let _ = client.submit(&request).await;
            }
        })
    }

    async fn look(
        &self,
        line: &Line,
        request: &ContactEnrichRequest,
        random: &mut Rng,
    ) -> Result<Reconciliation, crustdata_batch::Error> {
        let submitting = client(&line.url);
        if random.bool() {
            // From then on, it knows the server's clock.
            let _ = submitting.list(&ListQuery::default()).await;
        }
        let mut submission = Submission::new(request);
        match submitting.submit(request).await {
            Err(SubmitError::OutcomeUnknown(unknown)) if self.memory != Memory::Beforehand => {
                submission = unknown.submission().clone();
            }
            Err(SubmitError::OutcomeUnknown(_)) => {
                let off = Duration::from_secs(self.clock_was_ahead.unsigned_abs());
                match self.clock_was_ahead < 0 {
                    true => submission.sent_at -= off,
                    false => submission.sent_at += off,
                }
            }
            other => panic!("the response is lost: {other:?}"),
        }
        let looking = match self.memory {
            Memory::Same => submitting,
            Memory::Stored | Memory::Beforehand => {
                let text = serde_json::to_string(&submission).unwrap();
                submission = serde_json::from_str(&text).unwrap();
                client(&line.url)
            }
        };
        if random.u8(..4) == 0 {
            // Nobody looks at once.
            sleep(Duration::from_secs(random.u64(..3 * 3600))).await;
        }
        looking.reconcile(&submission).for_up_to(PATIENCE).await
    }

    fn judge(
        &self,
        line: &Line,
        outcome: Result<Reconciliation, crustdata_batch::Error>,
    ) -> Verdict {
        let lost = line.lost.lock().unwrap().clone();
        let made: Option<Uuid> = lost.first().and_then(|response| {
            let (_, body) = response.split_once("\r\n\r\n")?;
            let body: serde_json::Value = serde_json::from_str(body).ok()?;
            body["batch_id"].as_str()?.parse().ok()
        });
        let has_arrived = !lost.is_empty();
        let text = format!("{made:?}, but {outcome:?}");
        match outcome {
            Ok(Reconciliation::Found(job, _)) if made == Some(job.batch_id) => {
                Verdict::Right("found")
            }
            // Of two that nobody can tell apart.
            Ok(Reconciliation::Found(..) | Reconciliation::Refused(..)) if self.has_twin => {
                Verdict::Open(text)
            }
            Ok(Reconciliation::Refused(event, _)) if has_arrived && made.is_none() => {
                match event.response() {
                    Some(_) => Verdict::Right("refused"),
                    None => Verdict::Wrong(text),
                }
            }
            Ok(Reconciliation::NeverArrived(_)) if !has_arrived => Verdict::Right("never arrived"),
            Ok(
                Reconciliation::Found(..)
                | Reconciliation::Refused(..)
                | Reconciliation::NeverArrived(_),
            ) => Verdict::Wrong(text),
            Ok(Reconciliation::NotFound(_)) if made.is_some() => Verdict::Wrong(text),
            Ok(_) | Err(_) => Verdict::Open(text),
        }
    }
}

fn client(base_url: &str) -> Client {
    Client::builder()
        .api_key(ApiKey::new(MOCK_KEY).unwrap())
        .base_url(base_url)
        .requests_per_minute(None)
        .build()
        .unwrap()
}

fn request(salt: u64, identifiers: usize) -> ContactEnrichRequest {
    ContactEnrichRequest::builder()
        .profile_urls(profile_urls(salt, identifiers))
        .fields([ContactField::BusinessEmail])
        .build()
        .unwrap()
}

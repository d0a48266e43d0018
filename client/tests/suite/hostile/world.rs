//! What the server of a case knows, and what it says: its jobs, the submissions that arrived, and the responses of the
//! API. A refusal makes no job, unless it names one or is a gateway's time-out: nothing else may be told by its status.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use crustdata_batch::Uuid;
use fastrand::Rng;
use serde_json::{Value, json};

use super::Campaign;
use super::fault::{Reply, plain, reply};
use super::secret::{KEY, echo, shows};
use super::sockets::Request;
use super::store::File;

/// A job of the case's account.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) id: Uuid,
    /// By which the calls of `submit` are told apart: no two of a case have as many.
    pub(super) identifiers: usize,
    created_at: String,
    /// Polls until it is over.
    polls: u32,
    ends_with: &'static str,
}

/// What became of one call of `submit`.
#[derive(Debug, Default)]
pub(super) struct Track {
    pub(super) arrivals: u32,
    /// Whether a request came after one whose outcome was not certain.
    pub(super) is_repeated: bool,
    is_uncertain: bool,
    /// The job of a response that accepts it, whole and readable.
    pub(super) told: Option<Uuid>,
}

/// How the list misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// In its bytes at most.
    Sound,
    Cycling,
    LeadingNowhere,
    Endless,
    Odd,
}

#[derive(Debug)]
pub(super) struct State {
    random: Rng,
    pub(super) jobs: Vec<Job>,
    pub(super) track: Track,
    pub(super) list: List,
    pub(super) file: File,
    pub(super) is_pacing: bool,
    /// Requests for the list, since the last call began.
    pub(super) pages: usize,
}

/// The server's side of a case.
#[derive(Debug)]
pub(super) struct World {
    pub(super) case: u64,
    campaign: Arc<Campaign>,
    api: String,
    elsewhere: String,
    state: Mutex<State>,
}

impl World {
    pub(super) fn new(campaign: Arc<Campaign>, case: u64, api: String, elsewhere: String) -> Self {
        let mut random = campaign.random(case, 1);
        let state = State {
            jobs: Vec::new(),
            track: Track::default(),
            list: List::Sound,
            file: File::new(&mut random, 0),
            is_pacing: false,
            pages: 0,
            random,
        };
        Self {
            case,
            campaign,
            api,
            elsewhere,
            state: Mutex::new(state),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(super) fn violation(&self, what: &str) {
        self.campaign.violation(self.case, what);
    }

    /// The jobs that came of the call of `submit` with so many identifiers, so far.
    pub(super) fn jobs_of(&self, identifiers: usize) -> Vec<Uuid> {
        let state = self.state();
        let jobs = state
            .jobs
            .iter()
            .filter(|job| job.identifiers == identifiers);
        jobs.map(|job| job.id).collect()
    }

    /// Whether the server hangs up on a request that it has not read.
    pub(super) fn breaks_off(&self, is_submission: bool) -> bool {
        let mut state = self.state();
        if is_submission {
            state.track.arrives();
        }
        let breaks_off = state.random.u8(..40) == 0;
        if breaks_off {
            state.track.is_uncertain |= is_submission;
            self.campaign.count_fault();
        }
        breaks_off
    }

    pub(super) fn reply(&self, request: &Request) -> Reply {
        let path = request.path();
        let is_store = path.starts_with("/store");
        if (is_store || !request.is_to_api) && shows(&request.head) {
            self.violation("the key goes to another than the API");
        }
        if !is_store && !request.is_to_api {
            self.violation("a call follows a redirect");
        }
        if !is_store && request.header("authorization") != Some(&format!("Bearer {KEY}")) {
            self.violation("a call goes without the key");
        }
        let state = &mut *self.state();
        let reply = if request.is_post() {
            self.submission(state, &request.body)
        } else if is_store {
            self.file(state, request)
        } else if let Some(id) = path.strip_prefix("/batch/") {
            self.job(state, id)
        } else {
            self.page(state, path)
        };
        state.is_pacing |= reply.is_pacing;
        if reply.is_fault {
            self.campaign.count_fault();
        }
        reply
    }

    fn submission(&self, state: &mut State, body: &[u8]) -> Reply {
        let random = &mut state.random;
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let identifiers = request["professional_network_profile_urls"].as_array();
        let identifiers = identifiers.map_or(0, Vec::len);
        let id = Uuid::from_u128(random.u128(..));
        let (status, creates, names) = match random.u8(..20) {
            0..=8 => (
                *random
                    .choice(&[200, 201, 202, 202, 203, 207, 226, 299])
                    .unwrap(),
                true,
                true,
            ),
            9..=11 => (
                *random
                    .choice(&[400, 401, 402, 403, 404, 405, 409, 413, 418, 422, 451, 499])
                    .unwrap(),
                false,
                false,
            ),
            12 | 13 => (429, false, false),
            14 => (408, random.bool(), random.bool()),
            15 => (*random.choice(&[408, 409, 429]).unwrap(), true, true),
            16 => (
                *random
                    .choice(&[300, 301, 302, 303, 304, 307, 308, 399])
                    .unwrap(),
                random.bool(),
                random.bool(),
            ),
            17 => (
                *random.choice(&[600, 700, 999]).unwrap(),
                random.bool(),
                random.bool(),
            ),
            _ => (
                *random
                    .choice(&[500, 501, 502, 503, 504, 507, 520, 599])
                    .unwrap(),
                random.bool(),
                random.bool(),
            ),
        };
        let late = json!({"error": {"batch_id": id, "message": "late"}});
        // What would tell these from a refusal of the documents is the job that they name, so that they come whole.
        let is_told_by_name = creates && matches!(status, 409 | 429);
        let (text, is_readable) = match (names, (200..300).contains(&status)) {
            (_, true) => oddly(random, accepted(id, identifiers)),
            _ if is_told_by_name => (late.to_string(), true),
            (true, false) if creates => oddly(random, late),
            _ => (refusal(random), false),
        };
        let location = match status {
            300..=399 => self.location(random, "batch/person/contact/enrich"),
            _ => String::new(),
        };
        let reply = match is_told_by_name {
            true => plain(status, &location, text.as_bytes()),
            false => reply(random, status, &location, text.as_bytes()),
        };
        let polls = random.u32(..5);
        let ends_with = *random
            .choice(&["completed", "completed", "completed", "failed"])
            .unwrap();
        if creates {
            state.jobs.push(Job {
                id,
                identifiers,
                created_at: now(),
                polls,
                ends_with,
            });
        }
        // What comes of a 429 is certain, if it comes.
        state.track.is_uncertain |= creates || status != 429;
        let is_accepted = (200..300).contains(&status) && reply.is_whole && is_readable;
        state.track.told = is_accepted.then_some(id);
        reply
    }

    fn job(&self, state: &mut State, id: &str) -> Reply {
        let State {
            random, jobs, file, ..
        } = state;
        let Some(job) = jobs.iter_mut().find(|job| job.id.to_string() == id) else {
            return plain(
                404,
                "",
                b"{\"error\": {\"type\": \"not_found\", \"message\": \"no such job\"}}",
            );
        };
        if random.u8(..6) == 0 {
            let status = *random
                .choice(&[301, 302, 400, 401, 403, 404, 408, 429, 500, 503, 999])
                .unwrap();
            let (location, body) = (self.location(random, "batch"), refusal(random));
            return reply(random, status, &location, body.as_bytes());
        }
        let mut value = listed(job);
        if job.polls == 0 {
            value["status"] = json!(job.ends_with);
            value["completed_at"] = json!(now());
            value["result_count"] = json!(file.result_count);
            value["download_url"] = json!(self.link(random));
        } else {
            job.polls -= 1;
        }
        let (text, _) = match random.bool() {
            true => oddly(random, value),
            false => (value.to_string(), true),
        };
        reply(random, 200, "", text.as_bytes())
    }

    fn page(&self, state: &mut State, path: &str) -> Reply {
        let State { random, jobs, .. } = state;
        state.pages += 1;
        if random.u8(..12) == 0 {
            let status = *random
                .choice(&[301, 307, 400, 401, 408, 429, 500, 503])
                .unwrap();
            let (location, body) = (self.location(random, "batch"), refusal(random));
            return reply(random, status, &location, body.as_bytes());
        }
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let cursor = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("cursor="));
        let newest: Vec<&Job> = jobs.iter().rev().collect();
        let after = |cursor: &str| newest.iter().position(|job| job.id.to_string() == cursor);
        let start = cursor.and_then(after).map_or(0, |position| position + 1);
        let end = newest.len().min(start + 3);
        let mut page = json!({
            "jobs": newest[start..end].iter().map(|job| listed(job)).collect::<Vec<_>>(),
            "has_more": end < newest.len(),
            "next_cursor": if end < newest.len() { json!(newest[end - 1].id) } else { Value::Null },
        });
        match state.list {
            List::Sound => {}
            List::Cycling => {
                page["has_more"] = json!(true);
                page["next_cursor"] = json!(newest.first().map(|job| job.id));
            }
            List::LeadingNowhere => {
                page["has_more"] = json!(true);
                page["next_cursor"] = Value::Null;
            }
            List::Endless => {
                page["has_more"] = json!(true);
                page["next_cursor"] = json!(Uuid::from_u128(random.u128(..)));
            }
            List::Odd => {
                let (text, _) = oddly(random, page);
                return reply(random, 200, "", text.as_bytes());
            }
        }
        reply(random, 200, "", page.to_string().as_bytes())
    }

    fn file(&self, state: &mut State, request: &Request) -> Reply {
        let State { random, file, .. } = state;
        match random.u8(..20) {
            0 => {
                let location = self.location(random, "store/f");
                reply(random, 307, &location, b"")
            }
            1 => {
                let status = *random.choice(&[403, 404, 410, 429, 500, 503, 999]).unwrap();
                let body = refusal(random);
                reply(random, status, "", body.as_bytes())
            }
            2 => plain(302, &format!("location: {}\r\n", self.link(random)), b""),
            _ => file.reply(random, request.header("range"), request.header("if-range")),
        }
    }

    /// A link to the file, on either origin.
    pub(super) fn link(&self, random: &mut Rng) -> String {
        match random.u8(..3) {
            0 => format!("/{}/store/f?signature=s", self.case),
            1 => format!("{}/store/f?signature=s", self.api),
            _ => format!("{}/store/f?signature=s", self.elsewhere),
        }
    }

    /// Where a redirect leads that is not to be followed, or not to the end.
    fn location(&self, random: &mut Rng, path: &str) -> String {
        let (api, elsewhere) = (&self.api, &self.elsewhere);
        let to = match random.u8(..8) {
            0 => format!("{api}/{path}"),
            1 => format!("{elsewhere}/{path}"),
            2 => "ftp://127.0.0.1/file".to_owned(),
            3 => "//".to_owned(),
            // A store has never seen the key, and can lead nowhere with it.
            4 if path != "store/f" => format!("{elsewhere}/store/{}", echo(random)),
            5 => "http://[::1".to_owned(),
            6 => path.to_owned(),
            _ => return String::new(),
        };
        format!("location: {to}\r\n")
    }
}

impl Track {
    fn arrives(&mut self) {
        self.arrivals += 1;
        self.is_repeated |= self.is_uncertain;
        self.told = None;
    }
}

/// A time as the API writes it.
fn now() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    chrono::DateTime::from_timestamp(seconds, 0)
        .unwrap_or_default()
        .to_rfc3339()
}

fn accepted(id: Uuid, identifiers: usize) -> Value {
    json!({
        "batch_id": id, "status": "pending", "entity": "person", "action": "contact_enrich",
        "identifier_count": identifiers, "entities_requested": identifiers, "status_url": format!("/batch/{id}"),
    })
}

fn listed(job: &Job) -> Value {
    json!({
        "batch_id": job.id, "status": "processing", "entity": "person", "action": "contact_enrich",
        "identifier_count": job.identifiers, "entities_requested": job.identifiers, "created_at": job.created_at,
    })
}

/// The body of a response that is no success.
fn refusal(random: &mut Rng) -> String {
    match random.u8(..8) {
        0 => String::new(),
        1 => "<html>Bad Gateway</html>".to_owned(),
        2 => format!("{{\"message\": \"{}\"}}", echo(random)),
        3 => format!("<p>{}</p>", echo(random)),
        4 => "{\"error\": {\"type\": [], \"message\": {}, \"metadata\": 7}}".to_owned(),
        5 => "[".repeat(random.usize(1..5_000)),
        6 => "{\"error\": {\"metadata\": [{\"denied_fields\": [1, null, \"a\"], \"available_fields\": {}}]}}".to_owned(),
        _ => "{\"error\": {\"type\": \"permission_error\", \"message\": \"no\", \"metadata\": {}}}".to_owned(),
    }
}

/// The value as text, with something odd about it, and whether the ids that it names can still be read.
fn oddly(random: &mut Rng, mut value: Value) -> (String, bool) {
    const RAW: &str = "raw text";
    let keys: Vec<String> = value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys().cloned())
        .collect();
    let key = random.choice(&keys).cloned().unwrap_or_default();
    let raw = match random.u8(..24) {
        0 => "null".to_owned(),
        1 => "1e400".to_owned(),
        2 => "-1".to_owned(),
        3 => u128::MAX.to_string(),
        4 => "[]".to_owned(),
        5 => "{}".to_owned(),
        6 => "\"\"".to_owned(),
        7 => format!("{}1{}", "[".repeat(300), "]".repeat(300)),
        8 => "\"\\ud800\"".to_owned(),
        9 => format!("\"{}\"", "x".repeat(random.usize(1..20_000))),
        10 | 11 => format!("\"{}\"", echo(random)),
        12 => "3.0".to_owned(),
        13 => "truee".to_owned(),
        14 => return (json!({"data": {"batch": value}}).to_string(), true),
        15 => return (format!("[{value}]"), true),
        16 => return (format!("\u{feff}{value}"), true),
        17 => return (format!("{value} trailing"), true),
        18 => {
            value["more"] = json!(" http://a/?b".repeat(LINKS));
            return (value.to_string(), true);
        }
        19 if random.u8(..20) == 0 => {
            value["more"] = json!("y".repeat(5 << 20));
            return (value.to_string(), false);
        }
        20 => return (value.to_string().replace('{', "{\"more\": 0, "), true),
        _ => return (value.to_string(), true),
    };
    // Half of the time under a key that nobody has heard of.
    let key = if random.bool() {
        key
    } else {
        "more".to_owned()
    };
    let is_readable = key != "batch_id";
    if let Some(place) = value.get_mut(&key) {
        *place = json!(RAW);
    } else {
        value["more"] = json!(RAW);
    }
    (
        value.to_string().replace(&format!("\"{RAW}\""), &raw),
        is_readable,
    )
}

/// Links in a body that has very many.
const LINKS: usize = 20_000;

//! What the server of a case knows, and what it says: its jobs, the submissions that arrived, and the responses of the
//! API and of the store. Those to submissions are in `submission`, those about the account in `account`.

use std::sync::{Arc, Mutex, MutexGuard};

use crustdata_batch::Uuid;
use fastrand::Rng;
use serde_json::{Value, json};

use super::bodies::{Job, is_refusal, listed, now, oddly, refusal};
use super::fault::{Reply, plain, reply};
use super::secret::{KEY, echo, shows};
use super::sockets::Request;
use super::store::File;
use super::{Campaign, account};

/// What became of one call of `submit`.
#[derive(Debug, Default)]
pub(super) struct Track {
    pub(super) arrivals: u32,
    /// Whether a request came after one whose outcome was not certain.
    pub(super) is_repeated: bool,
    pub(super) is_uncertain: bool,
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
    pub(super) random: Rng,
    pub(super) jobs: Vec<Job>,
    pub(super) track: Track,
    pub(super) list: List,
    pub(super) file: File,
    pub(super) is_pacing: bool,
    /// Requests for the list or about the account, since the last call began.
    pub(super) pages: usize,
    pub(super) knows_account: bool,
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
            knows_account: account::is_known(&mut random),
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
        } else if path.starts_with("/account/") {
            self.account(state, path)
        } else {
            self.page(state, path)
        };
        state.is_pacing |= reply.is_pacing;
        if reply.is_fault {
            self.campaign.count_fault();
        }
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
            return reply(random, status, &location, body.as_bytes())
                .odd_if(!is_refusal(status, &body));
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
        let sound = value.to_string();
        let text = match random.bool() {
            true => oddly(random, value).0,
            false => sound.clone(),
        };
        reply(random, 200, "", text.as_bytes()).odd_if(text != sound)
    }

    fn page(&self, state: &mut State, path: &str) -> Reply {
        let State { random, jobs, .. } = state;
        state.pages += 1;
        if random.u8(..12) == 0 {
            let status = *random
                .choice(&[301, 307, 400, 401, 408, 429, 500, 503])
                .unwrap();
            let (location, body) = (self.location(random, "batch"), refusal(random));
            return reply(random, status, &location, body.as_bytes())
                .odd_if(!is_refusal(status, &body));
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
        let sound = page.to_string();
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
                return reply(random, 200, "", text.as_bytes()).odd_if(text != sound);
            }
        }
        let text = page.to_string();
        reply(random, 200, "", text.as_bytes()).odd_if(text != sound)
    }

    fn file(&self, state: &mut State, request: &Request) -> Reply {
        let State { random, file, .. } = state;
        match random.u8(..20) {
            0 => {
                let location = self.location(random, "store/f");
                reply(random, 307, &location, b"").odd_if(true)
            }
            1 => {
                let status = *random.choice(&[403, 404, 410, 429, 500, 503, 999]).unwrap();
                let body = refusal(random);
                reply(random, status, "", body.as_bytes()).odd_if(true)
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
    pub(super) fn location(&self, random: &mut Rng, path: &str) -> String {
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

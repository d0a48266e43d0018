//! What the server says of the account. Most know nothing of it, so that a search for a job is soon over; what the others
//! say is as odd as what they say of jobs.

use fastrand::Rng;
use serde_json::{Value, json};

use super::bodies::{is_refusal, now, oddly, refusal};
use super::fault::{Reply, plain, reply};
use super::world::{State, World};

const ENDPOINT: &str = "/batch/person/contact/enrich";

/// Whether a server knows of the account.
pub(super) fn is_known(random: &mut Rng) -> bool {
    random.u8(..4) == 0
}

impl World {
    pub(super) fn account(&self, state: &mut State, path: &str) -> Reply {
        let State {
            random,
            knows_account,
            pages,
            ..
        } = state;
        if !*knows_account {
            return plain(404, "", b"{\"error\": {\"type\": \"not_found\"}}");
        }
        *pages += 1;
        if random.u8(..8) == 0 {
            let status = *random.choice(&[307, 401, 403, 408, 429, 500, 999]).unwrap();
            let (location, body) = (self.location(random, "account"), refusal(random));
            return reply(random, status, &location, body.as_bytes())
                .odd_if(!is_refusal(status, &body));
        }
        let value = match path.split('?').next().unwrap_or_default() {
            "/account/credits" => {
                json!({"account": {"credits": 5, "recurring_credits_refresh_date": now()}})
            }
            "/account/endpoints" => json!({"endpoints": [{"path": ENDPOINT, "status": "enabled"}]}),
            "/account/usage/events" => json!({
                "events": [event(random), event(random)],
                "has_more": random.u8(..4) == 0,
                "next_cursor": if random.bool() { json!(random.u32(..).to_string()) } else { Value::Null },
            }),
            _ => event(random),
        };
        let (text, _) = oddly(random, value);
        reply(random, 200, "", text.as_bytes()).odd_if(true)
    }
}

/// Of a request that nobody made.
fn event(random: &mut Rng) -> Value {
    let urls = (0..random.usize(1..4)).map(|n| format!("https://www.linkedin.com/in/nobody-{n}/"));
    let body = json!({"professional_network_profile_urls": urls.collect::<Vec<_>>(), "fields": ["business_email"]});
    json!({
        "event_id": random.u64(..).to_string(), "endpoint": ENDPOINT, "credits_used": 0.5,
        "status": *random.choice(&[202, 402, 500]).unwrap(), "request": {"body": body},
    })
}

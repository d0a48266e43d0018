//! What comes of a submission: which status, whether it makes a job, and whether the response names it. A refusal makes no
//! job, unless it names one or is a gateway's time-out: nothing else may be told by its status.

use crustdata_batch::Uuid;
use serde_json::{Value, json};

use super::bodies::{Job, accepted, is_refusal, oddly, refusal};
use super::fault::{Reply, reply};
use super::world::{State, World};

impl World {
    pub(super) fn submission(&self, state: &mut State, body: &[u8]) -> Reply {
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
        let accepted = accepted(id, identifiers);
        let sound = accepted.to_string();
        let late = json!({"error": {"batch_id": id, "message": "late"}});
        // What tells these from a refusal of the documents is the job that they name: in the head, since the body may be cut off.
        let is_told_by_name = creates && matches!(status, 409 | 429);
        let (text, is_readable) = match (names, (200..300).contains(&status)) {
            (_, true) => oddly(random, accepted),
            (true, false) if creates => oddly(random, late),
            _ => (refusal(random), false),
        };
        let location = match status {
            300..=399 => self.location(random, "batch/person/contact/enrich"),
            _ if is_told_by_name => format!("location: /batch/{id}\r\n"),
            _ => String::new(),
        };
        let reply = reply(random, status, &location, text.as_bytes());
        if creates {
            state.jobs.push(Job::new(random, id, identifiers));
        }
        // What comes of a 429 is certain, if it comes.
        state.track.is_uncertain |= creates || status != 429;
        let is_accepted = (200..300).contains(&status) && reply.is_whole && is_readable;
        state.track.told = is_accepted.then_some(id);
        let is_sound = match creates {
            true => matches!(status, 200..=202) && text == sound,
            false => is_refusal(status, &text),
        };
        reply.odd_if(!is_sound)
    }
}

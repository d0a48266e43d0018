//! What the API says in its bodies, of jobs and of refusals, and the odd things that a server makes of it.

use std::time::{SystemTime, UNIX_EPOCH};

use crustdata_batch::Uuid;
use fastrand::Rng;
use serde_json::{Value, json};

use super::secret::echo;

/// A job of the case's account.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) id: Uuid,
    /// By which the calls of `submit` are told apart: no two of a case have as many.
    pub(super) identifiers: usize,
    created_at: String,
    /// Polls until it is over.
    pub(super) polls: u32,
    pub(super) ends_with: &'static str,
}

impl Job {
    pub(super) fn new(random: &mut Rng, id: Uuid, identifiers: usize) -> Self {
        let endings = ["completed", "completed", "completed", "failed"];
        Self {
            id,
            identifiers,
            created_at: now(),
            polls: random.u32(..5),
            ends_with: random.choice(&endings).unwrap(),
        }
    }
}

/// A time as the API writes it.
pub(super) fn now() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    chrono::DateTime::from_timestamp(seconds, 0)
        .unwrap_or_default()
        .to_rfc3339()
}

pub(super) fn accepted(id: Uuid, identifiers: usize) -> Value {
    json!({
        "batch_id": id, "status": "pending", "entity": "person", "action": "contact_enrich",
        "identifier_count": identifiers, "entities_requested": identifiers, "status_url": format!("/batch/{id}"),
    })
}

pub(super) fn listed(job: &Job) -> Value {
    json!({
        "batch_id": job.id, "status": "processing", "entity": "person", "action": "contact_enrich",
        "identifier_count": job.identifiers, "entities_requested": job.identifiers, "created_at": job.created_at,
    })
}

/// A refusal as the documents have it.
const REFUSAL: &str = r#"{"error": {"type": "permission_error", "message": "no", "metadata": {}}}"#;

/// Whether a response is a refusal that the documents know.
pub(super) fn is_refusal(status: u16, body: &str) -> bool {
    matches!(status, 400..=403 | 429) && body == REFUSAL
}

/// The body of a response that is no success.
pub(super) fn refusal(random: &mut Rng) -> String {
    match random.u8(..8) {
        0 => String::new(),
        1 => "<html>Bad Gateway</html>".to_owned(),
        2 => format!("{{\"message\": \"{}\"}}", echo(random)),
        3 => format!("<p>{}</p>", echo(random)),
        4 => "{\"error\": {\"type\": [], \"message\": {}, \"metadata\": 7}}".to_owned(),
        5 => "[".repeat(random.usize(1..5_000)),
        6 => "{\"error\": {\"metadata\": [{\"denied_fields\": [1, null, \"a\"], \"available_fields\": {}}]}}".to_owned(),
        _ => REFUSAL.to_owned(),
    }
}

/// The value as text, with something odd about it, and whether the ids that it names can still be read.
pub(super) fn oddly(random: &mut Rng, mut value: Value) -> (String, bool) {
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

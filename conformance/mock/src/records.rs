//! The records of a job's results. Contacts are invented, and only the test profiles have any.

use serde_json::{Map, Value, json};

use crate::generated::contract;
use crate::jobs::Job;

/// Identifiers whose records differ, so that a results file has something to show: the mock finds invented
/// contacts (`example.com` addresses and 555 numbers) of every requested kind for all but the last two of them,
/// only e-mails for the one before the last, and nothing for the last, as for any other identifier.
///
/// There are more of them than fit into one part of the smallest chunk size.
pub const TEST_PROFILES: &[&str] = &[
    "https://www.linkedin.com/in/example-person-one/",
    "https://www.linkedin.com/in/example-person-two/",
    "https://www.linkedin.com/in/example-person-three/",
    "https://www.linkedin.com/in/example-person-four/",
    "https://www.linkedin.com/in/example-person-five/",
    "https://www.linkedin.com/in/example-person-six/",
    "https://www.linkedin.com/in/example-person-seven/",
    "https://www.linkedin.com/in/example-person-eight/",
    "https://www.linkedin.com/in/example-person-nine/",
    "https://www.linkedin.com/in/example-person-ten/",
    "https://www.linkedin.com/in/example-person-without-phone/",
    "https://www.linkedin.com/in/example-person-without-contacts/",
];

/// What the mock finds for an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Emails,
    Everything,
}

fn find(identifier: &str, profiles: &[String]) -> Found {
    if profiles.iter().any(|profile| profile == identifier) {
        return Found::Everything;
    }
    let place = TEST_PROFILES.iter().position(|known| *known == identifier);
    match place.map(|place| TEST_PROFILES.len() - place) {
        None | Some(1) => Found::Nothing,
        Some(2) => Found::Emails,
        Some(_) => Found::Everything,
    }
}

/// Whether the mock finds contacts for an identifier, given the profiles of its set-up.
pub(crate) fn is_found(identifier: &str, profiles: &[String]) -> bool {
    find(identifier, profiles) != Found::Nothing
}

/// The records of a job, one for each identifier, in the order in which they were submitted.
pub(crate) fn records(job: &Job, profiles: &[String]) -> Vec<Value> {
    let identifiers = job.identifiers().iter().enumerate();
    identifiers
        .map(|(place, identifier)| {
            let found = find(identifier, profiles);
            let internal_id = match found {
                Found::Nothing => Value::Null,
                _ => json!(place + 1),
            };
            let data = data(&job.submission.fields.values, place, found);
            json!({"original_identifier": identifier, "internal_id": internal_id, "data": data})
        })
        .collect()
}

/// The contact kinds that were requested, empty where nothing is found.
fn data(fields: &[String], place: usize, found: Found) -> Value {
    let mut data = Value::Object(Map::new());
    for (leaf, holds) in contract::submit::fields::LEAVES {
        if !fields.iter().any(|field| covers(field, leaf)) {
            continue;
        }
        let contacts = match (found, *holds) {
            (Found::Emails | Found::Everything, "emails") => json!([email(leaf, place)]),
            (Found::Everything, _) => json!([phone(place)]),
            _ => json!([]),
        };
        put(&mut data, leaf, contacts);
    }
    data
}

/// An invented e-mail of a kind, for the record at a place.
pub(crate) fn email(leaf: &str, place: usize) -> Value {
    let name = leaf.rsplit('.').next().unwrap_or(leaf).replace('_', "-");
    json!({"email": format!("{name}-{place}@example.com"), "status": contract::result::email_status::VALUES[0]})
}

/// An invented phone number, for the record at a place.
pub(crate) fn phone(place: usize) -> Value {
    json!(format!("+1 202 555 {:04}", 100 + place % 100))
}

/// Puts a value under a dotted path.
pub(crate) fn put(data: &mut Value, path: &str, value: Value) {
    let mut under = data;
    for key in path.split('.') {
        under = &mut under[key];
    }
    *under = value;
}

/// Whether a field asks for a leaf: it is the leaf, or a name that the leaf extends with a dot.
pub(crate) fn covers(field: &str, leaf: &str) -> bool {
    leaf.strip_prefix(field)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

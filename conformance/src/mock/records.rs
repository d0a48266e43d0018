//! The records of a results file. Contacts are invented, and only the test profiles have any.

use serde_json::{Map, Value, json};

use super::jobs::Job;
use crate::generated::contract;

/// Identifiers for which the mock finds contacts, all of them invented: `example.com` addresses and 555
/// numbers. It finds nothing for any other identifier.
pub const TEST_PROFILES: &[&str] = &[
    "https://www.linkedin.com/in/dvdhsu/",
    "https://www.linkedin.com/in/example-person/",
    "https://www.linkedin.com/in/another-example-person/",
];

/// Whether the mock finds contacts for an identifier.
pub(crate) fn is_found(identifier: &str) -> bool {
    TEST_PROFILES.contains(&identifier)
}

/// The lines of the merged file, one for each identifier, in the order in which they were submitted.
pub(crate) fn lines(job: &Job) -> impl Iterator<Item = String> {
    job.identifiers
        .iter()
        .enumerate()
        .map(|(place, identifier)| {
            let found = is_found(identifier);
            let internal_id = if found { json!(place + 1) } else { Value::Null };
            let data = data(&job.fields, place, found);
            json!({"original_identifier": identifier, "internal_id": internal_id, "data": data})
                .to_string()
        })
}

/// The contact kinds that were requested, empty where nothing is found.
fn data(fields: &[String], place: usize, found: bool) -> Value {
    let mut data = Value::Object(Map::new());
    for (leaf, holds) in contract::CONTACT_LEAVES {
        if !fields.iter().any(|field| covers(field, leaf)) {
            continue;
        }
        let name = leaf.rsplit('.').next().unwrap_or(leaf).replace('_', "-");
        let contacts = match (found, *holds) {
            (false, _) => json!([]),
            (true, "emails") => json!([
                {"email": format!("{name}-{place}@example.com"), "status": contract::EMAIL_STATUSES[0]}
            ]),
            (true, _) => json!([format!("+1 202 555 {:04}", 100 + place % 100)]),
        };
        let mut under = &mut data;
        for key in leaf.split('.') {
            under = &mut under[key];
        }
        *under = contacts;
    }
    data
}

/// Whether a field asks for a leaf: it is the leaf, or a name that the leaf extends with a dot.
fn covers(field: &str, leaf: &str) -> bool {
    leaf.strip_prefix(field)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

//! Each broken rule beside each pair of features that a submission may have.

use serde_json::{Value, json};

use super::covering::pairs;
use super::{object, of_object, raw};
use crate::generated::contract::submit::{chunk_size, fields, identifiers};
use crate::probes::catalogue::{Catalogue, OTHER_IDENTIFIERS, OTHER_VERSIONS};
use crate::probes::submission::{Authorization, Body, Contents, Probe, Submission};

/// The rules, by the name of a probe that breaks one.
const RULES: [&str; 12] = [
    "no Authorization",
    "an unknown key",
    "no version",
    "another version",
    "a body that is cut off",
    "no identifiers",
    "another identifier",
    "too many identifiers",
    "no fields",
    "empty fields",
    "an unsupported field",
    "a chunk size out of range",
];

pub(super) fn probes(catalogue: &mut Catalogue) -> Vec<Probe> {
    let webhook_url = catalogue.webhook_url().to_owned();
    let webhooks = [
        None,
        Some(webhook_url.clone()),
        Some(format!("{webhook_url}?token=a%20b&n=1")),
    ];
    let chunk_sizes = [
        None,
        Some(chunk_size::MIN),
        Some(chunk_size::MAX),
        Some(chunk_size::DEFAULT),
    ];
    // One, few, more than the smallest chunk, and the most.
    let counts = [1, 3, 2 * chunk_size::MIN as usize + 1, identifiers::MAX];
    let sets: [&[&str]; 3] = [&fields::VALUES[..1], &fields::VALUES[1..3], fields::VALUES];
    let levels = [
        counts.len(),
        2,
        2,
        sets.len(),
        chunk_sizes.len(),
        webhooks.len(),
        2,
    ];
    let mut probes = Vec::new();
    for (n, row) in pairs(&levels).iter().enumerate() {
        for rule in RULES {
            let name = format!("{rule}, beside other features");
            probes.push(catalogue.probe(&name, |submission, salt| {
                let contents = Contents {
                    count: counts[row[0]],
                    urls_string: row[1] == 1,
                    fields_string: row[2] == 1,
                    fields: Some(sets[row[3]].to_vec()),
                    chunk_size: chunk_sizes[row[4]].map(Value::from),
                    webhook_url: webhooks[row[5]].clone(),
                    ..Contents::plain(salt)
                };
                *submission = broken(rule, n, contents, row[6] == 1);
            }));
        }
    }
    probes
}

/// A submission of these contents that breaks the rule; `n` chooses among the ways to break it.
fn broken(rule: &str, n: usize, mut contents: Contents, reversed: bool) -> Submission {
    let mut submission = Submission::plain(0);
    let far = n % 4 > 1;
    match rule {
        "no Authorization" => submission.authorization = Authorization::Absent,
        "an unknown key" => submission.authorization = Authorization::UnknownKey,
        "no version" => submission.version = None,
        "another version" => {
            submission.version = Some(OTHER_VERSIONS[n % OTHER_VERSIONS.len()].into());
        }
        "no identifiers" => contents.identifiers_key = None,
        "another identifier" => {
            contents.identifiers_key = Some(OTHER_IDENTIFIERS[n % OTHER_IDENTIFIERS.len()]);
        }
        "too many identifiers" => {
            contents.count = identifiers::MAX + if far { identifiers::MAX / 2 } else { 1 };
        }
        "no fields" => contents.fields = None,
        "empty fields" => contents.fields = Some(Vec::new()),
        "an unsupported field" => {
            let fields = contents.fields.get_or_insert_default();
            fields.insert(
                if n.is_multiple_of(2) { fields.len() } else { 0 },
                "home_address",
            );
        }
        "a chunk size out of range" => {
            let (below, above) = if far {
                (0, 10)
            } else {
                (chunk_size::MIN - 1, 1)
            };
            let size = if n.is_multiple_of(2) {
                below
            } else {
                chunk_size::MAX + above
            };
            contents.chunk_size = Some(json!(size));
        }
        _ => {}
    }
    let mut object = object(&contents);
    if reversed {
        object = object.into_iter().rev().collect();
    }
    submission.body = if rule == "a body that is cut off" {
        cut_off(&Value::Object(object).to_string())
    } else {
        of_object(object)
    };
    submission
}

fn cut_off(text: &str) -> Body {
    raw(&text.as_bytes()[..text.len() - 1])
}

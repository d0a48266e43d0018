//! Each broken rule beside each pair of features that a submission may have.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::covering::{covering, ranked};
use crate::generated::contract::submit::{chunk_size, fields, identifiers, webhook_url};
use crate::probes::draft::{Group, draft, object, of_object, raw};
use crate::probes::submission::{Authorization, Body, Contents, Submission};
use crate::probes::words::{OTHER_IDENTIFIERS, OTHER_VERSIONS};

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

pub(super) fn groups() -> Vec<Group> {
    let of_rule = |rule: &'static str| {
        let drafts = ROWS.iter().cloned().enumerate().map(|(n, row)| {
            draft(
                format!("{rule}, beside other features"),
                move |submission, salt| {
                    let contents = contents(&row, salt);
                    *submission = broken(rule, n, contents, row[6] == 1);
                },
            )
        });
        drafts.collect()
    };
    RULES.map(of_rule).into()
}

/// One identifier, few, more than the smallest chunk, and the most.
const COUNTS: [usize; 4] = [1, 3, 2 * chunk_size::MIN as usize + 1, identifiers::MAX];
const CHUNK_SIZES: [Option<u32>; 4] = [
    None,
    Some(chunk_size::MIN),
    Some(chunk_size::MAX),
    Some(chunk_size::DEFAULT),
];

/// How many levels each feature has; the last one is the order of the keys.
const LEVELS: [usize; 7] = [COUNTS.len(), 2, 2, 3, CHUNK_SIZES.len(), 3, 2];

/// Two features together first, then any three. They are the same for every run, and take a while to find.
static ROWS: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| {
    let mut rows = ranked(covering(&LEVELS, 2));
    rows.extend(ranked(covering(&LEVELS, 3)));
    rows
});

fn contents(row: &[usize], salt: u64) -> Contents {
    let sets: [&[&str]; 3] = [&fields::VALUES[..1], &fields::VALUES[1..3], fields::VALUES];
    Contents {
        count: COUNTS[row[0]],
        urls_string: row[1] == 1,
        fields_string: row[2] == 1,
        fields: Some(sets[row[3]].to_vec()),
        chunk_size: CHUNK_SIZES[row[4]].map(Value::from),
        webhook_url: match row[5] {
            0 => None,
            1 => Some(webhook_url::EXAMPLE.to_owned()),
            _ => Some(format!("{}?n=1&next=a%20b", webhook_url::EXAMPLE)),
        },
        ..Contents::plain(salt)
    }
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

//! Neighbours of every accepted word: versions, fields, keys of the body and credentials, with a letter less or more, in
//! another case, doubled, and beside good ones.

use serde_json::json;

use crate::generated::contract::{
    API_VERSION,
    submit::{fields, identifiers},
};
use crate::probes::draft::{Group, draft, in_parts, object, of_object};
use crate::probes::submission::{Authorization, Contents};

pub(super) fn groups() -> Vec<Group> {
    // The longer a list of words, the more of them come at a time.
    let mut groups = in_parts(unsupported_fields(), 6);
    groups.extend(in_parts(versions(), 4));
    groups.extend(in_parts(identifier_keys(), 2));
    groups.push(credentials());
    groups
}

/// Words that are nearly this one.
fn near(word: &str) -> Vec<String> {
    let (first, last) = (word.chars().next(), word.chars().last());
    let without_last = last
        .and_then(|last| word.strip_suffix(last))
        .unwrap_or_default();
    let without_first = first
        .and_then(|first| word.strip_prefix(first))
        .unwrap_or_default();
    vec![
        word.to_uppercase(),
        without_last.to_owned(),
        format!("{word}s"),
        format!("x{word}"),
        without_first.to_owned(),
        format!("{word}{word}"),
        format!("{word}.x"),
        word.replace('_', "-"),
        word.replace('_', ""),
        word.replace('.', "_"),
        word.replace('-', "/"),
        word.replace('-', ""),
        first.map_or_else(String::new, |first| {
            format!("{}{}", first.to_uppercase(), without_first)
        }),
        format!("\"{word}\""),
    ]
}

fn versions() -> Group {
    let mut versions: Vec<String> = near(API_VERSION);
    // A neighbour in each place of the date: the day, the month, the year.
    let places = API_VERSION
        .char_indices()
        .filter(|(_, char)| char.is_ascii_digit());
    for (place, char) in places.collect::<Vec<_>>().into_iter().rev() {
        let digit = char.to_digit(10).unwrap_or_default();
        for other in [(digit + 1) % 10, (digit + 9) % 10] {
            let mut version = API_VERSION.to_owned();
            version.replace_range(place..=place, &other.to_string());
            versions.push(version);
        }
    }
    versions
        .extend(["latest", "", "1", "0", "v1", "null", "current", "*", "beta"].map(str::to_owned));
    versions.push(format!("v{API_VERSION}"));
    versions.push(format!("{API_VERSION}T00:00:00Z"));
    let drafts = distinct(versions).into_iter().map(|version| {
        draft(format!("the version {version:?}"), |submission, _| {
            submission.version = Some(version.into());
        })
    });
    drafts.collect()
}

fn credentials() -> Group {
    // None of them holds a part of the key.
    let tokens = [
        "null",
        "undefined",
        "test",
        "0",
        "x",
        "admin",
        "00000000-0000-0000-0000-000000000000",
        "''",
        "*",
        "0123456789abcdef0123456789abcdef01234567",
        "$CRUSTDATA_TOKEN",
        "Bearer",
    ];
    let drafts = tokens.into_iter().map(|token| {
        draft(format!("the key {token}"), move |submission, _| {
            submission.authorization = Authorization::Token(token);
        })
    });
    drafts.collect()
}

fn identifier_keys() -> Group {
    let mut keys = near(identifiers::KEY);
    let camel =
        identifiers::KEY
            .split('_')
            .enumerate()
            .map(|(n, part)| match part.chars().next() {
                Some(first) if n > 0 => {
                    format!("{}{}", first.to_uppercase(), &part[first.len_utf8()..])
                }
                _ => part.to_owned(),
            });
    keys.push(camel.collect());
    keys.extend(
        [
            "profile_urls",
            "urls",
            "linkedin_urls",
            "identifiers",
            "business_emails",
            "names",
            "",
            "data",
        ]
        .map(str::to_owned),
    );
    let drafts = distinct(keys).into_iter().map(|key| {
        draft(
            format!("identifiers under {key:?}"),
            move |submission, salt| {
                let object = object(&Contents::plain(salt));
                let renamed = object.into_iter().map(|(its, value)| {
                    let is_renamed = its == identifiers::KEY;
                    (if is_renamed { key.clone() } else { its }, value)
                });
                submission.body = of_object(renamed.collect());
            },
        )
    });
    drafts.collect()
}

fn unsupported_fields() -> Group {
    let mut words: Vec<String> = vec![
        "all".to_owned(),
        "*".to_owned(),
        "null".to_owned(),
        "0".to_owned(),
    ];
    // The first neighbour of each, then the second of each.
    let neighbours: Vec<Vec<String>> = fields::VALUES.iter().map(|field| near(field)).collect();
    let most = neighbours.iter().map(Vec::len).max().unwrap_or_default();
    words.extend((0..most).flat_map(|n| {
        neighbours
            .iter()
            .filter_map(move |near| near.get(n).cloned())
    }));
    for field in fields::VALUES {
        let parents = field
            .match_indices('.')
            .map(|(place, _)| field[..place].to_owned());
        words.extend(parents);
        words.extend(field.rsplit_once('.').map(|(_, leaf)| leaf.to_owned()));
    }
    let drafts = distinct(words).into_iter().enumerate().map(|(n, word)| {
        draft(format!("the field {word:?}"), move |submission, salt| {
            let good = fields::VALUES;
            // Alone; last; first; in the middle; after all.
            let fields: Vec<&str> = match n % 5 {
                0 => vec![&word],
                1 => vec![good[n % good.len()], &word],
                2 => vec![&word, good[n % good.len()]],
                3 => vec![good[0], &word, good[1]],
                _ => good.iter().copied().chain([word.as_str()]).collect(),
            };
            let fields = if n / 5 % 2 == 1 {
                json!(fields.join(","))
            } else {
                json!(fields)
            };
            let mut object = object(&Contents::plain(salt));
            object.insert("fields".to_owned(), fields);
            submission.body = of_object(object);
        })
    });
    drafts.collect()
}

/// The words in their order, each once.
fn distinct(words: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    words
        .into_iter()
        .filter(|word| seen.insert(word.clone()))
        .collect()
}

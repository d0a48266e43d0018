//! Faults that take a word for the one that it nearly is: a version, a key, the name of the identifiers, a field.

use super::refusal_case::{Case, OTHER, OTHER_VERSION, UNKNOWN_KEY, UNSUPPORTED, case, named};
use crate::generated::contract::{
    API_VERSION,
    submit::{fields, identifiers},
};
use crate::hooks::Fault;
use crate::submission::Form;

/// Whether a word is of a kind.
type Is = fn(&str) -> bool;

/// Whether the first word is taken for the second.
type Takes = fn(&str, &str) -> bool;

/// What is taken for a word that it is not, whatever the word.
const NEAR: &[(&str, &str, Takes)] = &[
    ("in-capitals", "in capitals", |it, word| {
        it != word && it == word.to_uppercase()
    }),
    (
        "that-begins-in-capitals",
        "with a capital at its beginning",
        |it, word| it != word && it.get(1..) == word.get(1..) && it.eq_ignore_ascii_case(word),
    ),
    (
        "cut-off-at-its-end",
        "that lacks its last letter",
        |it, word| word.strip_prefix(it).is_some_and(|rest| rest.len() == 1),
    ),
    (
        "cut-off-at-its-beginning",
        "that lacks its first letter",
        |it, word| word.strip_suffix(it).is_some_and(|rest| rest.len() == 1),
    ),
    ("in-plural", "with an s at its end", |it, word| {
        it.strip_suffix('s') == Some(word)
    }),
    (
        "with-a-letter-before",
        "with a letter before it",
        |it, word| it.strip_suffix(word).is_some_and(|rest| rest.len() == 1),
    ),
    ("doubled", "that is there twice", |it, word| {
        it.strip_prefix(word) == Some(word)
    }),
    (
        "with-a-part",
        "with a dot and a letter after it",
        |it, word| {
            it.strip_prefix(word)
                .is_some_and(|rest| rest.starts_with('.'))
        },
    ),
    ("in-quotes", "in quotes", |it, word| {
        it.len() == word.len() + 2 && it.trim_matches('"') == word
    }),
    (
        "with-other-marks",
        "with other marks between its parts",
        |it, word| {
            let is_mark = |char: char| !char.is_ascii_alphanumeric();
            let marks = |text: &str| text.chars().filter(|char| is_mark(*char)).count();
            it != word && marks(it) == marks(word) && it.split(is_mark).eq(word.split(is_mark))
        },
    ),
    (
        "without-its-marks",
        "without the marks between its parts",
        |it, word| it != word && it == word.replace(|char: char| !char.is_ascii_alphanumeric(), ""),
    ),
];

/// Versions that are taken for the right one.
const VERSIONS: &[(&str, &str, Is)] = &[
    ("of-another-day", "of another day of the same month", |it| {
        differs_at(it, 2)
    }),
    (
        "of-another-month",
        "of another month of the same year",
        |it| differs_at(it, 1),
    ),
    ("of-another-year", "of the same day of another year", |it| {
        differs_at(it, 0)
    }),
    ("that-is-empty", "that is empty", str::is_empty),
    ("latest", "latest", |it| it == "latest"),
    ("that-is-a-word", "that is a word", |it| {
        !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_alphabetic())
    }),
    ("that-is-a-number", "that is a number", |it| {
        !it.is_empty()
            && it.len() < API_VERSION.len() - 2
            && it.bytes().all(|byte| byte.is_ascii_digit())
    }),
    ("with-a-v", "with a v before it", |it| {
        it.strip_prefix('v') == Some(API_VERSION)
    }),
    ("with-a-time", "with a time of day", |it| {
        it.strip_prefix(API_VERSION)
            .is_some_and(|rest| rest.starts_with('T'))
    }),
    ("with-more-after", "with anything after it", |it| {
        it.strip_prefix(API_VERSION)
            .is_some_and(|rest| !rest.is_empty())
    }),
    ("that-is-a-star", "that is a star", |it| it == "*"),
];

/// Tokens that are taken for a key.
const TOKENS: &[(&str, &str, Is)] = &[
    ("null", "null", |it| it == "null"),
    ("undefined", "undefined", |it| it == "undefined"),
    ("test", "test", |it| it == "test"),
    ("short", "of one letter", |it| it.len() == 1),
    ("in-hexadecimal", "of forty hexadecimal digits", |it| {
        it.len() == 40 && it.bytes().all(|byte| byte.is_ascii_hexdigit())
    }),
    ("of-zeros", "of zeros", |it| it.starts_with("00000000-")),
    ("with-a-hyphen", "with a hyphen", |it| it.contains('-')),
    ("without-a-hyphen", "without a hyphen", |it| {
        !it.contains('-')
    }),
    ("admin", "admin", |it| it == "admin"),
];

/// Names that are taken for that of the identifiers.
const KEYS: &[(&str, Is)] = &[
    ("urls", |it| it == "urls"),
    ("profile-urls", |it| it == "profile_urls"),
    ("linkedin-urls", |it| it == "linkedin_urls"),
    ("identifiers", |it| it == "identifiers"),
    ("data", |it| it == "data"),
    ("names", |it| it == "names"),
    ("emails", |it| it == "business_emails"),
    ("camel-case", |it| {
        it != identifiers::KEY
            && it.contains(char::is_uppercase)
            && it.contains(char::is_lowercase)
            && it.eq_ignore_ascii_case(&identifiers::KEY.replace('_', ""))
    }),
];

/// Words that are taken for fields.
const FIELDS: &[(&str, &str, Is)] = &[
    ("all", "all", |it| it == "all"),
    ("star", "that is a star", |it| it == "*"),
    ("null", "null", |it| it == "null"),
    ("part", "that is the last part of one", |it| {
        is_of_fields(it, |it, field| {
            field.rsplit_once('.').is_some_and(|(_, last)| last == it)
        })
    }),
    ("address", "home_address", |it| it == "home_address"),
    ("without-dot", "with an underscore for a dot", |it| {
        is_of_fields(it, |it, field| it != field && it == field.replace('.', "_"))
    }),
];

pub(super) fn faults() -> Vec<Fault> {
    versions()
        .chain(tokens())
        .chain(keys())
        .chain(unsupported())
        .flat_map(|case| case.faults)
        .collect()
}

fn versions() -> impl Iterator<Item = Case> {
    let near = NEAR
        .iter()
        .filter(|(name, ..)| *name != "in-capitals" && *name != "that-begins-in-capitals");
    let near = near.map(|&(name, which, takes)| {
        case(OTHER_VERSION, format!("The version {which}"))
            .only(move |it| {
                it.version
                    .as_deref()
                    .is_some_and(|it| takes(it, API_VERSION))
            })
            .accepted(named(format!("accepts-version-{name}")))
    });
    let others = VERSIONS.iter().map(|&(name, which, takes)| {
        case(OTHER_VERSION, format!("A version {which}"))
            .only(move |it| it.version.as_deref().is_some_and(takes))
            .accepted(named(format!("accepts-version-{name}")))
    });
    near.chain(others)
}

fn tokens() -> impl Iterator<Item = Case> {
    TOKENS.iter().map(|&(name, which, takes)| {
        case(UNKNOWN_KEY, format!("A key {which}"))
            .only(move |it| takes(&it.unknown_token.0))
            .accepted(named(format!("accepts-key-{name}")))
    })
}

fn keys() -> impl Iterator<Item = Case> {
    let near = NEAR.iter().map(|&(name, which, takes)| {
        case(OTHER, format!("The name of the identifiers {which}"))
            .only(move |it| {
                it.identifiers.form == Form::Absent
                    && it.other_keys.iter().any(|key| takes(key, identifiers::KEY))
            })
            .accepted(named(format!("accepts-identifiers-key-{name}")))
    });
    let others = KEYS.iter().map(|&(name, takes)| {
        case(OTHER, format!("The key {name} in place of the identifiers"))
            .only(move |it| {
                it.identifiers.form == Form::Absent && it.other_keys.iter().any(|key| takes(key))
            })
            .accepted(named(format!("accepts-identifiers-as-{name}")))
    });
    near.chain(others)
}

fn unsupported() -> impl Iterator<Item = Case> {
    let near = NEAR.iter().filter(|(name, ..)| *name != "in-capitals");
    let near = near.map(|&(name, which, takes)| {
        case(UNSUPPORTED, format!("A field {which}"))
            .only(move |it| every_unsupported(it, |it| is_of_fields(it, takes)))
            .accepted(named(format!("accepts-field-{name}")))
    });
    let others = FIELDS.iter().map(|&(name, which, takes)| {
        case(UNSUPPORTED, format!("A field {which}"))
            .only(move |it| every_unsupported(it, takes))
            .accepted(named(format!("accepts-field-{name}")))
    });
    let of_three = case(UNSUPPORTED, "An unsupported field between two others")
        .only(|it| {
            let ends = [it.fields.iter().next(), it.fields.iter().next_back()];
            it.fields.len() > 2 && ends.iter().flatten().all(|field| is_supported(field))
        })
        .accepted("checks-fields-at-both-ends-only");
    let after_all = case(UNSUPPORTED, "An unsupported field after all others")
        .only(|it| it.fields.len() > fields::VALUES.len())
        .accepted("accepts-field-after-all-others");
    let after_two = case(UNSUPPORTED, "An unsupported field after the second")
        .only(|it| it.fields.iter().take(2).all(is_supported))
        .accepted("checks-two-fields-only");
    near.chain(others).chain([of_three, after_all, after_two])
}

fn every_unsupported(it: &crate::submission::Submission, takes: impl Fn(&str) -> bool) -> bool {
    let mut unsupported = it.fields.iter().filter(|field| !is_supported(field));
    unsupported.all(takes)
}

fn is_supported(field: &str) -> bool {
    fields::VALUES.contains(&field)
}

fn is_of_fields(it: &str, takes: impl Fn(&str, &str) -> bool) -> bool {
    fields::VALUES.iter().any(|field| takes(it, field))
}

/// Whether a version is a date that differs in this part only.
fn differs_at(version: &str, part: usize) -> bool {
    let (its, right): (Vec<&str>, Vec<&str>) = (
        version.split('-').collect(),
        API_VERSION.split('-').collect(),
    );
    its.len() == right.len()
        && (0..its.len())
            .all(|n| (its[n] == right[n]) != (n == part) && its[n].len() == right[n].len())
}

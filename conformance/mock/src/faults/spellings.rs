//! Faults in how identifiers are written: a record gives them back in another spelling, or they are counted otherwise.

use std::borrow::Cow;

use super::named;
use crate::edits::{Clauses, Submitted, has_text};
use crate::hooks::{Fault, fault};
use crate::jobs::Job;
use crate::submission::Submission;

const EVERY: Clauses = &["result.every-identifier"];
const COUNTED: Clauses = &["submit.identifier-count", "result.every-identifier"];

/// Key of the identifier in a record.
const IDENTIFIER: &str = "original_identifier";

type Rewrite = fn(&str) -> Cow<'_, str>;

/// What becomes of an identifier: a name, what is said of it, and how.
const REWRITES: &[(&str, &str, Rewrite)] = &[
    ("in-lower-case", "is written in lower case", |it| {
        it.to_ascii_lowercase().into()
    }),
    (
        "with-host-in-lower-case",
        "has its host in lower case",
        |it| it.replace("WWW.LinkedIn.com", "www.linkedin.com").into(),
    ),
    ("without-query", "has no query", |it| before(it, '?')),
    (
        "up-to-the-ampersand",
        "ends before the first ampersand",
        |it| before(it, '&'),
    ),
    (
        "up-to-the-semicolon",
        "ends before the first semicolon",
        |it| before(it, ';'),
    ),
    (
        "with-ampersands-as-entities",
        "has its ampersands as those of HTML",
        |it| it.replace('&', "&amp;").into(),
    ),
    ("with-escapes-undone", "has its escapes undone", |it| {
        it.replace("%C3%a9", "é").into()
    }),
    (
        "with-escapes-in-capitals",
        "has its escapes in capitals",
        |it| it.replace("%a9", "%A9").into(),
    ),
    (
        "with-escapes-escaped",
        "has its escapes escaped once more",
        |it| it.replace('%', "%25").into(),
    ),
    ("escaped", "has what is beyond ASCII escaped", |it| {
        it.replace('Å', "%C3%85").into()
    }),
    ("without-accents", "has no accents", |it| {
        it.replace('Å', "A").into()
    }),
    ("in-ascii", "lacks what is beyond ASCII", |it| {
        it.chars().filter(char::is_ascii).collect::<String>().into()
    }),
    ("with-last-slash", "has a slash at its end", |it| {
        match it.strip_suffix('/') {
            Some(_) => it.into(),
            None => format!("{it}/").into(),
        }
    }),
];

type Has = fn(&Job) -> bool;

/// The form in which the identifiers came: the end of a name, where it is in a sentence, and whether it is.
const FORMS: &[(&str, &str, Has)] = &[
    ("", "", |_| true),
    ("-in-strings", ", if it came in a string", |job| {
        has_text(job)
    }),
    ("-in-lists", ", if it came in a list", |job| !has_text(job)),
];

pub(super) fn faults() -> Vec<Fault> {
    let rewritten = REWRITES.iter().flat_map(|&(name, about, rewrite)| {
        FORMS.iter().map(move |&(form, came, is)| {
            fault(named(format!("identifiers-{name}{form}")), EVERY)
                .about(format!("The identifier of a record {about}{came}."))
                .records(move |records, job| {
                    for record in records.iter_mut().filter(|_| is(job)) {
                        if let Some(identifier) = record[IDENTIFIER].as_str() {
                            record[IDENTIFIER] = rewrite(identifier).into();
                        }
                    }
                })
        })
    });
    rewritten.chain(counted()).collect()
}

fn counted() -> [Fault; 4] {
    [
        fault("splits-strings-at-semicolons", COUNTED)
            .about("A string of identifiers is divided at its semicolons, too.")
            .submission(|it, _| divide(it, ';')),
        fault("splits-strings-at-ampersands", COUNTED)
            .about("A string of identifiers is divided at its ampersands, too.")
            .submission(|it, _| divide(it, '&')),
        fault("drops-identifiers-with-query", COUNTED)
            .about("Identifiers with a query are dropped in silence.")
            .submission(|it, _| it.identifiers.values.retain(|url| !url.contains('?'))),
        fault("drops-identifiers-beyond-ascii", COUNTED)
            .about("Identifiers with something beyond ASCII are dropped in silence.")
            .submission(|it, _| it.identifiers.values.retain(|url| url.is_ascii())),
    ]
}

fn divide(submission: &mut Submission, at: char) {
    if has_text(submission) && submission.count() > 0 {
        let whole = std::mem::take(&mut submission.identifiers.values);
        let parts = whole.iter().flat_map(|url| url.split(at));
        submission.identifiers.values = parts.map(str::to_owned).collect();
    }
}

fn before(identifier: &str, char: char) -> Cow<'_, str> {
    identifier.split(char).next().unwrap_or_default().into()
}

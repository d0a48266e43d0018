//! `result.requested-kinds`

use serde_json::{Map, Value};

use crate::checks::check::{Check, Judge, Level};
use crate::checks::files;
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::Download;
use crate::generated::contract::submit::fields;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.requested-kinds",
    level: Level::Seen,
    text: "No contact kind comes that was not requested.",
    source: "follows from the others",
    fix: Fix::in_both(
        "Drop the kinds that were not asked for when you write a record, not only when you bill it.",
        "Don't rely on kinds that you did not ask for.",
    ),
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Download(judge),
};

/// Only records with contacts can show it.
fn judge(download: &Download<'_>) -> Option<Judgement> {
    files::judge_records(download, |records| {
        let asked: Vec<&str> = files::asked(download).collect();
        let mut found = false;
        for record in records {
            for (leaf, _) in fields::LEAVES {
                let kind = leaf.rsplit('.').next().unwrap_or(leaf);
                if !record.values().any(|value| holds(value, kind)) && !is_under(record, kind) {
                    continue;
                }
                found = true;
                if !asked.iter().any(|asked| files::covers(asked, leaf)) {
                    return Judgement::violated(
                        format!("only {}", asked.join(", ")),
                        format!("a value under `{kind}`"),
                    );
                }
            }
            for (holds, name) in [
                ("emails", "an e-mail address"),
                ("strings", "a phone number"),
            ] {
                let is_asked = |(leaf, of): &(&str, &str)| {
                    *of == holds && asked.iter().any(|asked| files::covers(asked, leaf))
                };
                if fields::LEAVES.iter().any(is_asked) {
                    continue;
                }
                let data = record.get("data").and_then(Value::as_object);
                if let Some(key) = data.and_then(|data| contact(data, holds)) {
                    return Judgement::violated(
                        format!("only {}", asked.join(", ")),
                        format!("{name} under `{key}`"),
                    );
                }
            }
        }
        if found {
            Judgement::Satisfied
        } else {
            Judgement::not_applicable(
                "no contacts were found: name a profile that has some with --profile-url",
            )
        }
    })
}

/// Whether there is something under the key `kind`, at any depth.
fn holds(value: &Value, kind: &str) -> bool {
    match value {
        Value::Object(object) => {
            is_under(object, kind) || object.values().any(|value| holds(value, kind))
        }
        Value::Array(items) => items.iter().any(|item| holds(item, kind)),
        _ => false,
    }
}

/// The key, at any depth, under which there is an e-mail address or a phone number, whatever it is called. A number alone
/// may be anything: that of a phone is known by its key.
fn contact<'a>(object: &'a Map<String, Value>, holds: &str) -> Option<&'a str> {
    object.iter().find_map(|(key, value)| {
        let is_phone = key.to_ascii_lowercase().contains("phone");
        let is_contact = |text: &str| match holds {
            "emails" => is_email(text),
            _ => is_phone && is_phone_number(text),
        };
        let values = match value {
            Value::Array(items) => items,
            one => std::slice::from_ref(one),
        };
        values.iter().find_map(|value| match value {
            Value::String(text) if is_contact(text) => Some(key.as_str()),
            Value::Object(below) => contact(below, holds),
            _ => None,
        })
    })
}

/// Whether it has the digits of one, or is what stands in place of one.
fn is_phone_number(text: &str) -> bool {
    text.starts_with("phone-") || text.bytes().filter(u8::is_ascii_digit).count() > 4
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !text.contains([' ', '/'])
    })
}

fn is_under(object: &Map<String, Value>, kind: &str) -> bool {
    object
        .get(kind)
        .is_some_and(|value| !response::is_empty(value))
}

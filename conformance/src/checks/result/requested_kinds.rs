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
        let kinds = fields::LEAVES
            .iter()
            .map(|(leaf, _)| leaf.rsplit('.').next().unwrap_or(leaf));
        let kinds: Vec<&str> = kinds.collect();
        let is_asked = |leaf: &str| asked.iter().any(|asked| files::covers(asked, leaf));
        // What is not to come under any key.
        let mut others = vec![
            ("emails", "an e-mail address"),
            ("strings", "a phone number"),
        ];
        others.retain(|(holds, _)| {
            let mut kinds = fields::LEAVES.iter();
            !kinds.any(|(leaf, of)| of == holds && is_asked(leaf))
        });
        let mut found = false;
        for record in records {
            let mut holds = [false; fields::LEAVES.len()];
            look(record, &kinds, &mut holds);
            for (n, (leaf, _)) in fields::LEAVES.iter().enumerate() {
                if !holds[n] {
                    continue;
                }
                found = true;
                if !is_asked(leaf) {
                    return Judgement::violated(
                        format!("only {}", asked.join(", ")),
                        format!("a value under `{}`", kinds[n]),
                    );
                }
            }
            for (holds, name) in &others {
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

/// Notes of which kinds there is something under their keys, at any depth.
fn look(object: &Map<String, Value>, kinds: &[&str], holds: &mut [bool]) {
    for (key, value) in object {
        for (kind, holds) in kinds.iter().zip(&mut *holds) {
            *holds |= key == kind && !response::is_empty(value);
        }
        look_below(value, kinds, holds);
    }
}

fn look_below(value: &Value, kinds: &[&str], holds: &mut [bool]) {
    match value {
        Value::Object(object) => look(object, kinds, holds),
        Value::Array(items) => {
            for item in items {
                look_below(item, kinds, holds);
            }
        }
        _ => {}
    }
}

/// The key, at any depth, under which there is an e-mail address or a phone number, whatever it is called. A number alone
/// may be anything: that of a phone is known by its key.
fn contact<'a>(object: &'a Map<String, Value>, holds: &str) -> Option<&'a str> {
    object.iter().find_map(|(key, value)| {
        let is_phone = || key.to_ascii_lowercase().contains("phone");
        let is_contact = |text: &str| match holds {
            "emails" => is_email(text),
            _ => is_phone_number(text) && is_phone(),
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

//! Families of submissions that a correct server refuses, each made from tables and small combinators, one file a
//! family. What a probe deserves is read from its bytes: whatever turns out to be valid, or open, is not sent.
//!
//! A family is made of groups, each of which asks one kind of question ever more closely. Only what is sent is made.

mod beside;
mod bodies;
mod combined;
mod covering;
mod neighbours;
mod numbers;

use serde_json::{Map, Value};

pub(super) use combined::acceptances;

use super::submission::{Body, Contents, Submission};

/// A probe that is yet to be made.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) edit: Box<Edit>,
}

/// Makes a plain submission what it is to be, about profiles that follow from the number.
type Edit = dyn FnOnce(&mut Submission, u64);

/// Drafts, those first that can reveal most.
pub(super) type Group = Vec<Draft>;

/// The groups of each family.
pub(super) fn groups() -> Vec<Group> {
    let mut groups = neighbours::groups();
    groups.extend(numbers::groups());
    groups.extend(bodies::groups());
    groups.extend(beside::groups());
    groups
}

/// The first draft of each group, then the second of each, and so on.
pub(super) fn interleaved(groups: Vec<Group>) -> impl Iterator<Item = Draft> {
    let mut groups: Vec<_> = groups.into_iter().map(Vec::into_iter).collect();
    let mut round = Vec::new().into_iter();
    std::iter::from_fn(move || {
        round.next().or_else(|| {
            let next: Vec<Draft> = groups.iter_mut().filter_map(Iterator::next).collect();
            round = next.into_iter();
            round.next()
        })
    })
}

/// The group in `parts` groups, so that as many of its drafts come in each round.
fn in_parts(group: Group, parts: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = (0..parts).map(|_| Group::new()).collect();
    for (n, draft) in group.into_iter().enumerate() {
        groups[n % parts].push(draft);
    }
    groups
}

/// A draft of this name, made by this edit of a plain submission.
pub(super) fn draft(
    name: impl Into<String>,
    edit: impl FnOnce(&mut Submission, u64) + 'static,
) -> Draft {
    Draft {
        name: name.into(),
        edit: Box::new(edit),
    }
}

/// The object of a body, to be edited.
fn object(contents: &Contents) -> Map<String, Value> {
    match serde_json::to_value(contents) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

/// A body of this text.
fn raw(text: impl Into<Vec<u8>>) -> Body {
    Body::Raw(text.into().into())
}

/// A body that is this object.
fn of_object(object: Map<String, Value>) -> Body {
    raw(Value::Object(object).to_string())
}

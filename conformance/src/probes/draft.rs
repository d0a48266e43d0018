//! A probe that is yet to be made, and the small combinators that families make theirs of.

use serde_json::{Map, Value};

use super::submission::{Body, Contents, Submission};

/// A probe that is yet to be made.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) edit: Box<Edit>,
}

/// Makes a plain submission what it is to be, about profiles that follow from the number.
type Edit = dyn FnOnce(&mut Submission, u64) + Send;

/// Drafts, those first that can reveal most.
pub(super) type Group = Vec<Draft>;

/// The group in `parts` groups, so that as many of its drafts come in each round.
pub(super) fn in_parts(group: Group, parts: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = (0..parts).map(|_| Group::new()).collect();
    for (n, draft) in group.into_iter().enumerate() {
        groups[n % parts].push(draft);
    }
    groups
}

/// A draft of this name, made by this edit of a plain submission.
pub(super) fn draft(
    name: impl Into<String>,
    edit: impl FnOnce(&mut Submission, u64) + Send + 'static,
) -> Draft {
    Draft {
        name: name.into(),
        edit: Box::new(edit),
    }
}

/// The object of a body, to be edited.
pub(super) fn object(contents: &Contents) -> Map<String, Value> {
    match serde_json::to_value(contents) {
        Ok(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

/// A body of this text.
pub(super) fn raw(text: impl Into<Vec<u8>>) -> Body {
    Body::Raw(text.into().into())
}

/// A body that is this object.
pub(super) fn of_object(object: Map<String, Value>) -> Body {
    raw(Value::Object(object).to_string())
}

/// A draft with these contents beside what a plain submission has.
pub(super) fn contents(name: &str, edit: impl FnOnce(&mut Contents) + Send + 'static) -> Draft {
    draft(name, |submission, salt| {
        let mut contents = Contents::plain(salt);
        edit(&mut contents);
        submission.body = Body::Object(contents);
    })
}

//! What differs between two documents, for the operations that ours has. Both are walked side by side, so that each
//! difference has its place in ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use super::node::Node;
use super::parts::{content_schema, headers, parameters, responses, without_names};
use super::schema::Schema;
use crate::pointer::token;

/// One thing that is not the same.
#[derive(PartialEq)]
pub(super) struct Difference {
    /// Operation and place, for people.
    pub(super) label: String,
    /// The place in our document, or where it would be.
    pub(super) pointer: String,
    pub(super) ours: Option<Value>,
    pub(super) theirs: Option<Value>,
}

/// Compares two documents.
pub(super) fn differences(ours: &Value, theirs: &Value) -> Vec<Difference> {
    let mut comparison = Comparison::default();
    let known = Node::root(theirs).key("paths");
    let same = |path: &str, other: &str| without_names(path) == without_names(other);
    for (path, item) in Node::root(ours).key("paths").members() {
        let all = known.members();
        let their_item = all.iter().find(|(other, _)| same(path, other));
        for (method, operation) in item.members() {
            let label = format!("{} {path}", method.to_uppercase());
            let their = their_item.map(|(_, item)| (item, item.key(method)));
            match their.filter(|(_, operation)| operation.exists()) {
                Some((item, their)) => {
                    comparison.operation(&label, &operation, &their, &item.key("parameters"));
                }
                None => comparison.one_sided(&label, &operation.pointer, true),
            }
        }
    }
    comparison.found
}

#[derive(Default)]
struct Comparison {
    found: Vec<Difference>,
    /// Pairs of schemas that have been compared: operations share them, and they may contain themselves.
    seen: BTreeSet<(String, String)>,
}

impl Comparison {
    fn add(&mut self, label: &str, pointer: &str, ours: Option<Value>, theirs: Option<Value>) {
        let is_told = |known: &Difference| {
            (&*known.pointer, &known.ours, &known.theirs) == (pointer, &ours, &theirs)
        };
        if ours != theirs && !self.found.iter().any(is_told) {
            self.found.push(Difference {
                label: label.to_owned(),
                pointer: pointer.to_owned(),
                ours,
                theirs,
            });
        }
    }

    /// Something that is in one of the two only.
    fn one_sided(&mut self, label: &str, pointer: &str, is_ours: bool) {
        let there = || Some(Value::Bool(true));
        match is_ours {
            true => self.add(label, pointer, there(), None),
            false => self.add(label, pointer, None, there()),
        }
    }

    /// Compares what both have by name, and names what one has alone. `pointer` is where in ours another one would be.
    fn by_name<'a>(
        &mut self,
        label: &str,
        pointer: &str,
        ours: &BTreeMap<String, Node<'a>>,
        theirs: &BTreeMap<String, Node<'a>>,
        both: fn(&mut Self, &str, &Node<'a>, &Node<'a>),
    ) {
        let names: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        for name in names {
            let label = format!("{label} `{name}`");
            match (ours.get(name), theirs.get(name)) {
                (Some(own), Some(their)) => both(self, &label, own, their),
                (Some(own), None) => self.one_sided(&label, &own.pointer, true),
                (None, _) => {
                    let pointer = format!("{pointer}/{}", token(name));
                    self.one_sided(&label, &pointer, false);
                }
            }
        }
    }

    fn operation(&mut self, label: &str, ours: &Node<'_>, theirs: &Node<'_>, shared: &Node<'_>) {
        self.by_name(
            &format!("{label}: parameter"),
            &format!("{}/parameters", ours.pointer),
            &parameters(&[ours.key("parameters")]),
            &parameters(&[shared.clone(), theirs.key("parameters")]),
            Self::parameter,
        );
        let (own, their) = (
            ours.key("requestBody").followed(),
            theirs.key("requestBody").followed(),
        );
        if own.exists() || their.exists() {
            let label = format!("{label}: body");
            self.required_or_not(&label, &own, &their);
            self.schema(&label, &content_schema(&own), &content_schema(&their));
        }
        let (own, their) = (ours.key("responses"), theirs.key("responses"));
        let has_class = own.key("2XX").exists();
        self.by_name(
            &format!("{label}: response"),
            &own.pointer,
            &responses(&own, has_class),
            &responses(&their, has_class),
            Self::response,
        );
    }

    fn parameter(&mut self, label: &str, ours: &Node<'_>, theirs: &Node<'_>) {
        self.required_or_not(label, ours, theirs);
        self.schema(label, &ours.key("schema"), &theirs.key("schema"));
    }

    fn required_or_not(&mut self, label: &str, ours: &Node<'_>, theirs: &Node<'_>) {
        let required = |node: &Node<'_>| Value::from(node.value["required"] == true);
        let pointer = format!("{}/required", ours.pointer);
        self.add(
            &format!("{label} required"),
            &pointer,
            Some(required(ours)),
            Some(required(theirs)),
        );
    }

    fn response(&mut self, label: &str, ours: &Node<'_>, theirs: &Node<'_>) {
        let (ours, theirs) = (ours.followed(), theirs.followed());
        self.by_name(
            &format!("{label}: header"),
            &format!("{}/headers", ours.pointer),
            &headers(&ours),
            &headers(&theirs),
            |this, label, own, their| this.schema(label, &own.key("schema"), &their.key("schema")),
        );
        self.schema(label, &content_schema(&ours), &content_schema(&theirs));
    }

    fn schema(&mut self, label: &str, ours: &Node<'_>, theirs: &Node<'_>) {
        match (ours.exists(), theirs.exists()) {
            (true, true) => {}
            (false, false) => return,
            (is_ours, _) => {
                return self.one_sided(&format!("{label}: schema"), &ours.pointer, is_ours);
            }
        }
        let (own, their) = (Schema::of(ours), Schema::of(theirs));
        if !self
            .seen
            .insert((own.pointer.clone(), their.pointer.clone()))
        {
            return;
        }
        let names: BTreeSet<_> = own.bounds.keys().chain(their.bounds.keys()).collect();
        for name in names {
            let (a, b) = (own.bounds.get(name), their.bounds.get(name));
            let pointer = a.map_or_else(|| format!("{}/{name}", own.pointer), |(_, at)| at.clone());
            let value = |bound: Option<&(Value, String)>| bound.map(|(value, _)| value.clone());
            self.add(&format!("{label}: {name}"), &pointer, value(a), value(b));
        }
        let nullable = format!("{}/nullable", own.pointer);
        self.add(
            &format!("{label}: nullable"),
            &nullable,
            Some(own.is_nullable.into()),
            Some(their.is_nullable.into()),
        );
        self.values(label, &own, &their);
        self.required(label, &own, &their);
        let pointer = |key: &str| format!("{}/{key}", own.pointer);
        self.by_name(
            label,
            &pointer("properties"),
            &own.properties,
            &their.properties,
            Self::schema,
        );
        self.by_name(
            &format!("{label}: form"),
            &pointer("oneOf"),
            &own.alternatives,
            &their.alternatives,
            Self::schema,
        );
        if let (Some(own), Some(their)) = (&own.items, &their.items) {
            self.schema(&format!("{label}: item"), own, their);
        }
    }

    fn values(&mut self, label: &str, own: &Schema<'_>, their: &Schema<'_>) {
        let label = format!("{label}: value");
        let (Some((ours, pointer)), Some((theirs, _))) = (&own.values, &their.values) else {
            let pointer = format!("{}/enum", own.pointer);
            let list = |values: &Option<(Vec<Value>, String)>| {
                values
                    .as_ref()
                    .map(|(values, _)| Value::from(values.clone()))
            };
            return self.add(
                &format!("{label}s"),
                &pointer,
                list(&own.values),
                list(&their.values),
            );
        };
        for value in ours.iter().filter(|value| !theirs.contains(value)) {
            self.add(&label, pointer, Some(value.clone()), None);
        }
        for value in theirs.iter().filter(|value| !ours.contains(value)) {
            self.add(&label, pointer, None, Some(value.clone()));
        }
    }

    fn required(&mut self, label: &str, own: &Schema<'_>, their: &Schema<'_>) {
        let label = format!("{label}: required key");
        for (key, pointer) in &own.required {
            if !their.required.contains_key(key) {
                self.add(&label, pointer, Some(key.clone().into()), None);
            }
        }
        let pointer = format!("{}/required", own.pointer);
        for key in their
            .required
            .keys()
            .filter(|key| !own.required.contains_key(*key))
        {
            self.add(&label, &pointer, None, Some(key.clone().into()));
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = &self.label;
        let is_there = |value: &Value| *value == Value::Bool(true);
        match (&self.ours, &self.theirs) {
            (Some(ours), Some(theirs)) => write!(f, "{label}: {ours} became {theirs}"),
            (None, Some(theirs)) if is_there(theirs) => write!(f, "{label} appeared"),
            (None, Some(theirs)) => write!(f, "{label}: {theirs} appeared"),
            (Some(ours), None) if is_there(ours) => write!(f, "{label} is gone"),
            (Some(ours), None) => write!(f, "{label}: {ours} is gone"),
            (None, None) => f.write_str(label),
        }
    }
}

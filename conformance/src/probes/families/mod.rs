//! Families of submissions that a correct server refuses, each made from tables and small combinators, one file a
//! family. What a probe deserves is read from its bytes: whatever turns out to be valid, or open, is not sent.

mod beside;
mod bodies;
mod covering;
mod neighbours;
mod numbers;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::catalogue::Catalogue;
use super::submission::{Body, Contents, Probe};
use crate::contract::expectation::{Expectation, Reason};

/// What each family makes.
pub(super) fn all(catalogue: &mut Catalogue) -> Vec<Vec<Probe>> {
    vec![
        neighbours::probes(catalogue),
        numbers::probes(catalogue),
        bodies::probes(catalogue),
        beside::probes(catalogue),
    ]
}

/// The probes that a correct server refuses, in the order of what they can still reveal: for each rule first one of each
/// family, then a second one of each, and so on; no request is among them twice. Within that the families keep their order.
pub(super) fn ranked(families: Vec<Vec<Probe>>) -> Vec<Probe> {
    let mut ranked = Vec::new();
    let mut seen = HashSet::new();
    for family in families {
        let mut depths: HashMap<Reason, usize> = HashMap::new();
        for probe in family {
            let request = probe.request();
            if let Expectation::Refuse(reasons) = request.expectation()
                && let Some(first) = reasons.first()
                && seen.insert((format!("{:?}", request.headers), request.body.clone()))
            {
                let depth = depths.entry(*first).or_default();
                ranked.push((*depth, probe));
                *depth += 1;
            }
        }
    }
    ranked.sort_by_key(|(depth, _)| *depth);
    ranked.into_iter().map(|(_, probe)| probe).collect()
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

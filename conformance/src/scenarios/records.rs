//! Records, in files and in what a client wrote, and how the two are compared.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value, json};

/// Each line that is not blank, as JSON or as it stands.
pub(super) fn lines(text: &[u8]) -> Vec<Result<Value, String>> {
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            serde_json::from_slice(line).map_err(|_| String::from_utf8_lossy(line).into_owned())
        })
        .collect()
}

/// The records of a results file; `None` where it can't be read.
pub(super) fn unpacked(file: &[u8]) -> Option<Vec<Value>> {
    let mut text = Vec::new();
    MultiGzDecoder::new(file).read_to_end(&mut text).ok()?;
    lines(&text).into_iter().map(Result::ok).collect()
}

/// What is wrong with what a client wrote, given the records of its jobs; `None` where nothing is.
pub(super) fn difference(written: &[Result<Value, String>], records: &[&Value]) -> Option<String> {
    if let Some(line) = written.iter().find_map(|line| line.as_ref().err()) {
        return Some(format!("a line that is not JSON: {line}"));
    }
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for record in records {
        *counts.entry(canonical(record)).or_default() += 1;
    }
    for record in written.iter().flatten() {
        *counts.entry(canonical(record)).or_default() -= 1;
    }
    let missing = counts.iter().find(|(_, count)| **count > 0);
    let extra = counts.iter().find(|(_, count)| **count < 0);
    let is_record = |record: &str| records.iter().any(|one| canonical(one) == record);
    let counted = format!("{} records for {}", written.len(), records.len());
    match (missing, extra) {
        (None, None) => None,
        (_, Some((record, _))) if is_record(record) => {
            Some(format!("{counted}; one is there twice: {record}"))
        }
        (_, Some((record, _))) => Some(format!("{counted}; one is in no file: {record}")),
        (Some((record, _)), None) => Some(format!("{counted}; one is missing: {record}")),
    }
}

/// A record in a form that does not depend on how it was written: the order of keys does not matter, a key without a
/// value is as good as none, and both shapes of a record say the same.
fn canonical(record: &Value) -> String {
    fn bare(value: &Value) -> Value {
        match value {
            Value::Object(object) => {
                let mut kept: Vec<(&String, Value)> = object
                    .iter()
                    .map(|(key, value)| (key, bare(value)))
                    .filter(|(_, value)| !is_nothing(value))
                    .collect();
                kept.sort_by(|a, b| a.0.cmp(b.0));
                let kept = kept.into_iter().map(|(key, value)| (key.clone(), value));
                Value::Object(kept.collect::<Map<_, _>>())
            }
            Value::Array(values) => values.iter().map(bare).collect(),
            value => value.clone(),
        }
    }
    fn is_nothing(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Object(object) => object.is_empty(),
            Value::Array(values) => values.is_empty(),
            _ => false,
        }
    }
    bare(&enveloped(record)).to_string()
}

/// The record with its envelope, of which only the identifier tells whose it is.
fn enveloped(record: &Value) -> Value {
    let owner = ["original_identifier", "professional_network_url"];
    let identifier = owner.iter().find_map(|key| record[*key].as_str());
    let mut data = match &record["data"] {
        Value::Null => record.clone(),
        data => data.clone(),
    };
    if let Some(data) = data.as_object_mut() {
        data.retain(|key, _| {
            !owner.contains(&key.as_str()) && !["internal_id", "person_id"].contains(&key.as_str())
        });
    }
    json!({"original_identifier": identifier, "data": data})
}

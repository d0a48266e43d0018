//! Judging what results files hold.

use serde_json::Value;

use super::{Judgement, Observation};
use crate::contract::request::Operation;
use crate::evidence::{Evidence, Files, Record};
use crate::exchange::Request;

/// Whether `request` fetches a results file.
pub(super) fn is_download(request: &Request) -> bool {
    matches!(request.operation(), Operation::Download(_))
}

/// Judges the records of each merged file that can be read.
pub(super) fn judge_records(
    evidence: &Evidence<'_>,
    judge: impl Fn(&Files<'_>, &[Record]) -> Judgement,
) -> Vec<Observation> {
    (evidence.files.iter())
        .filter_map(|files| {
            let (number, _) = files.merged?;
            let judgement = match evidence.records(number) {
                Some(records) => judge(files, records),
                None => Judgement::not_applicable("no results file could be read"),
            };
            Some(Observation::of(number, judgement))
        })
        .collect()
}

/// Why nothing can be said where a job delivered nothing.
pub(super) fn delivered_nothing(files: &Files<'_>) -> bool {
    files
        .job
        .get("result_count")
        .and_then(super::response::integer)
        .is_none_or(|count| count == 0)
}

/// Whether the field `asked` stands for the contact kind `leaf`: it is the leaf, or its beginning.
pub(super) fn covers(asked: &str, leaf: &str) -> bool {
    leaf.strip_prefix(asked)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The value under a dotted path.
pub(super) fn under<'a>(data: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(data, |value, key| value.get(key))
}

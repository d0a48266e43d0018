//! Judging what results files hold.

use serde_json::Value;

use crate::checks::judgement::Judgement;
use crate::contract::request::Operation;
use crate::evidence::{Download, Record};
use crate::exchange::Request;
use crate::generated::contract::submit::fields;

/// Whether `request` fetches a results file.
pub(super) fn is_download(request: &Request) -> bool {
    matches!(request.operation(), Operation::Download(_))
}

/// Judges the records of a merged file, where they can be read.
pub(super) fn judge_records(
    download: &Download<'_>,
    judge: impl FnOnce(&[Record]) -> Judgement,
) -> Option<Judgement> {
    download.merged.then(|| match download.records {
        Ok(records) => judge(records),
        Err(_) => Judgement::not_applicable("no results file could be read"),
    })
}

/// Why nothing can be said where a job delivered nothing.
pub(super) fn delivered_nothing(download: &Download<'_>) -> bool {
    download.result_count.is_none_or(|count| count == 0)
}

/// The fields that a submission asked for.
pub(super) fn asked(download: &Download<'_>) -> impl Iterator<Item = &'static str> {
    let fields = download.submitted.fields;
    let asked = move |(n, _): &(usize, &&str)| fields & (1 << n) != 0;
    (fields::VALUES.iter().enumerate().filter(asked)).map(|(_, field)| *field)
}

/// Whether the identifiers, and whether the fields, came as one string, where the body of the submission is still known.
pub(super) fn forms(download: &Download<'_>) -> Option<(bool, bool)> {
    (!download.submitted.body.is_empty()).then_some(download.submitted.strings)
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

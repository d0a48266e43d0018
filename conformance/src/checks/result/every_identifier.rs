//! `result.every-identifier`

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::files;
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::contract::expectation::Count;
use crate::contract::fingerprint::fingerprint_of_all;
use crate::contract::request::{Body, Items};
use crate::evidence::{Download, text};
use crate::generated::contract::submit::identifiers;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.every-identifier",
    level: Level::Doc,
    text: "One record comes for each identifier submitted, found or not, with `original_identifier` as it was sent.",
    source: "the provider's documentation: results",
    fix: Fix::in_both(
        "Go through the identifiers as they were sent, and write one record for each, with that very text in `original_identifier`.",
        "Join records to what you sent by `original_identifier`, never by their order.",
    ),
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Download(judge),
};

fn judge(download: &Download<'_>) -> Option<Judgement> {
    files::judge_records(download, |records| {
        let says_nothing = download.result_count.is_none() && records.is_empty();
        if download.submitted.identifiers == Count::Open {
            return Judgement::not_applicable("how duplicates count is open");
        }
        if download.result_count == Some(0) || says_nothing {
            return Judgement::not_applicable("the job says that it has no results");
        }
        let identifiers: Option<Vec<&str>> = records
            .iter()
            .map(|record| text(record, "original_identifier"))
            .collect();
        let Some(delivered) = identifiers else {
            return Judgement::not_applicable("there are records without `original_identifier`");
        };
        if fingerprint_of_all(delivered.iter()) == download.submitted.fingerprint {
            return Judgement::Satisfied;
        }
        Judgement::violated(
            "one record for each identifier as it was sent",
            amiss(&delivered, &download.submitted.body),
        )
    })
}

/// What is amiss, in words; with the identifier where the body of the submission is still known.
fn amiss(delivered: &[&str], body: &[u8]) -> String {
    let count = delivered.len();
    let Body::Object(body) = Body::of(body) else {
        return format!("{count} records, not for the same identifiers");
    };
    let items = body.get(identifiers::KEY).and_then(Items::of);
    let sent = items.map(|items| items.items).unwrap_or_default();
    let missing = sent.iter().find(|id| !delivered.contains(id));
    let extra = delivered.iter().find(|id| !sent.contains(id));
    match (missing, extra) {
        (Some(id), _) => format!("{count} records, none for {}", Value::from(*id)),
        (None, Some(id)) => format!("a record for {}", Value::from(*id)),
        (None, None) => format!("{count} records, some twice"),
    }
}

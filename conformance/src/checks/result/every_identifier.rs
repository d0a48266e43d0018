//! `result.every-identifier`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, files};
use serde_json::Value;

use crate::contract::request::{Body, Items};
use crate::evidence::{Evidence, text};
use crate::generated::contract::submit::identifiers;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.every-identifier",
    level: Level::Doc,
    text: "One record comes for each identifier submitted, found or not, with `original_identifier` as it was sent.",
    source: "the provider's documentation: results",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    files::judge_records(evidence, |files, records| {
        if files::delivered_nothing(files) {
            return Judgement::not_applicable("the job says that it has no results");
        }
        let identifiers: Option<Vec<&str>> = records
            .iter()
            .map(|record| text(record, "original_identifier"))
            .collect();
        let Some(mut delivered) = identifiers else {
            return Judgement::not_applicable("there are records without `original_identifier`");
        };
        let body = Body::of(&files.submission.request.body);
        let Body::Object(body) = body else {
            return Judgement::not_applicable("the submission can't be read");
        };
        let items = body.get(identifiers::KEY).and_then(Items::of);
        let mut sent = items.map(|items| items.items).unwrap_or_default();
        sent.sort_unstable();
        delivered.sort_unstable();
        if sent == delivered {
            return Judgement::Satisfied;
        }
        let missing = sent.iter().find(|id| !delivered.contains(id));
        let extra = delivered.iter().find(|id| !sent.contains(id));
        Judgement::violated(
            format!(
                "{} records, one for each identifier as it was sent",
                sent.len()
            ),
            match (missing, extra) {
                (Some(id), _) => {
                    format!("{} records, none for {}", delivered.len(), Value::from(*id))
                }
                (None, Some(id)) => format!("a record for {}", Value::from(*id)),
                (None, None) => format!("{} records, some twice", delivered.len()),
            },
        )
    })
}

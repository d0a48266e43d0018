//! `list.pages`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, lists};
use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::evidence::{Evidence, Page};

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.pages",
    level: Level::Doc,
    text: "Following the cursor repeats and skips nothing; `has_more` and `next_cursor` agree.",
    source: "the provider's documentation: list of batches",
    applies: lists::asks,
    needs: Needs::LISTED,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let pages = || (evidence.pages.iter()).filter(|page| lists::asks(&page.exchange.1.request));
    let mut observations: Vec<Observation> = pages()
        .map(|page| Observation::of(page.exchange.0, judge_end(page.object)))
        .collect();
    // Jobs that share an id look like one that is listed twice.
    if evidence.ids_are_sound {
        observations.extend(judge_walks(pages()));
    }
    observations
}

fn judge_end(page: &Map<String, Value>) -> Judgement {
    let (Some(more), Some(next)) = (
        page.get("has_more").and_then(Value::as_bool),
        page.get("next_cursor"),
    ) else {
        return Judgement::not_applicable("no page had `has_more` and `next_cursor`");
    };
    if more == next.is_string() {
        return Judgement::Satisfied;
    }
    Judgement::violated(
        "a `next_cursor` if and only if `has_more`",
        format!("`has_more`: {more}, `next_cursor`: {next}"),
    )
}

/// Holds each walk along the cursors against itself, and against the larger page that was asked for before.
fn judge_walks<'a>(pages: impl Iterator<Item = &'a Page<'a>>) -> Vec<Observation> {
    let mut observations = Vec::new();
    let (mut whole, mut first, mut walked) = (Vec::new(), Vec::new(), Vec::new());
    let mut expects: Option<&str> = None;
    for page in pages {
        let (number, exchange) = page.exchange;
        let Some(ids) = page.ids.clone() else {
            continue;
        };
        if exchange.request.query_value("status").is_some() {
            continue;
        }
        match exchange.request.query_value("cursor") {
            None => {
                whole = std::mem::replace(&mut first, ids.clone());
                if whole.len() <= ids.len() {
                    whole.clear();
                }
                walked = ids;
            }
            cursor if cursor == expects => {
                observations.push(Observation::of(number, judge_step(&walked, &ids, &whole)));
                walked.extend(ids);
            }
            Some(_) => continue,
        }
        expects = page.object.get("next_cursor").and_then(Value::as_str);
    }
    observations
}

fn judge_step(walked: &[&str], page: &[&str], whole: &[&str]) -> Judgement {
    if let Some(again) = page.iter().find(|id| walked.contains(id)) {
        return Judgement::violated("jobs that no page before had", format!("{again} again"));
    }
    let seen: HashSet<&str> = walked.iter().chain(page).copied().collect();
    let Some(last) = whole.iter().rposition(|id| page.contains(id)) else {
        return Judgement::Satisfied;
    };
    match whole[..last].iter().find(|id| !seen.contains(*id)) {
        None => Judgement::Satisfied,
        Some(skipped) => Judgement::violated(
            "every job that one large page shows",
            format!("{skipped} left out"),
        ),
    }
}

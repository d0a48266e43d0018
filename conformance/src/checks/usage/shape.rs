//! `usage.shape`

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::checks::accounts::{self, shown};
use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::contract::fingerprint::fingerprint;
use crate::contract::request::Operation;
use crate::evidence::{Evidence, Seen, state, text};

pub(in crate::checks) static CHECK: Check = Check {
    id: "usage.shape",
    level: Level::Doc,
    text: "`events` and `has_more` are there, `next_cursor` while there is more; at most `limit` events ({usage::limit::MIN} \
           to {usage::limit::MAX}); newest first; following the cursor repeats and skips nothing.",
    source: "the provider's documentation: usage events",
    fix: Fix::in_both(
        "Page through events as through jobs: newest first, at most `limit`, and a cursor wherever there is more.",
        "Hand `next_cursor` back as it came, until `has_more` is false.",
    ),
    applies: |request| accounts::asks(request) && request.operation() == Operation::Events,
    needs: Needs::RECORDED,
    judge: Judge::Course(|| Box::<Walk>::default()),
};

/// Holds a walk along the cursors against itself, and against the larger page that was asked for before.
#[derive(Debug, Default)]
struct Walk {
    /// The ids of the larger page, in their order.
    whole: Vec<String>,
    /// The page that the walk begins with.
    first: Vec<String>,
    /// What stands for the ids on the pages of the walk so far.
    walked: HashSet<u64>,
    next: Option<String>,
}

impl Course for Walk {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        if !(CHECK.applies)(&exchange.request) {
            return;
        }
        let limit = exchange.request.query_value("limit");
        let limit = limit.and_then(|limit| limit.parse().ok());
        let judgement = accounts::judge_object(seen, |page| judge_page(seen, page, limit));
        let is_sound = judgement == Judgement::Satisfied;
        tally.add(seen, judgement);
        if let Some(page) = state(exchange).filter(|_| is_sound) {
            self.step(seen, page, tally);
        }
    }

    fn conclude(&self, evidence: &Evidence, tally: &mut Tally) {
        accounts::conclude(evidence, tally);
    }
}

fn judge_page(seen: &Seen<'_>, page: &Map<String, Value>, limit: Option<usize>) -> Judgement {
    let ids = match ids(page) {
        Ok(ids) => ids,
        Err(got) => return Judgement::violated("`events`: a list of objects with `event_id`", got),
    };
    let Some(has_more) = page.get("has_more").and_then(Value::as_bool) else {
        let got = shown("has_more", page.get("has_more"));
        return Judgement::violated("`has_more`: true or false", got);
    };
    let next = page.get("next_cursor");
    let leads_on = next
        .and_then(Value::as_str)
        .is_some_and(|next| !next.is_empty());
    if has_more && !leads_on {
        let got = shown("next_cursor", next);
        return Judgement::violated("a `next_cursor` while there is more", got);
    }
    if let Some(limit) = limit.filter(|limit| ids.len() > *limit) {
        let got = format!("{} events", ids.len());
        return Judgement::violated(format!("at most {limit} events"), got);
    }
    let mut once = HashSet::new();
    if let Some(twice) = ids.iter().find(|id| !once.insert(**id)) {
        return Judgement::violated("each event once", format!("{twice} twice"));
    }
    match rises(seen, &ids) {
        None => Judgement::Satisfied,
        Some((older, newer)) => Judgement::violated(
            "newest first",
            format!("{older} before {newer}, which was sent later"),
        ),
    }
}

fn ids(page: &Map<String, Value>) -> Result<Vec<&str>, String> {
    let events = page.get("events").and_then(Value::as_array);
    let events = events.ok_or_else(|| shown("events", page.get("events")))?;
    let id = |event: &'_ Value| match event.get("event_id").and_then(Value::as_str) {
        Some(_) => Ok(()),
        None => Err(shown("event_id", event.get("event_id"))),
    };
    events.iter().try_for_each(id)?;
    let ids = events
        .iter()
        .filter_map(|event| event.get("event_id")?.as_str());
    Ok(ids.collect())
}

/// An event, and a newer one behind it. The key of an event's time is open; of the requests of this run it is known which
/// one was sent when the other was over.
fn rises<'a>(seen: &Seen<'_>, ids: &[&'a str]) -> Option<(&'a str, &'a str)> {
    let requests = seen.evidence.requests();
    let mut oldest: Option<(u128, &str)> = None;
    for id in ids {
        let Some(requested) = requests.find(id) else {
            continue;
        };
        if let Some((ended, before)) = oldest
            && ended < requested.sent
        {
            return Some((before, id));
        }
        if oldest.is_none_or(|(ended, _)| requested.ended < ended) {
            oldest = Some((requested.ended, id));
        }
    }
    None
}

impl Walk {
    fn step(&mut self, seen: &Seen<'_>, page: &Map<String, Value>, tally: &mut Tally) {
        let ids = ids(page).unwrap_or_default();
        match seen.exchange.request.query_value("cursor") {
            None => {
                let first = ids.iter().map(|id| (*id).to_owned()).collect();
                self.whole = std::mem::replace(&mut self.first, first);
                if self.whole.len() <= ids.len() {
                    self.whole.clear();
                }
                self.walked.clear();
            }
            cursor if cursor.map(decoded) == self.next => {
                tally.add(seen, self.judge(&ids));
            }
            Some(_) => return,
        }
        self.walked.extend(ids.iter().map(fingerprint));
        self.next = text(page, "next_cursor").map(str::to_owned);
    }

    fn judge(&self, page: &[&str]) -> Judgement {
        let walked = |id: &str| self.walked.contains(&fingerprint(id));
        if let Some(again) = page.iter().find(|id| walked(id)) {
            return Judgement::violated("events that no page before had", format!("{again} again"));
        }
        let on_page = |id: &str| page.contains(&id);
        let Some(last) = self.whole.iter().rposition(|id| on_page(id)) else {
            return Judgement::Satisfied;
        };
        let skipped = (self.whole[..last].iter()).find(|id| !on_page(id) && !walked(id));
        match skipped {
            None => Judgement::Satisfied,
            Some(id) => Judgement::violated(
                "every event that one large page shows",
                format!("{id} left out"),
            ),
        }
    }
}

/// The value of a query's parameter, as it was meant.
fn decoded(value: &str) -> String {
    let pair = format!("={value}");
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    pairs
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

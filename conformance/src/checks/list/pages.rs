//! `list.pages`

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Other, Tally};
use crate::checks::needs::Needs;
use crate::checks::response::got;
use crate::checks::{jobs, lists};
use crate::evidence::{JobId, Seen, text};
use crate::generated::contract::job::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.pages",
    level: Level::Doc,
    text: "Following the cursor repeats and skips nothing; `has_more` and `next_cursor` agree.",
    source: "the provider's documentation: list of batches",
    fix: Fix::in_both(
        "Make a page from a cursor, by the key that the list is sorted by, not by an offset; read one job more than you show, and take `has_more` and `next_cursor` from whether it is there.",
        "Hand `next_cursor` back as it came, until `has_more` is false.",
    ),
    applies: lists::asks,
    needs: Needs::LISTED,
    judge: Judge::Course(|| Box::<Walks>::default()),
};

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

/// The walks along the cursors of the list without a filter, and of the jobs that are over in one way, which never
/// become fewer: one for each filter.
#[derive(Debug, Default)]
struct Walks {
    unfiltered: Walk,
    filtered: HashMap<&'static str, Walk>,
}

/// Holds a walk along the cursors against itself, and against the larger page that was asked for before.
#[derive(Debug, Default)]
struct Walk {
    /// The page before the first one, where it is larger.
    whole: Vec<String>,
    /// The page that the walk begins with.
    first: Vec<String>,
    /// The exchanges of these.
    whole_page: Option<Other>,
    first_page: Option<Other>,
    /// The page before.
    page_before: Option<Other>,
    /// What all pages of the walk so far have.
    walked: HashSet<JobId>,
    /// The cursor of the next page.
    next: Option<String>,
}

impl Course for Walks {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let request = &seen.exchange.request;
        if !lists::asks(request) {
            return;
        }
        let page = lists::page(seen.exchange);
        if let Some(page) = page {
            tally.add(seen, judge_end(page));
        }
        let walk = match request.query_value("status") {
            None => &mut self.unfiltered,
            Some(wanted) => {
                let mut finals = status::VALUES
                    .iter()
                    .filter(|status| jobs::is_final(status));
                match finals.find(|status| **status == wanted) {
                    Some(status) => self.filtered.entry(status).or_default(),
                    None => return,
                }
            }
        };
        match (page, lists::ids(seen.exchange)) {
            (Some(page), Some(ids)) => walk.push(seen, &ids, page, tally),
            (None, _) => walk.push_refusal(seen, tally),
            // Another shape is the business of `list.shape`.
            (Some(_), None) => {}
        }
    }
}

impl Walk {
    fn push(
        &mut self,
        seen: &Seen<'_>,
        ids: &[&str],
        page: &Map<String, Value>,
        tally: &mut Tally,
    ) {
        // Jobs that share an id look like one that is listed twice.
        let sound = seen.evidence.ids_are_sound();
        match seen.exchange.request.query_value("cursor") {
            None => {
                let first = ids.iter().map(|id| (*id).to_owned()).collect();
                self.whole = std::mem::replace(&mut self.first, first);
                self.whole_page = self.first_page.replace(Other::of(seen));
                if self.whole.len() <= ids.len() {
                    self.whole.clear();
                }
                self.walked.clear();
            }
            cursor if cursor == self.next.as_deref() => {
                if sound {
                    let (judgement, against) = self.judge_step(ids);
                    tally.add_against(seen, judgement, against);
                }
            }
            Some(_) => return,
        }
        self.walked.extend(ids.iter().map(|id| JobId::of(id)));
        self.next = text(page, "next_cursor").map(str::to_owned);
        if sound && self.is_over(page) {
            tally.add_against(seen, self.judge_whole(), self.whole_page.as_ref());
        }
        self.page_before = Some(Other::of(seen));
    }

    /// The walk may go on from here: the same page may be asked for again.
    fn push_refusal(&self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        // One that is no id is the business of `list.shape`.
        let cursor = (self.next.as_deref()).filter(|next| Uuid::try_parse(next).is_ok());
        let is_next = cursor.is_some() && exchange.request.query_value("cursor") == cursor;
        if is_next && lists::is_refused(exchange) {
            let judgement = Judgement::violated("the page that the cursor leads to", got(exchange));
            tally.add_against(seen, judgement, self.page_before.as_ref());
        }
    }

    /// Whether a page is the last of a walk, and says so.
    fn is_over(&self, page: &Map<String, Value>) -> bool {
        self.next.is_none() && page.get("has_more").and_then(Value::as_bool) == Some(false)
    }

    fn judge_whole(&self) -> Judgement {
        let mut left_out = (self.whole.iter()).filter(|id| !self.walked.contains(&JobId::of(id)));
        match left_out.next() {
            None => Judgement::Satisfied,
            Some(id) => left_out_of_walk(id),
        }
    }

    /// What is said of a page, and what it is held against.
    fn judge_step(&self, page: &[&str]) -> (Judgement, Option<&Other>) {
        let walked = |id: &str| self.walked.contains(&JobId::of(id));
        if let Some(again) = page.iter().find(|id| walked(id)) {
            let again = format!("{again} again");
            let judgement = Judgement::violated("jobs that no page before had", again);
            return (judgement, self.page_before.as_ref());
        }
        let on_page = |id: &str| page.contains(&id);
        let Some(last) = self.whole.iter().rposition(|id| on_page(id)) else {
            return (Judgement::Satisfied, None);
        };
        let skipped = (self.whole[..last].iter()).find(|id| !on_page(id) && !walked(id));
        match skipped {
            None => (Judgement::Satisfied, None),
            Some(id) => (left_out_of_walk(id), self.whole_page.as_ref()),
        }
    }
}

fn left_out_of_walk(id: &str) -> Judgement {
    Judgement::violated(
        "every job that one large page shows",
        format!("{id} left out"),
    )
}

//! `list.status-filter`

use std::sync::Arc;

use http::StatusCode;
use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::judgement::{Judgement, Other, Tally};
use crate::checks::lists;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::{Seen, text};
use crate::exchange::Exchange;
use crate::generated::contract::{
    job::{self, status},
    status_code,
};

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.status-filter",
    level: Level::Doc,
    text: "`status` filters; an unknown value gives {status_code::BAD_REQUEST}.",
    source: "the provider's documentation: list of batches",
    fix: Fix::in_server(
        "Filter before you cut the list into pages, and check the value: one that is not among `{job::status::VALUES}` gets {status_code::BAD_REQUEST}.",
    ),
    applies: |request| lists::asks(request) && request.query_value("status").is_some(),
    needs: Needs::REPORTED,
    judge: Judge::Course(|| Box::<Unfiltered>::default()),
};

/// What the newest page without a filter shows.
#[derive(Debug, Default)]
struct Unfiltered {
    /// The jobs on it, each with its status.
    shown: Vec<(String, String)>,
    page: Option<Other>,
    /// Filtered pages since then that lack a job which had the status, and may have changed it meanwhile.
    without: Vec<Without>,
}

/// A filtered page, and a job that is not on it.
#[derive(Debug)]
struct Without {
    number: usize,
    exchange: Arc<Exchange>,
    id: String,
    status: String,
}

impl Course for Unfiltered {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let request = &seen.exchange.request;
        if lists::is_plain(request) {
            let shown = shown(seen.exchange);
            for without in self.without.drain(..) {
                let Without {
                    number,
                    exchange,
                    id,
                    status,
                } = without;
                // It had the status before and after.
                let same = |(other, now): &(String, String)| *other == id && *now == status;
                if shown.iter().any(same) {
                    let judgement = missing(&id, &status);
                    tally.add_of_both(number, &exchange, judgement, self.page.as_ref());
                }
            }
            (self.shown, self.page) = (shown, Some(Other::of(seen)));
        }
        if (CHECK.applies)(request) {
            match judge(seen.exchange) {
                Judgement::Satisfied => {
                    let judgement = self.judge_missing(seen);
                    tally.add_against(seen, judgement, self.page.as_ref());
                }
                alone => tally.add(seen, alone),
            }
        }
    }
}

impl Unfiltered {
    fn judge_missing(&mut self, seen: &Seen<'_>) -> Judgement {
        let exchange = seen.exchange;
        let wanted = exchange.request.query_value("status").unwrap_or_default();
        // Another shape is the business of `list.shape`.
        let Some(ids) = lists::ids(exchange) else {
            return Judgement::Satisfied;
        };
        let mut due = self.shown.iter().filter(|(_, status)| status == wanted);
        match due.find(|(id, _)| !ids.contains(&id.as_str())) {
            Some((id, status)) if lists::is_whole(exchange) && seen.evidence.ids_are_sound() => {
                if jobs::is_final(wanted) {
                    return missing(id, wanted);
                }
                if self.without.len() < MOST_WITHOUT {
                    self.without.push(Without {
                        number: seen.number,
                        exchange: exchange.clone(),
                        id: id.clone(),
                        status: status.clone(),
                    });
                }
                Judgement::Satisfied
            }
            _ => Judgement::Satisfied,
        }
    }
}

/// The most filtered pages between two without a filter that are remembered.
const MOST_WITHOUT: usize = 8;

fn missing(id: &str, status: &str) -> Judgement {
    Judgement::violated(
        format!("{id}, which the list without a filter shows as {status}"),
        "a list without it",
    )
}

fn shown(exchange: &Exchange) -> Vec<(String, String)> {
    let jobs = lists::page(exchange).and_then(|page| page.get("jobs")?.as_array());
    let jobs = jobs.into_iter().flatten().filter_map(Value::as_object);
    jobs.filter_map(|job| Some((text(job, job::ID_KEY)?, text(job, "status")?)))
        .map(|(id, status)| (id.to_owned(), status.to_owned()))
        .collect()
}

fn judge(exchange: &Exchange) -> Judgement {
    let wanted = exchange.request.query_value("status").unwrap_or_default();
    if !status::VALUES.contains(&wanted) {
        return match (exchange.status(), response::inconclusive(exchange)) {
            (Some(StatusCode::BAD_REQUEST), _) => Judgement::Satisfied,
            (_, Some(why)) => Judgement::not_applicable(why),
            _ => Judgement::violated(
                status_code::BAD_REQUEST.to_string(),
                response::got(exchange),
            ),
        };
    }
    // A cursor that is refused is the business of `list.pages`.
    let is_first = exchange.request.query_value("cursor").is_none();
    if is_first && exchange.status() == Some(StatusCode::BAD_REQUEST) {
        return Judgement::violated(
            format!("the jobs that are {wanted}"),
            response::got(exchange),
        );
    }
    lists::judge_page(exchange, |page| {
        let jobs = page.get("jobs").and_then(Value::as_array);
        let mut statuses = jobs
            .into_iter()
            .flatten()
            .filter_map(|job| job.get("status")?.as_str());
        // A status that there is not is the business of `job.status`.
        let is_other = |status: &&str| *status != wanted && status::VALUES.contains(status);
        match statuses.find(is_other) {
            None => Judgement::Satisfied,
            Some(other) => Judgement::violated(
                format!("only jobs that are {wanted}"),
                format!("one that is {other}"),
            ),
        }
    })
}

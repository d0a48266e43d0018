//! `list.status-filter`

use http::StatusCode;
use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::jobs;
use crate::checks::judgement::{Judgement, Tally};
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
    applies: |request| lists::asks(request) && request.query_value("status").is_some(),
    needs: Needs::REPORTED,
    judge: Judge::Course(|| Box::<Unfiltered>::default()),
};

/// The jobs that the newest page without a filter showed as over, and how.
#[derive(Debug, Default)]
struct Unfiltered {
    over: Vec<(String, String)>,
}

impl Course for Unfiltered {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let request = &seen.exchange.request;
        if lists::is_plain(request) {
            self.over = over(seen.exchange);
        }
        if (CHECK.applies)(request) {
            let judgement = match judge(seen.exchange) {
                Judgement::Satisfied => self.judge_missing(seen),
                other => other,
            };
            tally.add(seen, judgement);
        }
    }
}

impl Unfiltered {
    fn judge_missing(&self, seen: &Seen<'_>) -> Judgement {
        let wanted = seen
            .exchange
            .request
            .query_value("status")
            .unwrap_or_default();
        // Another shape is the business of `list.shape`.
        let Some(ids) = lists::ids(seen.exchange) else {
            return Judgement::Satisfied;
        };
        let mut due = self.over.iter().filter(|(_, status)| status == wanted);
        let missing = due.find(|(id, _)| !ids.contains(&id.as_str()));
        match missing {
            Some((id, _)) if lists::is_whole(seen.exchange) && seen.evidence.ids_are_sound() => {
                Judgement::violated(
                    format!("{id}, which the list without a filter shows as {wanted}"),
                    "a list without it",
                )
            }
            _ => Judgement::Satisfied,
        }
    }
}

fn over(exchange: &Exchange) -> Vec<(String, String)> {
    let jobs = lists::page(exchange).and_then(|page| page.get("jobs")?.as_array());
    let jobs = jobs.into_iter().flatten().filter_map(Value::as_object);
    jobs.filter_map(|job| Some((text(job, job::ID_KEY)?, text(job, "status")?)))
        .filter(|(_, status)| jobs::is_final(status))
        .map(|(id, status)| (id.to_owned(), status.to_owned()))
        .collect()
}

fn judge(exchange: &Exchange) -> Judgement {
    let wanted = exchange.request.query_value("status").unwrap_or_default();
    if !status::VALUES.contains(&wanted) {
        return match (exchange.status(), response::inconclusive(exchange)) {
            (Some(StatusCode::BAD_REQUEST), _) => Judgement::Satisfied,
            (_, Some(why)) => Judgement::NotApplicable(why),
            _ => Judgement::violated(
                status_code::BAD_REQUEST.to_string(),
                response::got(exchange),
            ),
        };
    }
    if exchange.status() == Some(StatusCode::BAD_REQUEST) {
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

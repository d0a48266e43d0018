//! Faults that only the comparison of two requests shows: a page against another one, against a filtered one, against a
//! poll.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::edits::Clauses;
use crate::generated::contract::{job::status, list::limit};
use crate::hooks::{Fault, fault};

const PAGES: Clauses = &["list.pages"];
const LIMIT: Clauses = &["list.limit"];
const FILTER: Clauses = &["list.status-filter"];
const TERMINAL: Clauses = &["job.terminal"];

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = vec![
        fault("list-skips-with-limit-of-one", PAGES)
            .about("Pages of one job leave out every second one.")
            .listed(|jobs, query| {
                if query.limit == 1
                    && let Some(cursor) = query.cursor
                    && let Some(place) = jobs.iter().position(|job| job.id == cursor)
                    && place + 2 < jobs.len()
                {
                    jobs.remove(place + 1);
                }
            }),
        fault("list-limit-of-one-ignored", LIMIT)
            .about("A limit of one stands for the default.")
            .query(|query, _| {
                if query.asked == Some(limit::MIN.into()) {
                    query.limit = limit::DEFAULT as usize;
                }
            }),
        fault("list-default-limit-unbounded", LIMIT)
            .about("Without a limit, a page is as long as pages may be.")
            .query(|query, _| {
                if query.asked.is_none() {
                    query.limit = limit::MAX as usize;
                }
            }),
        fault("listed-with-other-result-count", TERMINAL)
            .about("The result_count of a completed job is another one on a page.")
            .page(|response, _| {
                let Some(Value::Array(mut jobs)) = response.get("jobs") else {
                    return;
                };
                for job in jobs.iter_mut().filter_map(Value::as_object_mut) {
                    change(job, "result_count", |count| count + 1);
                }
                response.set("jobs", jobs);
            }),
        fault("listed-with-fewer-fulfilled", TERMINAL)
            .about("A page counts one less of those that a completed job found.")
            .page(|response, _| {
                let Some(Value::Array(mut jobs)) = response.get("jobs") else {
                    return;
                };
                for job in jobs.iter_mut().filter_map(Value::as_object_mut) {
                    change(job, "entities_fulfilled", |count| count - 1);
                }
                response.set("jobs", jobs);
            }),
    ];
    let active = [
        ("list-filter-finds-nothing-pending", status::PENDING),
        ("list-filter-finds-nothing-processing", status::PROCESSING),
    ];
    faults.extend(active.map(|(name, wanted)| {
        fault(name, FILTER)
            .about(format!(
                "Who asks for {wanted} jobs gets none. There are some for long."
            ))
            .conduct(move |conduct, _| {
                let pending = if wanted == status::PENDING { 180 } else { 10 };
                conduct.timing.pending = Duration::from_secs(pending);
                conduct.timing.processing = Duration::from_secs(900);
            })
            .listed(move |jobs, query| {
                if query.status.as_deref() == Some(wanted) {
                    jobs.clear();
                }
            })
    }));
    faults
}

/// Changes a count of a completed job that is more than one.
fn change(job: &mut Map<String, Value>, key: &str, to: fn(u64) -> u64) {
    if job.get("status") != Some(&json!(status::COMPLETED)) {
        return;
    }
    if let Some(count) = job.get(key).and_then(Value::as_u64)
        && count > 1
    {
        job.insert(key.to_owned(), to(count).into());
    }
}

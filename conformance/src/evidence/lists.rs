//! The pages of the list of jobs that came.

use serde_json::{Map, Value};

use super::{Numbered, state};
use crate::contract::request::Operation;
use crate::generated::contract::job;

/// A page of the list, as it came.
#[derive(Debug)]
pub struct Page<'a> {
    /// The exchange that shows it.
    pub exchange: Numbered<'a>,
    /// The page itself.
    pub object: &'a Map<String, Value>,
    /// The ids of its jobs, where each has one.
    pub ids: Option<Vec<&'a str>>,
}

pub(super) fn pages<'a>(exchanges: &[Numbered<'a>]) -> Vec<Page<'a>> {
    exchanges
        .iter()
        .copied()
        .filter(|(_, exchange)| exchange.request.operation() == Operation::List)
        .filter_map(|exchange| {
            let object = state(exchange.1)?;
            Some(Page {
                exchange,
                object,
                ids: ids(object),
            })
        })
        .collect()
}

/// The ids of the jobs on a page, where each has one.
pub(crate) fn ids(page: &Map<String, Value>) -> Option<Vec<&str>> {
    let jobs = page.get("jobs")?.as_array()?;
    jobs.iter()
        .map(|job| job.get(job::ID_KEY)?.as_str())
        .collect()
}

//! What a client did of what it was given, in the light of the jobs that it made: which identifiers it submitted, and
//! which jobs it waited for.

use std::collections::{HashMap, HashSet};

use super::stage::Staged;
use crate::contract::request::Operation;
use crate::evidence::{state, text};
use crate::generated::contract::job::status;

/// What is wrong with how the identifiers were submitted; `None` where nothing is.
pub(super) fn identifiers(staged: &Staged) -> Option<String> {
    let mut jobs: HashMap<&str, usize> = HashMap::new();
    for job in &staged.jobs {
        let distinct: HashSet<&str> = job.identifiers.iter().map(|one| one.trim()).collect();
        for identifier in distinct {
            *jobs.entry(identifier).or_default() += 1;
        }
    }
    let given = &staged.identifiers;
    let missing: Vec<&String> = given
        .iter()
        .filter(|one| !jobs.contains_key(one.as_str()))
        .collect();
    if let Some(first) = missing.first() {
        let (missing, all) = (missing.len(), given.len());
        return Some(format!("{missing} of {all} are in no job, such as {first}"));
    }
    let twice = given.iter().find(|one| jobs.get(one.as_str()) > Some(&1))?;
    Some(format!("{twice} is in {} jobs", jobs.get(twice.as_str())?))
}

/// The first job that the client made and never saw to be over.
pub(super) fn left(staged: &Staged) -> Option<&str> {
    let is_over = |id: &str| {
        staged.exchanges.iter().any(|exchange| {
            let asked = matches!(exchange.request.operation(), Operation::Job(job) if job == id);
            let status = state(exchange).and_then(|job| text(job, "status"));
            asked && matches!(status, Some(status::COMPLETED | status::FAILED))
        })
    };
    let mut jobs = staged.jobs.iter().map(|job| job.id.as_str());
    jobs.find(|id| !is_over(id))
}

//! How many requests a run is likely to send to a compliant server whose jobs are over after some seconds. The probes
//! are those of the run; only how often a job is polled is assumed.

use super::account;
use super::config::RunConfig;
use super::preflight;
use super::requests;
use super::scenario::FEWEST;
use super::selection::Probes;
use super::shrink;
use crate::checks::{Check, Submissions};
use crate::exchange::Request;
use crate::generated::contract::{limits, submit::chunk_size};
use crate::probes::scenario::{self, NO_SUCH_JOB};
use crate::probes::submission::{Authorization, Body, Contents};

/// Polls of a job of the catalogue until it is over, of which other jobs take their share of the time.
const POLLS: u64 = 2;
/// The same for a job of a generated case, which is submitted among fewer others.
const POLLS_OF_CASES: u64 = 3;
/// Polls more of the first job that is waited for, on a server whose time does not move with the requests.
const POLLS_OF_FIRST: u64 = 3;
/// Generated cases that are looked at; more of them are like these.
const SAMPLE: u32 = 256;

/// Requests, within a quarter more or less.
pub(super) fn requests(config: &RunConfig, probes: &Probes) -> u64 {
    let count = |requests: &[Request]| {
        let needed = requests.iter().filter(|request| config.needs(request));
        needed.count() as u64
    };
    let poll = || scenario::job(NO_SUCH_JOB, Authorization::Key, true);
    let polled = config.needs(&poll());
    let most = config.max_jobs.unwrap_or(u64::MAX);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let jobs = probes.baseline.len().min(most);
    let contents: Vec<&Contents> = (probes.baseline.iter().take(jobs))
        .filter_map(|probe| match &probe.submission.body {
            Body::Object(contents) => Some(contents),
            Body::Raw(_) => None,
        })
        .collect();

    // Preflight, refusals, and the list after them.
    let mut sum = 1 + probes.refusals.len() as u64 + count(&[preflight::newest()]);
    // What breaks each rule is sent twice, and again when there are jobs, and many of them.
    let states = [jobs > 0, jobs > 10].into_iter().filter(|is| *is).count();
    sum += (probes.first_refusals + states * probes.again.len()) as u64;
    // The baseline, with a poll of the first job and of those beyond the fewest, and one submission too many with a poll of each job.
    sum += jobs as u64;
    if jobs > 0 {
        let at_once = 1 + jobs.saturating_sub(FEWEST) as u64;
        sum += at_once * count(&[poll()]) + 2 * count(&requests::ways_to_ask(NO_SUCH_JOB));
    }
    let one_too_many = |check: &Check| check.needs.submissions == Submissions::OneTooMany;
    if jobs > limits::ACTIVE_JOBS && config.checks.iter().any(|check| one_too_many(check)) {
        sum += 1 + limits::ACTIVE_JOBS as u64 * count(&[poll()]);
    }
    // The ways to ask for a job, and for the list, page by page.
    let unknown = scenario::NO_SUCH_JOBS.map(|id| scenario::job(id, Authorization::Key, true));
    sum += count(&unknown) + count(&requests::lists());
    let pages = jobs.div_ceil(2).clamp(1, requests::most_pages(config));
    sum += pages as u64 * count(&[scenario::list("limit=2", Authorization::Key)]);
    sum += account::likely(config, jobs, requests::most_pages(config));
    // The end of jobs, their files, once more, and the lists after it.
    if jobs > 0 {
        sum += count(&requests::later_lists());
        sum += 3 * pages as u64 * count(&[scenario::list("limit=2", Authorization::Key)]);
        sum += 8 * count(&[scenario::list("limit=2", Authorization::Absent)]);
        sum += jobs.min(2) as u64 * count(&requests::ways_to_ask(NO_SUCH_JOB));
    }
    if polled {
        let parts = contents.iter().map(|job| match job.count {
            _ if config.embedded => 2,
            count if count > chunk_size::MIN as usize => 3,
            _ => 1,
        });
        let file = scenario::download("https://files.example/");
        let files = 2 * jobs as u64 + parts.sum::<u64>();
        sum += jobs as u64 + files * count(&[file]);
    }
    // Where no job is counted they are sent only for what was refused.
    let isolated = match config.max_jobs {
        Some(_) => probes.isolated.len().min(most - jobs),
        None => 0,
    };
    sum += isolated as u64;
    let (cases, of_cases) = generated(config, most - jobs - isolated);
    sum += cases;
    // Jobs are polled for a permit, too, where there are more of them.
    let catalogue = (jobs + isolated) as u64;
    let waited_for = if polled || of_cases > 0 {
        catalogue
    } else {
        catalogue.saturating_sub(limits::ACTIVE_JOBS as u64)
    };
    sum += POLLS * waited_for + POLLS_OF_CASES * of_cases;
    if waited_for > 0 && !config.embedded {
        sum += POLLS_OF_FIRST;
    }
    sum
}

/// Generated cases that are sent, and those that become jobs, of which there may be so many.
fn generated(config: &RunConfig, most_jobs: usize) -> (u64, u64) {
    let sample = config.cases.min(SAMPLE);
    let (mut refused, mut accepted) = (0, 0);
    for case in 0..sample {
        let request = shrink::case(config.seed, case).request();
        if !config.needs(&request) {
        } else if request.expectation().valid().is_some() {
            accepted += 1;
        } else {
            refused += 1;
        }
    }
    let scaled = |count: u64| count * u64::from(config.cases) / u64::from(sample.max(1));
    let (refused, accepted) = (scaled(refused), scaled(accepted));
    let jobs = accepted.min(most_jobs as u64);
    (refused + jobs, jobs)
}

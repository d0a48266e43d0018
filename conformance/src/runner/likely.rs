//! What a run is likely to send to a compliant server whose jobs are over after some seconds. The probes are those of the
//! run; only how often a job is polled is assumed.

use super::account;
use super::config::RunConfig;
use super::requests;
use super::sample::Sample;
use super::scenario::FEWEST;
use super::selection::Probes;
use crate::checks::{Check, Submissions};
use crate::exchange::Request;
use crate::generated::contract::{limits, submit::chunk_size};
use crate::probes::submission::{Authorization, Body, Contents};
use crate::probes::{Probe, scenario};

/// After more jobs than these, each rule is broken once more: a server that has seen many may forget it.
pub(super) const BROKEN_AGAIN_AFTER: usize = 10;
/// Stands for the id of a job that there is.
const SOME_JOB: &str = "00000000-0000-4000-8000-000000000001";
/// Polls of a job of the catalogue until it is over, of which other jobs take their share of the time.
const POLLS: u64 = 2;
/// The same for a job of a generated case, which is submitted among fewer others.
const POLLS_OF_CASES: u64 = 3;
/// The same on the embedded mock, whose time moves with each poll, and which is polled as fast as it answers.
const POLLS_OF_CASES_AT_ONCE: u64 = 4;
/// Polls more of the first job that is waited for, on a server whose time does not move with the requests.
const POLLS_OF_FIRST: u64 = 3;

/// How many requests, within a quarter more or less.
pub(super) fn requests(config: &RunConfig, probes: &Probes) -> u64 {
    let mut sum = 0;
    each(config, probes, &mut |_, times| sum += times);
    sum
}

/// How many jobs the catalogue's probes make, of those that are followed and of those that are not.
pub(super) fn jobs(config: &RunConfig, probes: &Probes) -> (usize, usize) {
    let most = config.max_jobs.unwrap_or(u64::MAX);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let jobs = probes.baseline.len().min(most);
    // Where no job is counted they are sent only for what was refused.
    let isolated = match config.max_jobs {
        Some(_) => probes.isolated.len().min(most - jobs),
        None => 0,
    };
    (jobs, isolated)
}

/// Whether one job more is tried than may be active.
pub(super) fn tries_one_too_many(config: &RunConfig, jobs: usize) -> bool {
    let one_too_many = |check: &Check| check.needs.submissions == Submissions::OneTooMany;
    jobs > limits::ACTIVE_JOBS && config.checks.iter().any(|check| one_too_many(check))
}

/// Tells of each request, and how often it or one like it is sent.
pub(super) fn each(config: &RunConfig, probes: &Probes, tell: &mut dyn FnMut(&Request, u64)) {
    let poll = scenario::job(SOME_JOB, Authorization::Key, true);
    let polled = config.needs(&poll);
    let (jobs, isolated) = jobs(config, probes);
    let mut ask = |request: &Request, times: u64| {
        if config.needs(request) {
            tell(request, times);
        }
    };
    let page = scenario::list("limit=2", Authorization::Key);
    let most_pages = requests::most_pages(config);
    let pages = jobs.div_ceil(2).clamp(1, most_pages) as u64;
    let ways = requests::ways_to_ask(SOME_JOB);

    // The list after the refusals.
    ask(&requests::newest(), 1);
    if jobs > 0 {
        // A poll of the first job and of those beyond the fewest.
        ask(&poll, 1 + jobs.saturating_sub(FEWEST) as u64);
        // In each way the first one just then, the newest a little later, and the first and the last once they are over.
        ways.iter().for_each(|way| ask(way, 2 + jobs.min(2) as u64));
    }
    if tries_one_too_many(config, jobs) {
        ask(&poll, limits::ACTIVE_JOBS as u64);
    }
    for id in scenario::NO_SUCH_JOBS {
        ask(&scenario::job(id, Authorization::Key, true), 1);
    }
    requests::lists().iter().for_each(|list| ask(list, 1));
    ask(&page, pages);
    for (request, times) in account::likely(jobs, most_pages) {
        ask(&request, times);
    }
    if jobs > 0 {
        // The end of jobs, their files, once more, and the lists after it.
        requests::later_lists().iter().for_each(|list| ask(list, 1));
        ask(&page, 3 * pages);
        // Each walk asks for its second page without a key, too.
        requests::locked_lists()
            .iter()
            .for_each(|list| ask(list, 1));
        ask(&scenario::list("limit=2", Authorization::Absent), 8);
    }
    if polled {
        let contents = probes.baseline.iter().take(jobs).filter_map(contents);
        let parts: u64 = contents.map(|job| parts(config, job)).sum();
        ask(&poll, jobs as u64);
        ask(
            &scenario::download("https://files.example/"),
            2 * jobs as u64 + parts,
        );
    }
    let left = config.max_jobs.map_or(u64::MAX, |most| {
        most.saturating_sub((jobs + isolated) as u64)
    });
    let of_cases = generated(config, &probes.sample, left, tell);
    // Jobs are polled for a permit, too, where there are more of them.
    let catalogue = (jobs + isolated) as u64;
    let waited_for = if polled || of_cases > 0 {
        catalogue
    } else {
        catalogue.saturating_sub(limits::ACTIVE_JOBS as u64)
    };
    let polls_of_cases = match config.embedded {
        true => POLLS_OF_CASES_AT_ONCE,
        false => POLLS_OF_CASES,
    };
    let mut polls = POLLS * waited_for + polls_of_cases * of_cases;
    if waited_for > 0 && !config.embedded {
        polls += POLLS_OF_FIRST;
    }
    // What is sent once it is chosen, whatever each by itself is needed for.
    tell(&poll, polls);
    tell(&requests::newest(), 1);
    for (n, (_, request)) in probes.refusals.iter().enumerate() {
        // What breaks each rule is sent twice.
        tell(request, if n < probes.first_refusals { 2 } else { 1 });
    }
    // And again when there are jobs, and many of them.
    let states = [jobs > 0, jobs > BROKEN_AGAIN_AFTER]
        .into_iter()
        .filter(|is| *is)
        .count();
    for probe in &probes.again {
        tell(&probe.request(), states as u64);
    }
    let catalogue = probes.baseline.iter().take(jobs);
    let catalogue = catalogue.chain(probes.isolated.iter().take(isolated));
    for probe in catalogue {
        tell(&probe.request(), 1);
    }
    if tries_one_too_many(config, jobs)
        && let Some(probe) = probes.baseline.first()
    {
        tell(&probe.request(), 1);
    }
    if !config.embedded {
        for request in account::reckoning() {
            tell(&request, 1);
        }
    }
}

fn contents(probe: &Probe) -> Option<&Contents> {
    match &probe.submission.body {
        Body::Object(contents) => Some(contents),
        Body::Raw(_) => None,
    }
}

/// Parts of the results of a job that are fetched.
fn parts(config: &RunConfig, job: &Contents) -> u64 {
    match job.count {
        _ if config.embedded => 2,
        count if count > chunk_size::MIN as usize => 3,
        _ => 1,
    }
}

/// Tells of the generated cases, of which so many may become jobs; how many do.
fn generated(
    config: &RunConfig,
    sample: &Sample,
    most_jobs: u64,
    tell: &mut dyn FnMut(&Request, u64),
) -> u64 {
    let sample = sample.take(config.cases);
    let sampled = sample.len().max(1) as u64;
    // Of a larger number, each stands for as many.
    let scaled = |count: u64| count * u64::from(config.cases) / sampled;
    let (mut all, mut jobs) = (0, 0);
    for request in sample {
        if !config.needs(request) {
            continue;
        }
        let times = scaled(all + 1) - scaled(all);
        all += 1;
        if request.expectation().valid().is_none() {
            tell(request, times);
        } else if jobs < most_jobs {
            let times = times.min(most_jobs - jobs);
            jobs += times;
            tell(request, times);
        }
    }
    jobs
}

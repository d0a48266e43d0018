//! Generated probes, and the search for the smallest request that still shows what a probe showed. It spends only what
//! costs nothing. What a request can do without is in `smaller`.

use std::collections::HashSet;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::config::RunConfig;
use super::sender::Sender;
use super::smaller::smaller;
use super::stop::Stop;
use super::submitter::{Sent, Submitter};
use crate::checks::Check;
use crate::contract::expectation::Expectation;
use crate::exchange::{Exchange, Request};
use crate::generated::contract::{limits, submit::webhook_url};
use crate::probes::Probe;
use crate::probes::profile_urls::mix;
use crate::probes::strategy::submissions;
use crate::probes::submission::Submission;

/// A probe of the catalogue whose body has at most so many bytes needs no shrinking.
const SMALL: usize = 300;
/// The most requests that one search may send, and all of them together where requests are counted.
pub(super) const MOST_STEPS: usize = 200;

/// A generated case whose exchange some check finds fault with.
#[derive(Clone)]
pub(super) struct Failing {
    pub(super) case: u32,
    pub(super) exchange: usize,
}

/// The generated probe with this number. The same seed and number give the same probe, whatever else is run.
pub(super) fn case(seed: u64, case: u32) -> Probe {
    probe(case, tree(seed, case).map(|tree| tree.current()))
}

fn probe(case: u32, submission: Option<Submission>) -> Probe {
    Probe {
        name: format!("case {case}"),
        submission: submission.unwrap_or_else(|| Submission::plain(mix(u64::from(case)))),
    }
}

/// `None` only if the strategies rejected every value, which those of this crate never do.
fn tree(seed: u64, case: u32) -> Option<impl ValueTree<Value = Submission>> {
    let mut bytes = [0; 32];
    for (n, part) in bytes.chunks_exact_mut(8).enumerate() {
        let word = mix(mix(seed) ^ (u64::from(case) << 8) ^ n as u64);
        part.copy_from_slice(&word.to_le_bytes());
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    submissions(webhook_url::EXAMPLE.to_owned())
        .new_tree(&mut runner)
        .ok()
}

/// For each violated clause, sends ever smaller requests that still show it, unless a small probe of the catalogue, which
/// came before exchange number `from_catalogue`, shows it.
///
/// A target that may bill is sent only what a correct server refuses, and nothing more once one was accepted.
pub(super) async fn shrink(
    sender: &Sender<'_>,
    from_catalogue: usize,
    failing: Vec<Failing>,
) -> Result<(), Stop> {
    let config = sender.config;
    let mut submitter = Submitter::new(sender, limits::ACTIVE_JOBS);
    let mut steps = if config.embedded {
        usize::MAX
    } else {
        MOST_STEPS
    };
    for (check, tally) in sender.judged() {
        let violated = tally.violations.first;
        let by_hand = |(number, size): &(usize, usize)| *number < from_catalogue && *size <= SMALL;
        if violated.iter().any(by_hand) {
            continue;
        }
        let smallest = tally.violations.smallest;
        let Some(smallest) = smallest.filter(|it| config.embedded || !it.exchange.accepted())
        else {
            continue;
        };
        let violated: HashSet<usize> = violated.into_iter().map(|(number, _)| number).collect();
        let first = (failing.iter()).find(|failing| violated.contains(&failing.exchange));
        match first {
            Some(first) => {
                shrink_one(config, check, first.case, &mut submitter, &mut steps).await?;
            }
            None => {
                let request = smallest.exchange.request.again();
                shrink_request(config, check, request, &mut submitter, &mut steps).await?;
            }
        }
    }
    Ok(())
}

/// Leaves out one thing after the other of a submission, as long as what is left still shows that the clause is violated.
async fn shrink_request(
    config: &RunConfig,
    check: &Check,
    mut request: Request,
    submitter: &mut Submitter<'_>,
    steps: &mut usize,
) -> Result<(), Stop> {
    'smaller: loop {
        for smaller in smaller(&request) {
            if *steps == 0 {
                return Ok(());
            }
            if !is_free(config, &smaller) || !(check.applies)(&smaller) {
                continue;
            }
            *steps -= 1;
            let sent = smaller.again();
            let Some(exchange) = submitter.submit_request(sent).await? else {
                return Ok(());
            };
            if costs(config, &exchange) {
                return Ok(());
            }
            if check.shown_by(&exchange) {
                request = smaller;
                continue 'smaller;
            }
        }
        return Ok(());
    }
}

/// Whether sending it may cost nothing: on a target that may bill, what a correct server refuses.
fn is_free(config: &RunConfig, request: &Request) -> bool {
    config.embedded || matches!(request.expectation(), Expectation::Refuse(_))
}

/// Whether it cost a job all the same, so that further ones might, too.
fn costs(config: &RunConfig, exchange: &Exchange) -> bool {
    !config.embedded && exchange.accepted()
}

async fn shrink_one(
    config: &RunConfig,
    check: &Check,
    case: u32,
    submitter: &mut Submitter<'_>,
    steps: &mut usize,
) -> Result<(), Stop> {
    let Some(mut tree) = tree(config.seed, case) else {
        return Ok(());
    };
    let mut more = tree.simplify();
    for _ in 0..MOST_STEPS {
        if !more || *steps == 0 {
            break;
        }
        *steps -= 1;
        let probe = probe(case, Some(tree.current()));
        let shows = is_free(config, &probe.request())
            && match submitter.submit(&probe).await? {
                Sent::Exchange(_, exchange) if costs(config, &exchange) => return Ok(()),
                Sent::Exchange(_, exchange) => check.shown_by(&exchange),
                Sent::Skipped => false,
            };
        more = if shows {
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    Ok(())
}

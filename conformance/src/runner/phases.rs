//! The phases of a run, in their order: preflight, account, refusals, acceptance, jobs, usage, isolated probes, generated
//! cases, shrinking, balance.

use super::account;
use super::cases::{self, Part};
use super::kept::Kept;
use super::likely::BROKEN_AGAIN_AFTER;
use super::preflight;
use super::requests;
use super::scenario::Scenario;
use super::selection::Probes;
use super::sender::Sender;
use super::shrink;
use super::stop::Stop;
use super::submitter::{Sent, Submitter};
use super::webhook::Listener;
use crate::checks::acceptance;
use crate::exchange::Request;
use crate::generated::contract::{limits, submit::webhook_url};
use crate::probes::Probe;

/// Runs all phases.
pub(super) async fn run(sender: &Sender<'_>) -> Result<(), Stop> {
    let config = sender.config;
    let listener = match &config.webhook {
        Some(webhook) => Some(
            Listener::start(webhook.listen, webhook.base.clone(), sender.started())
                .await
                .map_err(|error| Stop::NoListener(webhook.listen, error.to_string()))?,
        ),
        None => None,
    };
    let webhook_base = listener.as_ref().map_or_else(
        || webhook_url::EXAMPLE.to_owned(),
        |listener| listener.base().to_owned(),
    );
    let probes = Probes::of(config, webhook_base);
    let mut submitter = Submitter::new(sender, limits::ACTIVE_JOBS);
    let kept = Kept::new(sender);
    let scenario = Scenario {
        sender,
        listener: listener.as_ref(),
        kept: &kept,
    };

    sender.reporter.phase("preflight");
    preflight::run(sender, &mut submitter).await?;

    sender.reporter.phase("account");
    account::read(sender).await?;

    sender.reporter.phase("refusals");
    refusals(&kept, &probes, &scenario, &mut submitter).await?;
    let from_catalogue = sender.count();
    // Before the budget is spent, since even what a correct server refuses may be accepted.
    let mut failing = Vec::new();
    if config.max_jobs.is_some() {
        sender.reporter.phase("generated refusals");
        failing = cases::send(sender, Part::Refusals(&kept)).await?;
    }
    sender.ask_if_needed(requests::newest()).await?;

    sender.reporter.phase("acceptance");
    let before = sender.refused();
    let jobs = scenario.submit(&probes.baseline, &mut submitter).await?;
    let refused = sender.refused() > before;

    sender.reporter.phase("jobs");
    scenario.ways_to_ask(&jobs).await?;
    scenario.lists().await?;
    if !jobs.is_empty() {
        again(&kept, &probes, &mut submitter).await?;
    }
    scenario.follow(&jobs).await?;
    if jobs.len() > BROKEN_AGAIN_AFTER {
        again(&kept, &probes, &mut submitter).await?;
        sender.ask_if_needed(requests::newest()).await?;
    }

    sender.reporter.phase("usage");
    account::usage(sender, requests::most_pages(config)).await?;

    // Where none is counted, each feature was seen among the others.
    if refused || config.max_jobs.is_some() && sender.has_jobs_left() {
        sender.reporter.phase("isolated probes");
        for probe in &probes.isolated {
            if !refused && !sender.has_jobs_left() {
                break;
            }
            isolated(probe, &mut submitter).await?;
        }
    }

    sender.reporter.phase("generated cases");
    if config.cases > 0 {
        submitter.wait_for_all().await?;
    }
    let part = match config.max_jobs {
        Some(_) => Part::Others,
        None => Part::All,
    };
    failing.extend(cases::send(sender, part).await?);
    sender.reporter.phase("shrinking");
    shrink::shrink(sender, from_catalogue, failing).await?;
    if !config.embedded {
        sender.reporter.phase("balance");
        account::reckon(sender).await?;
    }
    Ok(())
}

/// Sends what a correct server refuses, as far as that is worth it, but at least once for each rule; and this one a second
/// time, as it is, since a server must not take for valid what it has seen before.
async fn refusals(
    kept: &Kept,
    probes: &Probes,
    scenario: &Scenario<'_>,
    submitter: &mut Submitter<'_>,
) -> Result<(), Stop> {
    let enough = scenario.sender.config.trial.refusals;
    let is_enough =
        |n: usize| enough.is_some_and(|(most, ids)| n >= most && scenario.sender.violates(ids));
    for (n, (probe, request)) in probes.refusals.iter().enumerate() {
        if n >= probes.first_refusals && (kept.is_late() || is_enough(n)) {
            break;
        }
        let times = if n < probes.first_refusals && !kept.is_late() {
            2
        } else {
            1
        };
        for _ in 0..times {
            refusal(kept, probe, request.clone(), submitter).await?;
        }
    }
    Ok(())
}

/// Sends one of them.
async fn refusal(
    kept: &Kept,
    probe: &Probe,
    request: Request,
    submitter: &mut Submitter<'_>,
) -> Result<(), Stop> {
    if kept.is_worth(&request)
        && let Sent::Exchange(_, exchange) = submitter.submit_as(request, probe).await?
    {
        kept.note(&exchange);
    }
    Ok(())
}

/// Breaks each rule once more, now that jobs were accepted. Each may be accepted, too, so that a place must be left.
async fn again(kept: &Kept, probes: &Probes, submitter: &mut Submitter<'_>) -> Result<(), Stop> {
    for probe in &probes.again {
        if submitter.has_jobs_left() && !kept.is_late() {
            refusal(kept, probe, probe.request(), submitter).await?;
        }
    }
    Ok(())
}

/// Sends a probe about one thing, and a second one where the first is refused: a server that refuses at random is not
/// to be blamed for that one thing.
async fn isolated(probe: &Probe, submitter: &mut Submitter<'_>) -> Result<(), Stop> {
    if let Sent::Exchange(_, exchange) = submitter.submit(probe).await?
        && acceptance::refused(&exchange)
        && let Some(second) = probe.anew()
    {
        submitter.submit(&second).await?;
    }
    Ok(())
}

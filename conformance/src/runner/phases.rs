//! The phases of a run, in their order: preflight, account, refusals, acceptance, jobs, usage, isolated probes, generated
//! cases, shrinking, balance.

use std::collections::HashSet;

use super::account;
use super::cases;
use super::config::RunConfig;
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
use crate::contract::expectation::{Expectation, Reason};
use crate::generated::contract::{limits, submit::webhook_url};
use crate::probes::Probe;

/// Runs all phases.
pub(super) async fn run(config: &RunConfig, sender: &Sender<'_>) -> Result<(), Stop> {
    let listener = match &config.webhook {
        Some(webhook) => Some(
            Listener::start(webhook.listen, webhook.base.clone(), sender.started())
                .await
                .map_err(|error| Stop::NoListener(webhook.listen, error.to_string()))?,
        ),
        None => None,
    };
    let webhook_url = listener.as_ref().map_or_else(
        || webhook_url::EXAMPLE.to_owned(),
        |listener| listener.url("First?token=a%2Fb"),
    );
    let probes = Probes::of(config, webhook_url);
    let mut submitter = Submitter::new(sender, limits::ACTIVE_JOBS, config.first_interval());
    let scenario = Scenario {
        config,
        sender,
        listener: listener.as_ref(),
    };

    sender.reporter.phase("preflight");
    preflight::run(config, sender, &mut submitter).await?;

    sender.reporter.phase("account");
    account::read(config, sender).await?;

    sender.reporter.phase("refusals");
    refusals(config, sender, &probes, &mut submitter).await?;
    if config.needs(&preflight::newest()) {
        sender.ask(preflight::newest()).await?;
    }

    sender.reporter.phase("acceptance");
    let before = sender.refused();
    let jobs = scenario.submit(&probes.baseline, &mut submitter).await?;
    let refused = sender.refused() > before;

    sender.reporter.phase("jobs");
    scenario.ways_to_ask(&jobs).await?;
    scenario.lists().await?;
    scenario.follow(&jobs).await?;

    sender.reporter.phase("usage");
    account::usage(config, sender, requests::most_pages(config)).await?;

    if config.embedded || refused {
        sender.reporter.phase("isolated probes");
        for probe in &probes.isolated {
            isolated(probe, &mut submitter).await?;
        }
    }

    sender.reporter.phase("generated cases");
    let from_catalogue = sender.count();
    if config.cases > 0 {
        submitter.wait_for_all().await?;
    }
    let failing = cases::send(config, sender).await?;
    sender.reporter.phase("shrinking");
    shrink::shrink(config, sender, from_catalogue, failing).await?;
    if !config.embedded {
        sender.reporter.phase("balance");
        account::reckon(sender).await?;
    }
    Ok(())
}

/// Sends what a correct server refuses, as far as the minutes allow. Where jobs are counted, nothing more is sent that
/// breaks only rules of which it is known that the server does not keep them.
async fn refusals(
    config: &RunConfig,
    sender: &Sender<'_>,
    probes: &Probes,
    submitter: &mut Submitter<'_>,
) -> Result<(), Stop> {
    let most = config.max_minutes.map(|minutes| 60 * minutes);
    let mut not_kept: HashSet<Reason> = HashSet::new();
    for (n, probe) in probes.refusals.iter().enumerate() {
        let is_late = most.is_some_and(|most| sender.started().elapsed().as_secs() >= most);
        if is_late && n >= probes.first_refusals {
            break;
        }
        let request = probe.request();
        let Expectation::Refuse(reasons) = request.expectation().clone() else {
            continue;
        };
        if !config.embedded && reasons.iter().all(|reason| not_kept.contains(reason)) {
            continue;
        }
        if let Sent::Exchange(_, exchange) = submitter.submit_as(request, probe).await?
            && exchange.accepted()
        {
            not_kept.extend(reasons);
        }
    }
    Ok(())
}

/// Sends a probe about one thing, and a second one where the first is refused: a server that refuses at random is not
/// to be blamed for that one thing.
async fn isolated(probe: &Probe, submitter: &mut Submitter<'_>) -> Result<(), Stop> {
    if let Sent::Exchange(_, exchange) = submitter.submit(probe).await?
        && acceptance::refused(&exchange)
        && let Some(submission) = probe.submission.anew()
    {
        let second = Probe {
            name: probe.name.clone(),
            submission,
        };
        submitter.submit(&second).await?;
    }
    Ok(())
}

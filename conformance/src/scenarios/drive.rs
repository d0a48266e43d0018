//! Drives a client through the scenarios: first the plain one, by itself, then all others, several at once, each on a
//! mock of its own.

use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};

use super::catalogue::SCENARIOS;
use super::error::HarnessError;
use super::judgement::{self, Known, Tallies};
use super::kinds::PLAIN;
use super::scenario::Scenario;
use super::stage::{Staged, stage};
use super::task::{Client, Ended};
use crate::checks::{CLIENT_CHECKS, Check};
use crate::exchange::Exchange;
use crate::runner::local;

/// How to drive a client.
#[derive(Debug, Clone)]
pub struct Options {
    /// The clauses that it is judged by.
    pub checks: Vec<&'static Check>,
    /// The scenarios to play, with those that they come after; where there is none, all that can judge `checks`. The plain one
    /// is always played.
    pub scenarios: Vec<&'static Scenario>,
    /// How many times as fast as outside the time of the scenarios passes.
    pub speed: u32,
    /// How many scenarios are played at once.
    pub at_once: usize,
}

/// A client, driven.
#[derive(Debug, Default)]
pub struct Driven {
    /// What was played, in the order of the catalogue, and what the clauses say of the client there.
    pub played: Vec<Played>,
    /// All exchanges, in that order: findings refer to them by their number.
    pub exchanges: Vec<Arc<Exchange>>,
    /// Jobs that the client made.
    pub jobs: usize,
    /// How long it took.
    pub took: Duration,
    /// Whether the user ended it before all was played.
    pub interrupted: bool,
    /// Why the client can't be judged, where nothing could be.
    pub unjudged: Option<String>,
}

/// A scenario that was played.
#[derive(Debug)]
pub struct Played {
    /// The scenario.
    pub scenario: &'static Scenario,
    /// How the client ended, in words.
    pub ended: String,
    /// Which of all exchanges are of it.
    pub exchanges: Range<usize>,
    pub(crate) tallies: Tallies,
}

impl Played {
    /// The clauses that the client violated, of those that it is judged by.
    pub fn violated(&self) -> impl Iterator<Item = &'static str> {
        let violated = self.tallies.iter();
        let violated = violated.filter(|(_, tally)| tally.violations.count > 0);
        violated.map(|(check, _)| check.id)
    }
}

/// Drives a client through the scenarios that can judge `options.checks`. `progress` is told of each when it is over. At
/// `interrupt`, those that are not over are given up.
///
/// # Errors
///
/// When the client can't be judged, or the suite fails: see [`HarnessError`].
pub async fn drive(
    client: &impl Client,
    options: &Options,
    interrupt: impl Future<Output = ()>,
    progress: &(dyn Fn(&'static Scenario, &Ended) + Sync),
) -> Result<Driven, HarnessError> {
    let (since, http) = (Instant::now(), local()?);
    let mut interrupt = pin!(interrupt);
    let folder = tempfile::tempdir()?;
    let play = async |scenario: &'static Scenario| {
        let staged = stage(scenario, client, &http, options.speed, folder.path(), since).await?;
        progress(scenario, &staged.ended);
        Ok::<_, HarnessError>((scenario, staged))
    };
    let Some((plain, others)) = SCENARIOS.split_first() else {
        return Err(HarnessError::Plain("there is none".to_owned()));
    };
    let first = tokio::select! {
        first = play(plain) => first?,
        () = &mut interrupt => return Ok(judge(&[], options, since.elapsed(), true)),
    };
    if let Ended::NotStarted(why) = first.1.ended {
        return Err(HarnessError::NotStarted(why));
    }
    let works = first.1.ended == Ended::Success;
    let (mut staged, mut interrupted) = (vec![first], false);
    if works {
        let others = others
            .iter()
            .filter(|scenario| is_wanted(scenario, options));
        let playing = stream::iter(others.map(play));
        let mut playing = playing.buffer_unordered(options.at_once.max(1));
        while !interrupted {
            tokio::select! {
                one = playing.next() => match one {
                    Some(one) => staged.push(one?),
                    None => break,
                },
                () = &mut interrupt => interrupted = true,
            }
        }
        let place = |name| SCENARIOS.iter().position(|scenario| scenario.name == name);
        staged.sort_by_key(|(scenario, _)| place(scenario.name));
    }
    let driven = judge(&staged, options, since.elapsed(), interrupted);
    let explained = driven
        .played
        .iter()
        .any(|played| played.violated().next().is_some());
    match &staged[..] {
        [(_, only)] if !works && !explained => {
            Err(HarnessError::Plain(only.ended.text(PLAIN.limit)))
        }
        _ => Ok(driven),
    }
}

/// Whether the scenario is asked for, or one that comes after it: by its name, or where none is, as one that can judge one of
/// the clauses.
fn is_wanted(scenario: &Scenario, options: &Options) -> bool {
    let Options {
        checks, scenarios, ..
    } = options;
    let all = scenarios.is_empty() && checks.len() == CLIENT_CHECKS.len();
    let can_judge = |scenario: &Scenario| {
        let mut clauses = scenario.clauses.iter();
        clauses.any(|clause| checks.iter().any(|check| check.id == *clause))
    };
    let asked = |scenario: &Scenario| match &scenarios[..] {
        [] => can_judge(scenario),
        named => named.iter().any(|named| named.name == scenario.name),
    };
    let needed = |other: &&Scenario| other.after == Some(scenario.name);
    all || asked(scenario) || SCENARIOS.iter().filter(needed).any(asked)
}

fn judge(
    staged: &[(&'static Scenario, Staged)],
    options: &Options,
    took: Duration,
    interrupted: bool,
) -> Driven {
    // What did not happen to a client, since it was slow, says nothing of what it makes of it.
    let met = |staged: &Staged| {
        let mut exchanges = staged.exchanges.iter();
        exchanges.any(|exchange| exchange.throttled() || exchange.outcome.is_err())
    };
    let succeeded = |name: &str, played: &[Played]| {
        let mut ended = staged.iter().filter(|(scenario, _)| scenario.name == name);
        let mut played = played.iter();
        ended.any(|(_, staged)| staged.ended == Ended::Success && met(staged))
            && played.any(|one| one.scenario.name == name && one.violated().next().is_none())
    };
    let writes = staged
        .iter()
        .any(|(scenario, staged)| scenario.name == PLAIN.name && staged.output.is_some());
    let mut driven = Driven {
        played: Vec::new(),
        exchanges: Vec::new(),
        jobs: 0,
        took,
        interrupted,
        unjudged: None,
    };
    for (scenario, staged) in staged {
        let known = Known {
            writes,
            after: (scenario.after).is_none_or(|name| succeeded(name, &driven.played)),
            first: driven.exchanges.len(),
        };
        let mut tallies = judgement::of_traffic(CLIENT_CHECKS, &staged.exchanges, known.first);
        // Whoever fails here is judged by its traffic alone.
        if scenario.name != PLAIN.name || staged.ended == Ended::Success {
            judgement::of_end(scenario, staged, known, &mut tallies);
        }
        driven.exchanges.extend(staged.exchanges.iter().cloned());
        driven.jobs += staged.jobs.len();
        driven.played.push(Played {
            scenario,
            ended: staged.ended.text(scenario.limit),
            exchanges: known.first..driven.exchanges.len(),
            tallies,
        });
    }
    // A scenario that comes after another looks at all of it.
    let is_asked = |check: &Check| options.checks.iter().any(|asked| asked.id == check.id);
    for played in &mut driven.played {
        played.tallies.retain(|(check, _)| is_asked(check));
    }
    driven
}

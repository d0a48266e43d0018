//! Proof that the clauses of a client can fail: the reference client is driven as it should be, and with each mistake.

use std::collections::BTreeSet;

use futures_util::{StreamExt, stream};

use super::{Mistake, Reference};
use crate::checks::CLIENT_CHECKS;
use crate::runner::local;
use crate::scenarios::drive::{Options, drive};
use crate::scenarios::error::HarnessError;

/// How many times as fast as outside the time of the scenarios passes.
const SPEED: u32 = 10;
/// Clients that are driven at once, and scenarios of each: all of them wait more than they work. With more, a machine that is
/// busy besides makes them too slow to be throttled.
const CLIENTS: usize = 12;
const SCENARIOS: usize = 12;

/// What became of one client.
#[derive(Debug)]
pub struct Row {
    /// The mistake; `None` for the client as it should be.
    pub mistake: Option<Mistake>,
    /// The clauses that it was seen to violate, each with a scenario.
    pub violated: Vec<(&'static str, &'static str)>,
    /// Clauses that a client as it should be was not seen to satisfy.
    pub unjudged: Vec<&'static str>,
}

impl Row {
    /// Whether the client was judged right: its mistake named by its clause, and by no other.
    pub fn is_right(&self) -> bool {
        let clauses: BTreeSet<&str> = self.violated.iter().map(|(clause, _)| *clause).collect();
        let due: BTreeSet<&str> = self.mistake.map(Mistake::clause).into_iter().collect();
        clauses == due && self.unjudged.is_empty()
    }
}

/// Drives all clients, or those with these mistakes. `progress` is told of each, in their order.
///
/// # Errors
///
/// When the suite fails: see [`HarnessError`].
pub async fn prove(
    mistakes: &[Option<Mistake>],
    mut progress: impl FnMut(&Row),
) -> Result<Vec<Row>, HarnessError> {
    let http = local()?;
    let options = Options {
        checks: CLIENT_CHECKS.to_vec(),
        scenarios: Vec::new(),
        speed: SPEED,
        at_once: SCENARIOS,
    };
    let rows = mistakes.iter().map(|mistake| {
        let client = Reference {
            mistake: *mistake,
            http: http.clone(),
        };
        let options = &options;
        async move {
            let driven = drive(&client, options, std::future::pending(), &|_, _| {}).await?;
            let mut violated = Vec::new();
            for played in &driven.played {
                violated.extend(
                    played
                        .violated()
                        .map(|clause| (clause, played.scenario.name)),
                );
            }
            let satisfied = |id: &str| {
                let mut tallies = driven.played.iter().flat_map(|played| &played.tallies);
                tallies.any(|(check, tally)| check.id == id && tally.satisfied > 0)
            };
            let ids = CLIENT_CHECKS.iter().map(|check| check.id);
            let unjudged = ids.filter(|id| mistake.is_none() && !satisfied(id));
            Ok::<_, HarnessError>(Row {
                mistake: *mistake,
                unjudged: unjudged.collect(),
                violated,
            })
        }
    });
    let mut driving = stream::iter(rows).buffered(CLIENTS);
    let mut rows = Vec::new();
    while let Some(row) = driving.next().await {
        let row = row?;
        progress(&row);
        rows.push(row);
    }
    Ok(rows)
}

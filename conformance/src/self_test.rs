//! Proof that the suite can fail: it runs on the compliant mock, on every fault and on every benign variant,
//! compares what is red with what ought to be, and runs every line that a finding prints to bring it back.

mod curve;
mod detection;
mod workers;

use std::collections::BTreeSet;
use std::time::Duration;

use crustdata_mock::{Fault, Mock};
use url::Url;

pub use curve::{Curve, Point};
pub use detection::{Outcome, Setup, detect};

use crate::embedded::{self, EmbeddedError};
use crate::results::{Results, Rules, Status};
use crate::runner::{self, RunConfig, Trial};
use detection::RED;
use workers::share_out;

/// Runs under way at once on each thread: some of them wait for something that never comes.
const AT_ONCE: usize = 3;
/// The same for external targets, for which all of them wait more than they work.
const EXTERNAL_AT_ONCE: usize = 32;
/// Tries that a line has on an external target, which goes on from the state that it is in: one that errs now and then
/// errs in one of them. The embedded mock starts anew for each.
const EXTERNAL_TRIES: usize = 8;
/// Accepted jobs that show every clause of an external target.
const EXTERNAL_JOBS: u64 = 8;
/// Time on the clock of such a mock between two requests: its jobs are over after a few polls, which are ever further
/// apart.
const EXTERNAL_TICK: Duration = Duration::from_secs(40);
/// Time on a mock's clock after which no job of an earlier run is active.
const LATER: Duration = Duration::from_secs(3600);
/// Refusals that show every fault of the mock.
const REFUSALS: usize = 700;
/// The same, where the server is not about them.
const OTHER_REFUSALS: usize = 100;

/// What to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Generated submissions in each run.
    pub cases: u32,
    /// What all generated values follow from.
    pub seed: u64,
    /// Only these faults and variants; all of them, and the compliant mock, where it is empty.
    pub only: Vec<&'static Fault>,
    /// Whether each mock is an external target, reached by its port and within a budget. Such a run need not show
    /// every fault, or tell which of several clauses it violates.
    pub external: bool,
}

/// What became of one run.
#[derive(Debug)]
pub struct Row {
    /// The fault or variant; `None` for the compliant mock.
    pub fault: Option<&'static Fault>,
    /// Clauses that ought to be red and are.
    pub caught: Vec<&'static str>,
    /// Clauses that ought to be red and are not.
    pub missed: Vec<&'static str>,
    /// Clauses that are red and ought not to be.
    pub blamed: Vec<&'static str>,
    /// Clauses that a server without faults must be seen to satisfy, and that were not judged.
    pub unjudged: Vec<&'static str>,
    /// Lines that findings print to bring them back.
    pub lines: usize,
    /// Those of them that do not.
    pub lost: Vec<String>,
    /// Those that do not on an external target that satisfies the clause, too, or errs so seldom that another clause was
    /// taken to be violated: no line is sure to show what a server does now and then.
    pub not_always: Vec<String>,
}

impl Row {
    /// Whether the suite said exactly what it ought to.
    pub fn is_right(&self) -> bool {
        self.missed.is_empty()
            && self.blamed.is_empty()
            && self.unjudged.is_empty()
            && self.lost.is_empty()
    }

    fn of(fault: Option<&'static Fault>, results: &Results, external: bool) -> Self {
        let due: BTreeSet<&str> = fault
            .map(|fault| fault.breaks)
            .unwrap_or_default()
            .iter()
            .copied()
            .collect();
        let with = |wanted: &[Status]| -> BTreeSet<&'static str> {
            results
                .checks
                .iter()
                .filter(|check| wanted.contains(&check.status))
                .map(|check| check.id)
                .collect()
        };
        let red = with(RED);
        let mut row = Self {
            fault,
            caught: red.iter().copied().filter(|id| due.contains(id)).collect(),
            missed: Vec::new(),
            blamed: Vec::new(),
            unjudged: Vec::new(),
            lines: 0,
            lost: Vec::new(),
            not_always: Vec::new(),
        };
        if !external || due.is_empty() {
            row.blamed = red.iter().copied().filter(|id| !due.contains(id)).collect();
        }
        if !external {
            row.missed = due.iter().copied().filter(|id| !red.contains(id)).collect();
            if fault.is_none() {
                let unjudged = with(&[Status::Untestable, Status::Vacuous]);
                row.unjudged = unjudged.into_iter().collect();
            }
        }
        row
    }

    /// Runs each line that the findings print, at most `tries` times, and keeps those that do not show the same clause
    /// violated.
    async fn repeat<E>(
        &mut self,
        results: &Results,
        tries: usize,
        repeat: impl AsyncFn(&str, &'static str) -> Result<Results, E>,
    ) -> Result<(), E> {
        for check in &results.checks {
            for line in check
                .findings
                .iter()
                .filter_map(|finding| finding.run.as_ref())
            {
                self.lines += 1;
                let mut back = false;
                for _ in 0..tries {
                    let again = repeat(line, check.id).await?;
                    back = again
                        .checks
                        .iter()
                        .any(|again| again.id == check.id && RED.contains(&again.status));
                    if back {
                        break;
                    }
                }
                let breaks = self
                    .fault
                    .is_some_and(|fault| fault.breaks.contains(&check.id));
                let now_and_then = check.satisfied > 0 || !breaks;
                if !back && now_and_then && !results.target.embedded {
                    self.not_always.push(line.clone());
                } else if !back {
                    self.lost.push(line.clone());
                }
            }
        }
        Ok(())
    }
}

/// Runs the suite on the compliant mock, each fault and each variant, and every line that their findings print:
/// `repeat` carries one out as the command line would, until it shows the clause violated. `each` sees every row as it comes, in the order of the
/// registry.
///
/// # Errors
///
/// When a mock can't be started, nothing can be sent, or `repeat` fails.
pub fn run<E: From<EmbeddedError> + Send>(
    options: &Options,
    repeat: impl AsyncFn(&str, &'static str) -> Result<Results, E> + Sync,
    mut each: impl FnMut(&Row),
) -> Result<Vec<Row>, E> {
    let faults: Vec<Option<&'static Fault>> = if options.only.is_empty() {
        std::iter::once(None)
            .chain(
                crustdata_mock::faults()
                    .chain(crustdata_mock::variants())
                    .map(Some),
            )
            .collect()
    } else {
        options.only.iter().copied().map(Some).collect()
    };
    let at_once = if options.external {
        EXTERNAL_AT_ONCE
    } else {
        AT_ONCE
    };
    let mut rows = Vec::new();
    share_out(
        &faults,
        at_once,
        async |fault| row(*fault, options, &repeat).await,
        |row| {
            each(&row);
            rows.push(row);
        },
    )?;
    Ok(rows)
}

async fn row<E: From<EmbeddedError>>(
    fault: Option<&'static Fault>,
    options: &Options,
    repeat: &impl AsyncFn(&str, &'static str) -> Result<Results, E>,
) -> Result<Row, E> {
    // Until the lines have been run, too: they name its port.
    let external = if options.external {
        Some(
            embedded::mock(fault.into_iter().collect(), EXTERNAL_TICK)
                .await
                .map_err(EmbeddedError::from)?,
        )
    } else {
        None
    };
    let results = match &external {
        Some(mock) => on_external(mock, fault, options).await?,
        None => on_embedded(fault, options).await?,
    };
    let mut row = Row::of(fault, &results, options.external);
    let tries = if external.is_some() {
        EXTERNAL_TRIES
    } else {
        1
    };
    row.repeat(&results, tries, async |line, clause| {
        if let Some(mock) = &external {
            mock.advance(LATER);
        }
        repeat(line, clause).await
    })
    .await?;
    if let Some(mock) = external {
        mock.stop().await;
    }
    Ok(row)
}

/// A server that forgets a rule now and then is sent all the ways to break it; others need few.
fn refusals(fault: Option<&Fault>) -> usize {
    let is_about_refusals = |fault: &Fault| fault.breaks.iter().any(|id| id.starts_with("reject."));
    match fault {
        Some(fault) if is_about_refusals(fault) => REFUSALS,
        _ => OTHER_REFUSALS,
    }
}

async fn on_embedded(
    fault: Option<&'static Fault>,
    options: &Options,
) -> Result<Results, EmbeddedError> {
    let config = RunConfig {
        faults: fault.into_iter().collect(),
        trial: Trial {
            refusals: fault.map(|fault| (OTHER_REFUSALS, fault.breaks)),
            ..Trial::default()
        },
        ..config(embedded::base_url(), fault, options)
    };
    let never = std::future::pending();
    embedded::run(config, &Rules::default(), never, &|_| {}).await
}

async fn on_external(
    mock: &Mock,
    fault: Option<&Fault>,
    options: &Options,
) -> Result<Results, EmbeddedError> {
    let config = RunConfig {
        embedded: false,
        max_jobs: Some(EXTERNAL_JOBS),
        ..config(mock.base_url(), fault, options)
    };
    let run = runner::run(&config, None, std::future::pending(), &|_| {}).await?;
    Ok(Results::of(&config, run, &Rules::default()))
}

fn config(base_url: Url, fault: Option<&Fault>, options: &Options) -> RunConfig {
    RunConfig {
        refusals: Some(refusals(fault)),
        cases: options.cases,
        seed: options.seed,
        ..RunConfig::of_mock(base_url)
    }
}

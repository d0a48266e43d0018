//! Proof that the suite can fail: it runs on the compliant mock, on every fault and on every benign variant,
//! and compares what is red with what ought to be.

use std::collections::BTreeSet;
use std::time::Duration;

use crustdata_mock::Fault;
use futures_util::{StreamExt, stream};

use crate::checks::CHECKS;
use crate::embedded::{self, EmbeddedError, Options};
use crate::results::{Results, Rules, Status};

/// Runs under way at once: some of them wait for something that never comes.
const AT_ONCE: usize = 4;

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
    /// Clauses that a server without faults must be seen to keep, and that were not judged.
    pub unjudged: Vec<&'static str>,
}

impl Row {
    /// Whether the suite said exactly what it ought to.
    pub fn is_right(&self) -> bool {
        self.missed.is_empty() && self.blamed.is_empty() && self.unjudged.is_empty()
    }

    fn of(fault: Option<&'static Fault>, results: &Results) -> Self {
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
        let red = with(&[Status::Fail, Status::Warn]);
        Self {
            fault,
            caught: red.iter().copied().filter(|id| due.contains(id)).collect(),
            missed: due.iter().copied().filter(|id| !red.contains(id)).collect(),
            blamed: red.iter().copied().filter(|id| !due.contains(id)).collect(),
            unjudged: if fault.is_none() {
                with(&[Status::Untestable, Status::Vacuous])
                    .into_iter()
                    .collect()
            } else {
                Vec::new()
            },
        }
    }
}

/// Runs the suite on the compliant mock, each fault and each variant, with `cases` generated submissions each.
/// `each` sees every row as it comes, in the order of the registry.
///
/// # Errors
///
/// When a mock can't be started or nothing can be sent.
pub async fn run(
    cases: u32,
    seed: u64,
    only: &[&'static Fault],
    mut each: impl FnMut(&Row),
) -> Result<Vec<Row>, EmbeddedError> {
    let all: Vec<Option<&'static Fault>> = if only.is_empty() {
        std::iter::once(None)
            .chain(
                crustdata_mock::faults()
                    .chain(crustdata_mock::variants())
                    .map(Some),
            )
            .collect()
    } else {
        only.iter().copied().map(Some).collect()
    };
    let mut rows = Vec::new();
    let mut runs = stream::iter(all)
        .map(|fault| async move {
            let options = Options {
                checks: CHECKS.to_vec(),
                cases,
                seed,
                max_jobs: None,
                rpm: None,
                timeout: Duration::from_secs(30),
                faults: fault.into_iter().collect(),
            };
            let never = std::future::pending();
            let results = embedded::run(&options, &Rules::default(), never, &|_| {}).await?;
            Ok::<_, EmbeddedError>(Row::of(fault, &results))
        })
        .buffered(AT_ONCE);
    while let Some(row) = runs.next().await {
        let row = row?;
        each(&row);
        rows.push(row);
    }
    Ok(rows)
}

//! Detection by budget: how many of the mock's faults are found within each.

use serde::Serialize;

use super::detection::Outcome;
use crate::runner::Spending;

/// Detection by budget.
#[derive(Debug, Default, Serialize)]
pub struct Curve {
    /// Each budget, in the order in which outcomes came.
    pub budgets: Vec<Point>,
}

/// What is found within one budget.
#[derive(Debug, Serialize)]
pub struct Point {
    /// Most accepted jobs.
    pub max_jobs: u64,
    /// Minutes for what a correct server refuses.
    pub max_minutes: u64,
    /// Faults that are found.
    pub found: usize,
    /// Those of them that are found by a clause that they break. Few jobs do not always tell which of several features a
    /// server refuses.
    pub named: usize,
    /// All faults.
    pub of: usize,
    /// The others, by their names.
    pub missed: Vec<&'static str>,
}

impl Point {
    /// The share of the faults that is found, in percents.
    pub fn percent(&self) -> f64 {
        100.0 * self.found as f64 / self.of.max(1) as f64
    }
}

impl Curve {
    /// Takes in what one run found.
    pub fn add(&mut self, outcome: &Outcome) {
        let Spending { jobs, minutes } = outcome.setup.budget;
        let of = |point: &Point| (point.max_jobs, point.max_minutes) == (jobs, minutes);
        let place = self.budgets.iter().position(of);
        let place = place.unwrap_or_else(|| {
            self.budgets.push(Point {
                max_jobs: jobs,
                max_minutes: minutes,
                found: 0,
                named: 0,
                of: 0,
                missed: Vec::new(),
            });
            self.budgets.len() - 1
        });
        let point = &mut self.budgets[place];
        point.of += 1;
        point.named += usize::from(outcome.is_named());
        if outcome.is_found() {
            point.found += 1;
        } else {
            point
                .missed
                .extend(outcome.setup.server.map(|fault| fault.name));
        }
    }
}

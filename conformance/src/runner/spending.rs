//! What a run may spend: jobs, which cost money, and minutes, which at a pace are requests.

use std::fmt;
use std::str::FromStr;

use super::config::RunConfig;
use crate::generated::contract::limits::REQUESTS_PER_MINUTE;

/// What a run may spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spending {
    /// Most accepted jobs.
    pub jobs: u64,
    /// Minutes for what a correct server refuses.
    pub minutes: u64,
}

impl Spending {
    /// The budgets that a plan compares, the cheapest first.
    pub const GRID: [Self; 12] = {
        let (jobs, minutes) = ([0, 8, 20, 80], [5, 15, 60]);
        let mut grid = [Self {
            jobs: 0,
            minutes: 0,
        }; 12];
        let mut n = 0;
        while n < grid.len() {
            grid[n] = Self {
                jobs: jobs[n / minutes.len()],
                minutes: minutes[n % minutes.len()],
            };
            n += 1;
        }
        grid
    };

    /// The same run within this budget. Where it has no pace, that of the document is taken, so that minutes mean
    /// something.
    pub fn applied_to(self, config: &RunConfig) -> RunConfig {
        RunConfig {
            max_jobs: Some(self.jobs),
            max_minutes: Some(self.minutes),
            rpm: config.rpm.or(Some(REQUESTS_PER_MINUTE)),
            ..config.clone()
        }
    }
}

impl fmt::Display for Spending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.jobs, self.minutes)
    }
}

impl FromStr for Spending {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('x');
        let numbers = parts.and_then(|(jobs, minutes)| {
            let (jobs, minutes) = (jobs.parse().ok()?, minutes.parse().ok()?);
            Some(Self { jobs, minutes })
        });
        numbers.ok_or_else(|| "it must be jobs and minutes, like 8x15".to_owned())
    }
}

//! What a run cost: predicted, charged, and expected by what was delivered. The account says what was charged, for nothing;
//! the prices are the document's.

use serde::Serialize;

use super::figures::counted;
use crate::checks::accounts::LEAST;
use crate::evidence::{Evidence, Requested, Submission};
use crate::runner::Plan;

/// What a run cost, in credits, as far as the server says so; of a run on another server than the embedded mock only.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cost {
    /// The most that the plan allows: all kinds for each profile in as many jobs as may be accepted.
    pub predicted_ceiling: f64,
    /// What the usage events of the run's submissions say, in all; absent where none was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charged: Option<f64>,
    /// What those kinds cost by the known prices that were delivered, in all; absent where no results file was read whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
    /// Accepted submissions whose response names an id of the request.
    pub jobs: usize,
    /// Those of them whose event was seen.
    pub charged_jobs: usize,
    /// Those of them whose results were read whole.
    pub expected_jobs: usize,
    /// The balance before the first submission; absent where it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_before: Option<f64>,
    /// The balance at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance_after: Option<f64>,
    /// Credits by which the balance fell beyond what events say: other requests of the account may be the cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unexplained: Option<f64>,
    /// What is charged that ought not to be, a sentence each. Of the level `seen`, as `usage.expected`, which judges it
    /// request by request: a warning.
    pub differences: Vec<String>,
}

impl Cost {
    /// What the evidence shows of a run with this plan.
    pub(super) fn of(plan: &Plan, evidence: &Evidence) -> Self {
        let (mut charged, mut expected) = (Sum::default(), Sum::default());
        let (mut both, mut refusals) = ((Sum::default(), Sum::default()), Sum::default());
        let mut jobs = 0;
        for (_, requested) in evidence.requests().all() {
            let delivered = match requested.submission {
                None => continue,
                Some(Submission::Refused) => {
                    charged.add_unless_zero(requested);
                    refusals.add_unless_zero(requested);
                    continue;
                }
                Some(Submission::Accepted { delivered, .. }) => delivered,
            };
            jobs += 1;
            charged.add(requested.charged);
            expected.add(delivered);
            if let (Some(_), Some(_)) = (requested.charged, delivered) {
                both.0.add(requested.charged);
                both.1.add(delivered);
            }
        }
        let balances = evidence.account().balances;
        let fell = balances.map(|(before, after)| before - after);
        let beyond = fell.map(|fell| fell - charged.credits);
        let mut cost = Self {
            predicted_ceiling: plan.credits(),
            charged: charged.some(),
            expected: expected.some(),
            jobs,
            charged_jobs: charged.count - refusals.count,
            expected_jobs: expected.count,
            balance_before: balances.map(|(before, _)| before),
            balance_after: balances.map(|(_, after)| after),
            unexplained: beyond.filter(|beyond| *beyond > LEAST),
            differences: Vec::new(),
        };
        cost.compare(&both.0, &both.1, &refusals);
        cost
    }

    fn compare(&mut self, charged: &Sum, expected: &Sum, refusals: &Sum) {
        let mut differs = |text: String| self.differences.push(text);
        if charged.credits > expected.credits + LEAST {
            differs(format!(
                "{} credits are charged for {}, whose delivered kinds cost {} by the known prices",
                rounded(charged.credits),
                counted(charged.count as u64, "job"),
                rounded(expected.credits),
            ));
        }
        if refusals.count > 0 {
            differs(format!(
                "{} credits are charged for {}",
                rounded(refusals.credits),
                counted(refusals.count as u64, "refusal"),
            ));
        }
        let most = self.predicted_ceiling;
        if let Some(charged) = self.charged.filter(|charged| *charged > most + LEAST) {
            differs(format!(
                "{} credits are charged, more than the plan's ceiling of {}",
                rounded(charged),
                rounded(most),
            ));
        }
    }

    /// The figures in lines for people, the differences last.
    pub fn lines(&self) -> Vec<String> {
        let of = |credits: Option<f64>, count: usize| match credits {
            Some(credits) => format!(
                "{} for {count} of {}",
                rounded(credits),
                counted(self.jobs as u64, "job")
            ),
            None => "unknown".to_owned(),
        };
        let mut lines = vec![format!(
            "predicted at most {} credits, charged {}, expected by what was delivered {}",
            rounded(self.predicted_ceiling),
            of(self.charged, self.charged_jobs),
            of(self.expected, self.expected_jobs),
        )];
        if let (Some(before), Some(after)) = (self.balance_before, self.balance_after) {
            lines.push(format!(
                "balance {} before, {} after",
                rounded(before),
                rounded(after)
            ));
        }
        if let Some(unexplained) = self.unexplained {
            lines.push(format!(
                "{} credits of that are in no event of this run: other requests of the account may be the cause",
                rounded(unexplained),
            ));
        }
        lines.extend(
            self.differences
                .iter()
                .map(|text| format!("difference: {text}")),
        );
        lines
    }
}

/// Credits, and of how many requests.
#[derive(Debug, Default)]
struct Sum {
    credits: f64,
    count: usize,
}

impl Sum {
    fn add(&mut self, credits: Option<f64>) {
        if let Some(credits) = credits {
            self.credits += credits;
            self.count += 1;
        }
    }

    fn add_unless_zero(&mut self, requested: &Requested) {
        self.add(requested.charged.filter(|credits| *credits > LEAST));
    }

    fn some(&self) -> Option<f64> {
        (self.count > 0).then_some(self.credits)
    }
}

/// Credits without what is lost when decimal fractions are added.
fn rounded(credits: f64) -> f64 {
    (credits * 1e4).round() / 1e4 + 0.0
}

//! What a job costs: the contact kinds that its results hold, by the prices in the document. Where it is kept is in
//! `ledger`.

use serde_json::Value;
use uuid::Uuid;

use crate::generated::contract::{prices, submit};
use crate::jobs::Job;

/// What was charged for one request: in all the sum of its lines.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Charge {
    /// Id of the request, as `x-request-id` of its response says it.
    pub request_id: String,
    /// The job that the request made; `None` for a charge without one, which only a fault makes.
    pub batch_id: Option<Uuid>,
    /// One line for each contact kind that was delivered; none for a job that delivers nothing.
    pub lines: Vec<ChargeLine>,
}

impl Charge {
    /// Credits in all.
    pub fn credits(&self) -> f64 {
        total(&self.lines)
    }
}

/// One contact kind of a [`Charge`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ChargeLine {
    /// The kind, such as `person.business_email`.
    pub component: String,
    /// Persons for whom it was delivered.
    pub quantity: u32,
    /// Credits for all of them.
    pub credits: f64,
}

/// Credits of these lines.
pub(crate) fn total(lines: &[ChargeLine]) -> f64 {
    // Not by `sum`, which makes a zero below zero of nothing.
    lines.iter().fold(0.0, |sum, line| sum + line.credits)
}

/// What a job costs whose results are these records.
pub(crate) fn lines(records: &[Value], job: &Job) -> Vec<ChargeLine> {
    let delivered = |field: &str| {
        let pointer = format!("/data/{}", field.replace('.', "/"));
        let has = |record: &&Value| {
            let values = record.pointer(&pointer).and_then(Value::as_array);
            values.is_some_and(|values| !values.is_empty())
        };
        u32::try_from(records.iter().filter(has).count()).unwrap_or(u32::MAX)
    };
    let mut lines = Vec::new();
    for (field, price) in prices::BY_FIELD {
        lines.push(line(field, delivered(field), *price));
    }
    if job.submission.is_verified {
        // Of the kinds, the one that is verified.
        let verified = prices::BY_FIELD.first().map_or(0, |kind| delivered(kind.0));
        lines.push(line(submit::VERIFIED_KEY, verified, prices::VERIFIED));
    }
    lines.retain(|line| line.quantity > 0);
    lines
}

fn line(field: &str, quantity: u32, price: f64) -> ChargeLine {
    let kind = field.rsplit('.').next().unwrap_or(field);
    ChargeLine {
        component: format!("person.{kind}"),
        quantity,
        credits: f64::from(quantity) * price,
    }
}

//! `job.version-optional`

use super::super::{Check, Judge, Judgement, Level, Observation, answer, jobs};
use crate::contract::request::{Credential, Operation, Version};
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.version-optional",
    level: Level::Doc,
    text: "`x-api-version` is not required here.",
    source: "the provider's documentation: batch status",
    applies: |request| {
        let asks = matches!(request.operation(), Operation::Job(_))
            && Credential::of(&request.headers) == Credential::Configured;
        asks || jobs::makes_or_asks(request)
    },
    judge: Judge::Together(judge),
};

/// Only jobs that are found with the header can be missed without it.
fn judge(exchanges: &[Exchange]) -> Vec<Observation> {
    let mut observations = Vec::new();
    for trace in jobs::traces(exchanges) {
        let found = trace
            .states(exchanges)
            .any(|(index, _)| jobs::asks(&exchanges[index].request));
        for index in trace.looks {
            let exchange = &exchanges[index];
            if Version::of(&exchange.request.headers) != Version::Absent {
                continue;
            }
            let judgement = if jobs::state(exchange).is_some() {
                Judgement::Kept
            } else if let Some(why) = answer::inconclusive(exchange) {
                Judgement::Silent(why)
            } else if found {
                Judgement::broken("200 without the header, as with it", answer::got(exchange))
            } else {
                Judgement::silent("the job was not found with the header either")
            };
            observations.push(Observation {
                exchange: Some(index),
                judgement,
            });
        }
    }
    observations
}

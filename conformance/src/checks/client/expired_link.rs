//! `client.expired-link`

use http::StatusCode;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::contract::request::{Credential, Operation};
use crate::evidence::{Evidence, Seen};
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.expired-link",
    level: Level::Seen,
    text: "A link that has expired is asked for anew, not given up.",
    source: "users of the API",
    fix: Fix::in_client(
        "When the store refuses a link, ask for the status of the job again, and read from the link that it gives then.",
    ),
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: Judge::Course(|| Box::<ExpiredLink>::default()),
};

/// Whether a store refused a link, and nobody has asked for another one since. A client that ends so gave up, or is
/// not through: traffic alone does not say.
#[derive(Debug, Default)]
struct ExpiredLink {
    refused: bool,
}

impl Course for ExpiredLink {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        match seen.exchange.request.operation() {
            Operation::Download(_) if is_refused(seen.exchange) => self.refused = true,
            Operation::Job(_) if self.refused => {
                self.refused = false;
                tally.add(seen, Judgement::Satisfied);
            }
            _ => {}
        }
    }

    fn conclude(&self, _evidence: &Evidence, tally: &mut Tally) {
        if self.refused {
            tally.excuse("a link was refused, and what followed is not in the recording");
        }
    }
}

/// A store refuses a link that has expired; one that comes with a key is refused for that.
fn is_refused(exchange: &Exchange) -> bool {
    exchange.status() == Some(StatusCode::FORBIDDEN)
        && exchange.request.credential() == Credential::Absent
}

//! What a check says of an exchange, and what that adds up to: counters and the few exchanges that show a violation,
//! never a list that grows with the traffic.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use crate::evidence::Seen;
use crate::exchange::Exchange;

/// What a check says of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// The clause is satisfied.
    Satisfied,
    /// The clause is violated.
    Violated {
        /// What the clause asks for here.
        expected: String,
        /// What came instead.
        got: String,
    },
    /// The clause is violated in a way that is known and tolerated: a warning, whatever the clause's level.
    Doubtful {
        /// What the clause asks for here.
        expected: String,
        /// What came instead.
        got: String,
    },
    /// The response says nothing about the clause; the text says why.
    NotApplicable(Cow<'static, str>),
}

impl Judgement {
    /// A violated clause.
    pub fn violated(expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self::Violated {
            expected: expected.into(),
            got: got.into(),
        }
    }

    /// A response that says nothing.
    pub fn not_applicable(why: impl Into<Cow<'static, str>>) -> Self {
        Self::NotApplicable(why.into())
    }
}

/// What a check said of all exchanges so far.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How often the clause was seen to be satisfied.
    pub satisfied: usize,
    /// How often it was seen to be violated, and by what.
    pub violations: Violations,
    /// Why the first exchange that says nothing says nothing.
    pub not_applicable: Option<Cow<'static, str>>,
    /// A case that the clause speaks of and that no exchange shows. Bars a pass.
    pub not_covered: Option<String>,
}

impl Tally {
    /// Adds what is said of the exchange that is `seen`.
    pub(super) fn add(&mut self, seen: &Seen<'_>, judgement: Judgement) {
        self.add_of(seen.number, seen.exchange, judgement);
    }

    /// Adds that there are exchanges that say nothing.
    pub(super) fn excuse(&mut self, why: impl Into<Cow<'static, str>>) {
        self.not_applicable.get_or_insert_with(|| why.into());
    }

    /// Adds what is said of the exchange that is `seen`, which is held against another one.
    pub(super) fn add_against(
        &mut self,
        seen: &Seen<'_>,
        judgement: Judgement,
        other: Option<&Other>,
    ) {
        self.add_of_both(seen.number, seen.exchange, judgement, other);
    }

    /// Adds what is said of `exchange`, which has this number.
    pub(crate) fn add_of(&mut self, number: usize, exchange: &Arc<Exchange>, judgement: Judgement) {
        self.add_of_both(number, exchange, judgement, None);
    }

    /// Adds what is said of `exchange`, which has this number and is held against another one.
    pub(super) fn add_of_both(
        &mut self,
        number: usize,
        exchange: &Arc<Exchange>,
        judgement: Judgement,
        against: Option<&Other>,
    ) {
        let violation = |expected, got| Violation {
            number,
            exchange: exchange.clone(),
            expected,
            got,
            against: against.cloned(),
        };
        match judgement {
            Judgement::Satisfied => self.satisfied += 1,
            Judgement::NotApplicable(why) => {
                self.not_applicable.get_or_insert(why);
            }
            Judgement::Violated { expected, got } => {
                self.violations.binding += 1;
                self.violations.add(violation(expected, got));
            }
            Judgement::Doubtful { expected, got } => self.violations.add(violation(expected, got)),
        }
    }
}

/// How many of the first exchanges that violate a clause are remembered by their number.
const MOST_FIRST: usize = 64;

/// Exchanges that violate a clause: how many, and the few that show it best.
#[derive(Debug, Clone, Default)]
pub struct Violations {
    /// How many there are.
    pub count: usize,
    /// How many of them are more than a tolerated deviation.
    pub binding: usize,
    /// The one with the smallest request; of equal ones the first.
    pub smallest: Option<Violation>,
    /// The first ones, in the order of judging: number and size of the request.
    pub first: Vec<(usize, usize)>,
}

/// An exchange that violates a clause.
#[derive(Debug, Clone)]
pub struct Violation {
    /// Number of the exchange in the recording.
    pub number: usize,
    /// The exchange, whole.
    pub exchange: Arc<Exchange>,
    /// What the clause asks for here.
    pub expected: String,
    /// What came instead.
    pub got: String,
    /// The exchange that it is held against, where both together show the violation.
    pub against: Option<Other>,
}

/// An exchange that another one is held against.
#[derive(Debug, Clone)]
pub struct Other {
    /// Its number in the recording.
    pub number: usize,
    /// The exchange, whole.
    pub exchange: Arc<Exchange>,
}

impl Other {
    /// The exchange that is seen, for those to come.
    pub(super) fn of(seen: &Seen<'_>) -> Self {
        Self {
            number: seen.number,
            exchange: seen.exchange.clone(),
        }
    }
}

impl Violations {
    fn add(&mut self, violation: Violation) {
        self.count += 1;
        if self.first.len() < MOST_FIRST {
            let size = violation.exchange.request.body.len();
            self.first.push((violation.number, size));
        }
        let smaller = |other: &Violation| size(&violation.exchange) < size(&other.exchange);
        if self.smallest.as_ref().is_none_or(smaller) {
            self.smallest = Some(violation);
        }
    }

    /// Adds one that violates the clause, as more than a tolerated deviation.
    pub(super) fn violated(
        &mut self,
        number: usize,
        exchange: &Arc<Exchange>,
        expected: &str,
        got: String,
    ) {
        self.binding += 1;
        self.add(Violation {
            number,
            exchange: exchange.clone(),
            expected: expected.to_owned(),
            got,
            against: None,
        });
    }

    /// Adds those of `others`.
    pub(crate) fn extend(&mut self, others: &Self) {
        self.count += others.count;
        self.binding += others.binding;
        self.first.extend(&others.first);
        self.first.sort_unstable();
        self.first.truncate(MOST_FIRST);
        if let Some(other) = &others.smallest
            && (self.smallest.as_ref())
                .is_none_or(|mine| size(&other.exchange) < size(&mine.exchange))
        {
            self.smallest = Some(other.clone());
        }
    }
}

/// What the smallest of several exchanges is found by: of equal ones, the first that was sent.
fn size(exchange: &Exchange) -> (usize, Duration) {
    (exchange.request.body.len(), exchange.sent_after)
}

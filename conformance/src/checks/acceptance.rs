//! Who is to blame when a valid submission is refused.
//!
//! Several clauses say that something valid is accepted: the string forms, the largest list, the edges of
//! the chunk size, a webhook, each field. A request may use several of these at once. So a refusal is held
//! against what the run saw accepted elsewhere: what is cleared that way is not to blame. If one suspect is
//! left, its clause is violated. Of several suspects, one that is the only suspect of another refusal is to blame for
//! this one, too; and a set of fields is cleared if each of its fields was accepted in some set. If none or several
//! are left, the refusal breaks `submit.accepted`.
//!
//! What is accepted elsewhere is known at the end only. Until then the refusals of each set of features are counted,
//! with the one that shows it best.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use http::StatusCode;

use crate::checks::course::Course;
use crate::checks::delivered::Way;
use crate::checks::judgement::{Judgement, Tally, Violations};
use crate::checks::response::{got, inconclusive};
use crate::contract::expectation::Feature;
use crate::evidence::{Account, Evidence, Seen, Settled, is_failure};
use crate::exchange::{Exchange, Request};

/// A clause that says that something valid is accepted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clause {
    /// The features that it is about; `None` where it is about what no single feature explains.
    pub(super) mine: Option<fn(Feature) -> bool>,
    /// A case that it speaks of and that is not among the accepted features.
    pub(super) not_covered: fn(&HashSet<Feature>) -> Option<String>,
    /// The ways to ask for contacts that it is about: what is accepted has to bring them, too.
    pub(super) brings: Option<fn(Way) -> bool>,
}

impl Clause {
    /// The clause about these features.
    pub(super) const fn of(mine: fn(Feature) -> bool) -> Self {
        Self {
            mine: Some(mine),
            not_covered: |_| None,
            brings: None,
        }
    }

    /// The same, where what is accepted brings all that it would bring if it were asked for in other ways.
    pub(super) const fn bringing(self, brings: fn(Way) -> bool) -> Self {
        Self {
            brings: Some(brings),
            ..self
        }
    }
}

/// Whether the server refused a valid submission, or answered it with something unreadable.
pub fn refused(exchange: &Exchange) -> bool {
    exchange.request.expectation().valid().is_some()
        && exchange.accepted_object().is_none()
        && exchange.status() != Some(StatusCode::UNAUTHORIZED)
        && inconclusive(exchange).is_none()
}

/// Whether `request` is a valid submission that uses `feature`.
pub(super) fn uses(request: &Request, feature: Feature) -> bool {
    let valid = request.expectation().valid();
    valid.is_some_and(|valid| valid.features.contains(&feature))
}

/// What was seen of the valid submissions that a clause is about, and of all that were refused.
#[derive(Debug)]
pub(super) struct Acceptance {
    clause: Clause,
    refused: BTreeMap<Kind, Violations>,
}

/// What is the same for all refusals that are blamed on the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    features: Vec<Feature>,
    /// Refused with 401, which may be for the key.
    unauthorized: bool,
    /// Refused with a status that says that the server failed.
    failed: bool,
}

impl Acceptance {
    pub(super) fn of(clause: Clause) -> Self {
        Self {
            clause,
            refused: BTreeMap::new(),
        }
    }

    fn settle(&self, settled: &Settled, tally: &mut Tally) -> Option<Kind> {
        let exchange = &settled.exchange;
        let valid = exchange.request.expectation().valid()?;
        let judgement = if exchange.accepted_object().is_some() {
            Judgement::Satisfied
        } else if settled.beyond_the_limit != Some(false) {
            Judgement::not_applicable("too many jobs were active")
        } else if let Some(why) = inconclusive(exchange) {
            Judgement::not_applicable(why)
        } else if exchange.accepted() {
            match self.clause.mine {
                Some(_) => Judgement::not_applicable("the response was not a JSON object"),
                None => Judgement::violated(EXPECTED, got(exchange)),
            }
        } else {
            return Some(Kind {
                features: valid.features.clone(),
                unauthorized: exchange.status() == Some(StatusCode::UNAUTHORIZED),
                failed: is_failure(exchange),
            });
        };
        if self.is_about(&valid.features) {
            tally.add_of(settled.number, exchange, judgement);
        }
        None
    }

    fn is_about(&self, features: &[Feature]) -> bool {
        let mine = self.clause.mine;
        mine.is_none_or(|mine| features.iter().any(|feature| mine(*feature)))
    }

    /// Why refusals of this kind are no violation, where they are none.
    fn excuse(
        &self,
        kind: &Kind,
        account: &Account,
        culprits: &BTreeSet<Feature>,
    ) -> Option<&'static str> {
        if kind.unauthorized && !account.key_works {
            return Some("the server refuses the key");
        }
        match (self.clause.mine, &kind.suspects(account, culprits)[..]) {
            (Some(_), [one]) if kind.failed && account.fails_anyway(*one) => {
                Some("the server failed, as it did on what it accepts elsewhere")
            }
            (Some(mine), [one]) if mine(*one) => None,
            (Some(_), _) => Some("refused, and the cause is not known to be this"),
            (None, [_]) => Some("refused for one thing, whose own clause is violated"),
            (None, _) => None,
        }
    }
}

impl Kind {
    /// The features that may be to blame.
    fn suspects(&self, account: &Account, culprits: &BTreeSet<Feature>) -> Vec<Feature> {
        let suspects = self.not_cleared(account);
        if suspects.len() < 2 {
            return suspects;
        }
        if let Some(known) = (suspects.iter()).find(|one| culprits.iter().any(|it| it.is_in(**one)))
        {
            return vec![*known];
        }
        let accepted = account.accepted_features.iter();
        let fields = accepted
            .filter_map(|one| one.fields())
            .fold(0, |all, one| all | one);
        let is_left = |one: &&Feature| one.fields().is_none_or(|one| one & !fields != 0);
        match suspects.iter().filter(is_left).collect::<Vec<_>>()[..] {
            [one] => vec![*one],
            _ => suspects,
        }
    }

    /// The features that were not accepted elsewhere.
    fn not_cleared(&self, account: &Account) -> Vec<Feature> {
        let not_cleared = |feature: &&Feature| !account.accepted_features.contains(feature);
        self.features.iter().filter(not_cleared).copied().collect()
    }

    /// The one feature that refusals of this kind can be blamed on, where there is no other.
    fn culprit(&self, account: &Account) -> Option<Feature> {
        if self.unauthorized && !account.key_works {
            return None;
        }
        match self.not_cleared(account)[..] {
            [one] => (!self.failed || !account.fails_anyway(one)).then_some(one),
            _ => None,
        }
    }
}

const EXPECTED: &str = "a 2xx with a JSON object";

impl Course for Acceptance {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        for settled in &seen.settled {
            if let Some(kind) = self.settle(settled, tally) {
                let refused = self.refused.entry(kind).or_default();
                refused.violated(
                    settled.number,
                    &settled.exchange,
                    EXPECTED,
                    got(&settled.exchange),
                );
            }
        }
    }

    fn conclude(&self, evidence: &Evidence, tally: &mut Tally) {
        let account = evidence.account();
        let kinds = self.refused.keys();
        let culprits = kinds.filter_map(|kind| kind.culprit(account)).collect();
        for settled in evidence.unsettled() {
            if let Some(kind) = self.settle(settled, tally)
                && self.is_about(&kind.features)
            {
                match self.excuse(&kind, account, &culprits) {
                    Some(why) => tally.excuse(why),
                    None => tally.violations.violated(
                        settled.number,
                        &settled.exchange,
                        EXPECTED,
                        got(&settled.exchange),
                    ),
                }
            }
        }
        let about = |(kind, _): &(&Kind, _)| self.is_about(&kind.features);
        for (kind, refused) in self.refused.iter().filter(about) {
            match self.excuse(kind, account, &culprits) {
                Some(why) => tally.excuse(why),
                None => tally.violations.extend(refused),
            }
        }
        tally.not_covered = (self.clause.not_covered)(&account.accepted_features);
    }
}

//! The verdict on all checks together.

use super::rules::Rules;
use super::{CheckResult, Status, Verdict};
use crate::checks::{self, Check, Level, Submissions};

/// The verdict, and what it rests on; nothing more than the checks where each of them was judged and none is violated.
/// `chosen` says whether the suite chose what was sent: others need not send what shows a clause.
pub(super) fn verdict(
    checks: &[CheckResult],
    stopped: Option<&str>,
    interrupted: bool,
    chosen: bool,
    rules: &Rules,
) -> (Verdict, Option<String>) {
    let stopped = stopped.map(str::to_owned);
    if interrupted {
        return (Verdict::Interrupted, stopped);
    }
    let ids = |wanted: &dyn Fn(&CheckResult) -> bool| -> Option<String> {
        let ids: Vec<&str> = checks
            .iter()
            .filter(|check| wanted(check))
            .map(|check| check.id)
            .collect();
        (!ids.is_empty()).then(|| ids.join(", "))
    };
    let stale = ids(&|check| check.stale().is_some())
        .map(|ids| format!("known failures out of date: {ids}"));
    let violated = ids(&|check| check.is_violation(rules.strict) && check.stale().is_none())
        .map(|ids| format!("violated: {ids}"));
    let violated: Vec<String> = violated.into_iter().chain(stale).collect();
    if !violated.is_empty() {
        return (Verdict::Violated, Some(violated.join("; ")));
    }
    if stopped.is_some() {
        return (Verdict::Inconclusive, stopped);
    }
    if let Some(unjudged) = ids(&|check| had_to_be_judged(check, chosen, rules)) {
        let because = format!("not judged: {unjudged}");
        return (Verdict::Inconclusive, Some(because));
    }
    let judged = checks.iter().filter(|check| is_judged(check)).count();
    if judged == 0 {
        let because = "no check could be judged".to_owned();
        return (Verdict::Inconclusive, Some(because));
    }
    let all = checks.len();
    let because = format!("no violation found; {judged} of {all} clauses judged");
    (Verdict::Conformant, (judged < all).then_some(because))
}

fn is_judged(check: &CheckResult) -> bool {
    !matches!(check.status, Status::Untestable | Status::Vacuous)
}

/// Whether a check that was not judged keeps the verdict open. Every server that takes submissions shows those that
/// judge them; what jobs deliver, no server has to show: they may fail, find nothing, or be over at once.
fn had_to_be_judged(check: &CheckResult, chosen: bool, rules: &Rules) -> bool {
    let required = rules.require_all || rules.by_name.contains(&check.id);
    match check.status {
        Status::Pass | Status::Fail | Status::Warn | Status::Known => false,
        Status::Vacuous => {
            required
                || chosen
                    && check.level == Level::Must
                    && checks::find(check.id).is_some_and(judges_submissions)
        }
        Status::Untestable => required,
    }
}

fn judges_submissions(check: &Check) -> bool {
    matches!(
        check.needs.submissions,
        Submissions::Judged | Submissions::Compared
    )
}

//! Names on the command line: clauses by id or pattern, faults and scenarios by name; `suggest` helps with a slip.

use crustdata_mock::Fault;
use wildmatch::WildMatch;

use super::error::CliError;
use crate::checks::{CHECKS, CLIENT_CHECKS, Check};
use crate::scenarios::{SCENARIOS, Scenario};
use crate::suggest;

/// The checks that `only` picks (all, where it is empty) less those that `skip` picks, in their order. In a
/// pattern `*` stands for any characters and `?` for one.
pub(super) fn checks(only: &[String], skip: &[String]) -> Result<Vec<&'static Check>, CliError> {
    of(CHECKS.iter().copied(), only, skip)
}

/// The same of the clauses that a client is judged by.
pub(super) fn client_checks(
    only: &[String],
    skip: &[String],
) -> Result<Vec<&'static Check>, CliError> {
    of(CLIENT_CHECKS.iter().copied(), only, skip)
}

/// The same of all clauses.
pub(super) fn all_checks(
    only: &[String],
    skip: &[String],
) -> Result<Vec<&'static Check>, CliError> {
    of(CHECKS.iter().chain(CLIENT_CHECKS).copied(), only, skip)
}

fn of(
    registry: impl Iterator<Item = &'static Check> + Clone,
    only: &[String],
    skip: &[String],
) -> Result<Vec<&'static Check>, CliError> {
    for pattern in only.iter().chain(skip) {
        if !registry
            .clone()
            .any(|check| WildMatch::new(pattern).matches(check.id))
        {
            return Err(CliError::Usage(suggest::unselectable_clause(pattern)));
        }
    }
    let picks = |patterns: &[String], check: &Check| {
        patterns
            .iter()
            .any(|pattern| WildMatch::new(pattern).matches(check.id))
    };
    let selected: Vec<_> = registry
        .filter(|check| (only.is_empty() || picks(only, check)) && !picks(skip, check))
        .collect();
    if selected.is_empty() {
        return Err(CliError::Usage(
            "nothing is selected: --skip leaves no clause of those that --only picks".to_owned(),
        ));
    }
    Ok(selected)
}

/// The ids that are written out in `only`, without a wildcard.
pub(super) fn by_name(only: &[String]) -> Vec<&'static str> {
    CHECKS
        .iter()
        .chain(CLIENT_CHECKS)
        .map(|check| check.id)
        .filter(|id| only.iter().any(|pattern| pattern == id))
        .collect()
}

/// The scenarios with these names.
pub(super) fn scenarios(names: &[String]) -> Result<Vec<&'static Scenario>, CliError> {
    names
        .iter()
        .map(|name| {
            let known = SCENARIOS.iter().find(|scenario| scenario.name == name);
            known.ok_or_else(|| {
                let names = SCENARIOS.iter().map(|scenario| scenario.name);
                let list = "conformance list --scenarios";
                CliError::Usage(suggest::unknown("scenario", name, names, list))
            })
        })
        .collect()
}

/// The faults or variants with these names.
pub(super) fn faults(names: &[String]) -> Result<Vec<&'static Fault>, CliError> {
    let known = || {
        crustdata_mock::faults()
            .chain(crustdata_mock::variants())
            .map(|fault| fault.name)
    };
    names
        .iter()
        .map(|name| {
            crustdata_mock::find(name).ok_or_else(|| {
                let list = "conformance list --faults";
                CliError::Usage(suggest::unknown("fault", name, known(), list))
            })
        })
        .collect()
}

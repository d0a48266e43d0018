//! What to say of a name that nothing has: the name that comes closest, and the command that lists all.

use crate::checks::{CHECKS, CLIENT_CHECKS};

/// A sentence on a clause id that no clause has.
pub(crate) fn unknown_clause(given: &str) -> String {
    let ids = CHECKS.iter().chain(CLIENT_CHECKS).map(|check| check.id);
    unknown("clause", given, ids, "conformance list")
}

/// A sentence on a name that is not among `known`; `list` is the command that lists them.
pub(crate) fn unknown<'a>(
    kind: &str,
    given: &str,
    known: impl Iterator<Item = &'a str>,
    list: &str,
) -> String {
    let closest = known
        .map(|name| (strsim::jaro_winkler(given, name), name))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.7);
    let hint = closest.map_or(String::new(), |(_, name)| {
        format!("; did you mean `{name}`?")
    });
    format!("no {kind} is called `{given}`{hint} (`{list}` lists them)")
}

//! What to say of a name that nothing has: the name that comes closest, and the command that lists all.

use wildmatch::WildMatch;

use crate::checks::{CHECKS, CLIENT_CHECKS, Check};

/// A sentence on a pattern of clauses that matches none that can be judged here: those of the other side are judged elsewhere.
pub(crate) fn unselectable_clause(pattern: &str) -> String {
    let holds = |checks: &[&Check]| {
        let pattern = WildMatch::new(pattern);
        checks.iter().any(|check| pattern.matches(check.id))
    };
    if holds(CLIENT_CHECKS) {
        return format!(
            "`{pattern}` is for clauses of a client: `conformance client`, `judge` and `proxy` judge by them"
        );
    }
    if holds(CHECKS) {
        return format!(
            "`{pattern}` is for clauses of a server: `conformance run`, `judge` and `proxy` judge by them"
        );
    }
    unknown_clause(pattern)
}

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

//! The report for CI systems: JUnit XML with one case a clause, as GitHub's and GitLab's viewers show it.
//!
//! Something in it is red exactly when the exit code is not 0: violations are failures, and a run that ended
//! without a response is an error of a case of its own. A warning is a success that says so in its output.

use std::io::{self, Write};
use std::time::Duration;

use chrono::DateTime;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{commands, note, remarks};
use crate::results::{CheckResult, Finding, Results, Status, Verdict};

/// Writes the report.
///
/// # Errors
///
/// When `out` can't be written to.
pub fn write(out: &mut dyn Write, results: &Results) -> io::Result<()> {
    let mut report = Report::new("crustdata-conformance");
    // The time of the run as a whole: one exchange serves many clauses, so that none has a time of its own.
    report.set_time(Duration::from_secs_f64(results.totals.seconds.max(0.0)));
    if let Ok(started_at) = DateTime::parse_from_rfc3339(&results.started_at) {
        report.set_timestamp(started_at);
    }
    for checks in results.checks.chunk_by(|a, b| group(a) == group(b)) {
        let mut suite = TestSuite::new(checks.first().map(group).unwrap_or_default());
        suite.add_test_cases(checks.iter().map(|check| case(check, results.strict)));
        report.add_test_suite(suite);
    }
    let mut run = TestSuite::new("run");
    for (name, value) in [
        ("verdict", Some(results.verdict.as_str().to_owned())),
        ("exit_code", Some(results.exit_code.to_string())),
        ("target", Some(results.target_name())),
        ("seed", results.seed.map(|seed| seed.to_string())),
        ("started_at", Some(results.started_at.clone())),
    ] {
        let Some(value) = value else {
            continue;
        };
        run.add_property((name, value.as_str()));
    }
    for remark in remarks(results) {
        run.add_property(("remark", remark.as_str()));
    }
    run.add_test_case(verdict(results));
    report.add_test_suite(run);
    report.serialize(out).map_err(io::Error::other)
}

/// The first part of a clause's id.
fn group(check: &CheckResult) -> &'static str {
    check.id.split('.').next().unwrap_or_default()
}

fn case(check: &CheckResult, strict: bool) -> TestCase {
    let note = note(check).unwrap_or_default();
    let status = match check.status {
        _ if check.is_violation(strict) => {
            let message = match check.findings.first() {
                _ if check.stale().is_some() => note,
                Some(finding) => format!("expected {}; got {}", finding.expected, finding.got),
                None => check.clause.clone(),
            };
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(check.level.to_string());
            status.set_message(message);
            status.set_description(details(check));
            status
        }
        Status::Pass | Status::Fail | Status::Warn => TestCaseStatus::success(),
        Status::Known | Status::Untestable | Status::Vacuous => {
            let mut status = TestCaseStatus::skipped();
            status.set_type(check.status.as_str());
            status.set_message(format!("{}: {note}", check.status.as_str()));
            status
        }
    };
    let red = status_is_red(&status);
    let mut case = TestCase::new(check.id, status);
    case.set_classname(format!("conformance.{}", group(check)));
    if !red && !check.findings.is_empty() {
        case.set_system_out(format!("{}\n{}", check.status.as_str(), details(check)));
    }
    case
}

fn status_is_red(status: &TestCaseStatus) -> bool {
    matches!(status, TestCaseStatus::NonSuccess { .. })
}

fn details(check: &CheckResult) -> String {
    let mut text = format!("{}\n", check.clause);
    if !check.findings.is_empty() {
        text += &format!("fix: {}\n", check.fix);
    }
    for finding in &check.findings {
        let Finding {
            expected,
            got,
            sent,
            exchange,
            ..
        } = finding;
        text += &format!("sent: {sent}\nexpected: {expected}\ngot: {got}\n");
        if let Some(against) = &finding.against {
            text += &format!("against: {}\n", against.brief());
        }
        for command in commands(finding) {
            text += &format!("{command}\n");
        }
        text += &format!("exchange {exchange} of the recording\n");
    }
    text
}

/// A case for the run as a whole: red where no clause is and the exit code is not 0 all the same.
fn verdict(results: &Results) -> TestCase {
    let status = match results.verdict {
        Verdict::Conformant | Verdict::Violated => TestCaseStatus::success(),
        Verdict::Inconclusive | Verdict::Interrupted => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type(results.verdict.as_str());
            status.set_message(results.because.as_deref().unwrap_or_default());
            status
        }
    };
    let mut case = TestCase::new("verdict", status);
    case.set_classname("conformance.run");
    case
}

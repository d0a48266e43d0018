//! The report for code scanning: SARIF 2.1.0, with a rule for each clause that was selected and a result for each finding.
//! What was not judged is a notification of the tool, since nothing is wrong with what it is about.
//!
//! A result is suppressed where its clause is a known failure. Commands are properties of a result, word for word: in a
//! message, braces are doubled. The form as such is in `form`.

mod form;

use std::io::{self, Write};

use super::{json, meaning, note, remarks};
use crate::checks::{self, Check, Level};
use crate::generated::lines::{DOCUMENT, LINES};
use crate::results::{CheckResult, Finding, Results, Status, Verdict};
use form::{
    ArtifactLocation, Configuration, Descriptor, Invocation, Location, Log, Message, Notification,
    PhysicalLocation, Reference, Region, Rule, RuleProperties, Run, Severity, Suppression, Tool,
};

/// Writes the report.
///
/// # Errors
///
/// When `out` can't be written to.
pub fn write(out: &mut dyn Write, results: &Results) -> io::Result<()> {
    let rules = results.checks.iter().map(rule).collect();
    let found = (results.checks.iter().enumerate())
        .flat_map(|(index, check)| found(index, check, results.strict))
        .collect();
    let run = Run {
        tool: Tool::new(rules),
        invocations: [invocation(results)],
        results: found,
    };
    json::write(out, &Log::of(run))
}

fn rule(check: &CheckResult) -> Rule {
    let told = checks::find(check.id).or_else(|| checks::find_client(check.id));
    let source = told.map(|check| format!("\n\nSource: {}.", check.source));
    let said = format!("Level `{}`: {}.", check.level, meaning(check.level));
    let more = format!("`conformance explain {}` says more.", check.id);
    let source = source.unwrap_or_default();
    let help = format!("{said}{source}\n\nFix: {}\n\n{more}", check.fix);
    Rule {
        id: check.id,
        short_description: Message::new(&check.clause),
        full_description: Message::new(&check.clause),
        help: Message::with_markdown(&help),
        default_configuration: Configuration {
            level: severity(check.level),
        },
        properties: RuleProperties {
            tags: [
                told.map_or("", Check::group).to_owned(),
                check.level.to_string(),
            ],
        },
    }
}

/// How grave it is to violate a clause of this level.
fn severity(level: Level) -> Severity {
    match level {
        Level::Must | Level::Doc => Severity::Error,
        Level::Seen => Severity::Warning,
        Level::Open => Severity::Note,
    }
}

/// The results of a check: one for each finding, and one where its entry among the known failures has to go.
fn found(index: usize, check: &CheckResult, strict: bool) -> Vec<form::Found> {
    let level = match check.status {
        _ if check.is_violation(strict) => Severity::Error,
        Status::Warn => Severity::Warning,
        _ => severity(check.level),
    };
    let known = check.known.as_ref();
    let suppressions: Vec<Suppression> = known
        .filter(|_| check.status == Status::Known)
        .map(|_| Suppression::external(note(check).unwrap_or_default()))
        .into_iter()
        .collect();
    let one = |message: &str, properties| form::Found {
        rule_id: check.id,
        rule_index: index,
        level,
        message: Message::new(message),
        locations: [location(check.id)],
        suppressions: suppressions.clone(),
        properties,
    };
    let stale = check.stale().map(|stale| one(stale.advice(), None));
    let findings = check.findings.iter().map(|finding| {
        let mut message = format!("expected {}; got {}", finding.expected, finding.got);
        message += &format!("; sent: {}", finding.sent);
        if let Some(against) = &finding.against {
            message += &format!("; against: {}", against.brief());
        }
        one(&message, Some(properties(finding)))
    });
    findings.chain(stale).collect()
}

fn properties(finding: &Finding) -> form::FoundProperties {
    form::FoundProperties {
        exchange: finding.exchange,
        place: finding.place.clone(),
        run: finding.run.clone(),
        serve: finding.serve.clone(),
        curl: finding.curl.clone(),
    }
}

/// Where a clause stands: a clause of a server in the document's `x-clauses`, one of a client in its check's file.
fn location(id: &'static str) -> Location {
    let line = LINES.iter().find(|(clause, _)| *clause == id);
    let (uri, start_line) = match line {
        Some((_, line)) => (DOCUMENT.to_owned(), *line),
        None => {
            let file = id.replace('.', "/").replace('-', "_");
            (format!("conformance/src/checks/{file}.rs"), 1)
        }
    };
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri,
                uri_base_id: form::ROOT,
            },
            region: Region { start_line },
        },
    }
}

fn invocation(results: &Results) -> Invocation {
    let unjudged = (results.checks.iter().enumerate()).filter_map(|(index, check)| {
        let status = match check.status {
            Status::Untestable | Status::Vacuous => check.status.as_str(),
            Status::Pass | Status::Fail | Status::Warn | Status::Known => return None,
        };
        let why = note(check).unwrap_or_default();
        Some(Notification {
            descriptor: Descriptor { id: status },
            associated_rule: Some(Reference {
                id: check.id,
                index,
            }),
            level: Severity::Note,
            message: Message::new(&format!("{}: {status}: {why}", check.id)),
        })
    });
    let remarks = remarks(results).map(|remark| Notification {
        descriptor: Descriptor { id: "note" },
        associated_rule: None,
        level: Severity::Note,
        message: Message::new(&remark),
    });
    Invocation {
        // Whether it came to its end, not whether something was found.
        execution_successful: matches!(results.verdict, Verdict::Conformant | Verdict::Violated),
        exit_code: results.exit_code,
        exit_code_description: match &results.because {
            Some(because) => format!("{}: {because}", results.verdict.as_str()),
            None => results.verdict.as_str().to_owned(),
        },
        start_time_utc: results.started_at.clone(),
        tool_execution_notifications: unjudged.chain(remarks).collect(),
    }
}

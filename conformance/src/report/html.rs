//! The report as a page: one static file without scripts, for a laptop or a phone, light or dark as the reader's
//! system is. What it looks like is in `templates/report.html`; here is what it shows.

use std::io::{self, Write};

use askama::Template;
use http::HeaderMap;

use super::{LEVELS, commands, note, seen, word};
use crate::checks::Level;
use crate::exchange::Exchange;
use crate::generated::contract::job::status;
use crate::readable;
use crate::results::{CheckResult, Finding, JobHistory, Results, Status};

/// The most characters of a body that are shown.
const MOST_BODY: usize = 4_000;

/// How many jobs are shown before the others are folded away.
const FOLDED_AFTER: usize = 10;

/// How many jobs are shown at most: a page of many thousand helps nobody.
const MOST_JOBS: usize = 200;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    results: &'a Results,
    figures: [(&'static str, String); 5],
    /// Checks with something to tell beyond their line in the table, the most pressing first.
    told: Vec<Row<'a>>,
    rows: Vec<Row<'a>>,
    /// What the table can be cut down to: the rows of each class of badge that is there.
    filters: Vec<Filter>,
    levels: [(Level, &'static str); 3],
    jobs: Vec<Timeline<'a>>,
    /// Jobs that were asked for again, and for which the page has no room.
    unshown: usize,
    /// Accepted jobs that no request asked for again.
    unwatched: usize,
}

struct Row<'a> {
    check: &'a CheckResult,
    /// Text of the badge.
    word: &'static str,
    /// Class of the badge: the status, but for one that `--strict` or an entry out of date makes a violation.
    class: &'static str,
    note: Option<String>,
    seen: String,
    findings: Vec<Shown<'a>>,
}

struct Filter {
    class: &'static str,
    rows: usize,
}

struct Shown<'a> {
    finding: &'a Finding,
    commands: Vec<&'a str>,
    /// The exchange that shows it, and the one that it is held against, where there is one.
    exchanges: Vec<Sides>,
}

/// Both sides of an exchange.
struct Sides {
    name: &'static str,
    number: usize,
    request: String,
    response: String,
    took: String,
}

struct Timeline<'a> {
    id: &'a str,
    stages: Vec<Segment<'a>>,
    total: String,
}

struct Segment<'a> {
    status: &'a str,
    class: &'static str,
    /// Share of the job's time, in whole percents.
    share: f64,
    from: String,
    polls: usize,
}

/// Writes the report.
///
/// # Errors
///
/// When `out` can't be written to.
pub fn write(out: &mut dyn Write, results: &Results) -> io::Result<()> {
    let mut told: Vec<&CheckResult> = results
        .checks
        .iter()
        .filter(|check| !check.findings.is_empty() || check.stale().is_some())
        .collect();
    told.sort_by_key(|check| {
        let rank = Status::ALL
            .iter()
            .position(|status| *status == check.status);
        (!check.is_violation(results.strict), rank)
    });
    let (watched, unwatched): (Vec<_>, Vec<_>) = results
        .jobs
        .iter()
        .partition(|job| job.stages.iter().map(|stage| stage.polls).sum::<usize>() > 1);
    let rows: Vec<Row<'_>> = results
        .checks
        .iter()
        .map(|check| row(check, results))
        .collect();
    let page = Page {
        results,
        filters: filters(&rows),
        figures: [
            ("requests", results.totals.exchanges.to_string()),
            ("jobs", results.totals.jobs.to_string()),
            ("time", seconds(results.totals.seconds)),
            ("waiting for the pace", seconds(results.totals.waited)),
            ("time of the server", seconds(results.totals.server)),
        ],
        told: told.into_iter().map(|check| row(check, results)).collect(),
        rows,
        levels: LEVELS,
        unshown: watched.len().saturating_sub(MOST_JOBS),
        jobs: (watched.into_iter().take(MOST_JOBS))
            .map(timeline)
            .collect(),
        unwatched: unwatched.len(),
    };
    write!(out, "{page}")
}

fn row<'a>(check: &'a CheckResult, results: &'a Results) -> Row<'a> {
    Row {
        check,
        word: word(check),
        class: if check.is_violation(results.strict) {
            "fail"
        } else {
            check.status.as_str()
        },
        note: note(check),
        seen: seen(check, results),
        findings: check.findings.iter().map(shown).collect(),
    }
}

fn filters(rows: &[Row<'_>]) -> Vec<Filter> {
    let of = |class| rows.iter().filter(|row| row.class == class).count();
    let filter = |status: Status| Filter {
        class: status.as_str(),
        rows: of(status.as_str()),
    };
    let filters = Status::ALL.map(filter).into_iter();
    filters.filter(|filter| filter.rows > 0).collect()
}

fn shown(finding: &Finding) -> Shown<'_> {
    let against = finding.against.as_ref();
    let other = against.map(|against| {
        let name = "the exchange that it is held against";
        sides(name, against.exchange, &against.shown)
    });
    let first = sides("the exchange", finding.exchange, &finding.shown);
    Shown {
        finding,
        commands: commands(finding).collect(),
        exchanges: std::iter::once(first).chain(other).collect(),
    }
}

fn sides(name: &'static str, number: usize, exchange: &Exchange) -> Sides {
    let request = &exchange.request;
    let response = match &exchange.outcome {
        Ok(response) => format!(
            "{}\n{}\n{}",
            response.status,
            headers(&response.headers),
            body(&response.body)
        ),
        Err(failure) => match failure.status {
            Some(status) => format!(
                "{status}\n\n{}",
                readable::block(&failure.detail, MOST_BODY)
            ),
            None => readable::block(&failure.detail, MOST_BODY),
        },
    };
    Sides {
        name,
        number,
        request: format!(
            "{} {}\n{}\n{}",
            request.method,
            readable::line(request.destination.as_str(), MOST_BODY),
            headers(&request.headers),
            body(&request.body)
        ),
        response,
        took: seconds(exchange.took.as_secs_f64()),
    }
}

fn headers(headers: &HeaderMap) -> String {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            format!("{name}: {}\n", readable::line(&value, MOST_BODY))
        })
        .collect()
}

fn body(bytes: &[u8]) -> String {
    readable::body(bytes, MOST_BODY)
}

fn timeline(job: &JobHistory) -> Timeline<'_> {
    let start = job.stages.first().map_or(0.0, |stage| stage.from);
    let end = job.stages.last().map_or(start, |stage| stage.to);
    let ends = job.stages.iter().skip(1).map(|stage| stage.from);
    let stages = job.stages.iter().zip(ends.chain([end]));
    Timeline {
        id: &job.batch_id,
        total: seconds(end - start),
        stages: stages
            .map(|(stage, until)| Segment {
                status: &stage.status,
                class: match stage.status.as_str() {
                    status::PENDING => "pending",
                    status::PROCESSING => "processing",
                    status::COMPLETED => "pass",
                    status::FAILED => "fail",
                    _ => "vacuous",
                },
                share: (100.0 * (until - stage.from) / (end - start).max(f64::MIN_POSITIVE))
                    .round(),
                from: seconds(stage.from - start),
                polls: stage.polls,
            })
            .collect(),
    }
}

/// The parts of a text, each with whether it stood between backticks.
fn parts(text: &str) -> Vec<(bool, &str)> {
    if !text.matches('`').count().is_multiple_of(2) {
        return vec![(false, text)];
    }
    let in_code = [false, true].into_iter().cycle();
    in_code.zip(text.split('`')).collect()
}

/// A stretch of time for people.
fn seconds(seconds: f64) -> String {
    // Rounded before it is divided: 119.7 s are 2 min 0 s, not 1 min 60 s.
    let whole = seconds.round();
    if whole >= 60.0 {
        format!("{:.0} min {:.0} s", (whole / 60.0).floor(), whole % 60.0)
    } else if seconds >= 1.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.0} ms", seconds * 1000.0)
    }
}

#[cfg(test)]
mod tests {
    //! Here, since a report of a run that takes minutes takes minutes.

    use super::seconds;

    #[test]
    fn a_stretch_of_time_never_has_sixty_seconds() {
        for (value, text) in [
            (0.0004, "0 ms"),
            (0.25, "250 ms"),
            (59.4, "59.4 s"),
            (59.5, "1 min 0 s"),
            (119.7, "2 min 0 s"),
            (125.2, "2 min 5 s"),
        ] {
            assert_eq!(seconds(value), text);
        }
    }
}

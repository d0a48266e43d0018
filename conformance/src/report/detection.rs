//! Detection by budget, as a table and as a page. What the page looks like is in `templates/detection.html`.

use std::fmt::Write as _;
use std::io::{self, Write};

use askama::Template;

use crate::self_test::{Curve, Point};

/// Where the curve begins on the page, the way to the next number of jobs, where nothing is found, and the height of a
/// percent.
const LEFT: usize = 50;
const STEP: usize = 130;
const FOOT: usize = 230;
const PERCENT: f64 = 2.0;

#[derive(Template)]
#[template(path = "detection.html")]
struct Page<'a> {
    curve: &'a Curve,
    /// Shares of which there is a line across the page, and where.
    shares: [(u32, usize); 5],
    /// Where each number of jobs stands.
    jobs: Vec<(usize, u64)>,
    lines: Vec<Line>,
}

/// The shares that are found with ever more jobs, in the same time.
struct Line {
    minutes: u64,
    points: String,
    /// Where the last point stands.
    end: (usize, usize),
}

/// Writes detection by budget as a table.
///
/// # Errors
///
/// When `out` can't be written to.
pub fn text(out: &mut dyn Write, curve: &Curve) -> io::Result<()> {
    writeln!(out, "jobs minutes  found  named     of")?;
    for point in &curve.budgets {
        let percent = point.percent();
        let bar = "#".repeat((percent / 2.0).round() as usize);
        writeln!(
            out,
            "{:>4} {:>7} {:>6} {:>6} {:>6}  {percent:>5.1} %  {bar}",
            point.max_jobs, point.max_minutes, point.found, point.named, point.of
        )?;
    }
    Ok(())
}

/// Writes detection by budget as a page.
///
/// # Errors
///
/// When `out` can't be written to.
pub fn html(out: &mut dyn Write, curve: &Curve) -> io::Result<()> {
    let jobs = distinct(curve, |point| point.max_jobs);
    let jobs: Vec<(usize, u64)> = (jobs.into_iter().enumerate())
        .map(|(place, jobs)| (LEFT + STEP * place, jobs))
        .collect();
    let minutes = distinct(curve, |point| point.max_minutes).into_iter();
    let lines = minutes.map(|minutes| line(curve, &jobs, minutes)).collect();
    let page = Page {
        curve,
        shares: [0, 25, 50, 75, 100].map(|share| (share, height(share.into()))),
        jobs,
        lines,
    };
    page.write_into(out).map_err(io::Error::other)
}

fn line(curve: &Curve, jobs: &[(usize, u64)], minutes: u64) -> Line {
    let mut line = Line {
        minutes,
        points: String::new(),
        end: (LEFT, FOOT),
    };
    for point in curve
        .budgets
        .iter()
        .filter(|point| point.max_minutes == minutes)
    {
        if let Some((x, _)) = jobs.iter().find(|(_, jobs)| *jobs == point.max_jobs) {
            line.end = (*x, height(point.percent()));
            // Writing to a string never fails.
            let _ = write!(line.points, "{x},{} ", line.end.1);
        }
    }
    line
}

/// How far down the page a share of so many percents stands.
fn height(percent: f64) -> usize {
    FOOT - (PERCENT * percent).round() as usize
}

fn percent(point: &Point) -> String {
    format!("{:.1}", point.percent())
}

fn distinct(curve: &Curve, of: fn(&Point) -> u64) -> Vec<u64> {
    let mut all: Vec<u64> = curve.budgets.iter().map(of).collect();
    all.sort_unstable();
    all.dedup();
    all
}

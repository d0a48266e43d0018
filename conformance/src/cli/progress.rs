//! Shows how a run goes on while it does: a line that is redrawn on a terminal, plain lines elsewhere. On
//! standard error, so that reports stay clean.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::lock::lock;
use crate::runner::{Progress, Waiting};

/// How often the line is redrawn.
const REDRAW: Duration = Duration::from_millis(120);
/// The most characters of a job's id that are shown.
const LONGEST_ID: usize = 40;
/// Waits for the pace that are shorter are not worth a line in a log.
const LONG: Duration = Duration::from_secs(10);

/// Where progress is shown.
pub(super) enum Display<'a> {
    /// A line on a terminal; gone when this is dropped.
    Bar(ProgressBar),
    /// A line for each phase, for a log.
    Lines(Mutex<Lines<'a>>),
    /// Nowhere.
    Silent,
}

/// A log, and what it was told of last.
pub(super) struct Lines<'a> {
    err: &'a mut (dyn Write + Send),
    last: Option<(&'static str, Option<Waiting>)>,
}

impl<'a> Display<'a> {
    /// A bar on a terminal, else lines on `err`. A run on the embedded mock is over too soon for lines.
    pub(super) fn new(embedded: bool, err: &'a mut (dyn Write + Send)) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if std::io::stderr().is_terminal() && !dumb {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>4}  {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(REDRAW);
            Self::Bar(bar)
        } else if embedded {
            Self::Silent
        } else {
            Self::Lines(Mutex::new(Lines { err, last: None }))
        }
    }

    pub(super) fn show(&self, progress: Progress) {
        match self {
            Self::Bar(bar) => bar.set_message(text(&progress)),
            Self::Lines(lines) => {
                lock(lines).tell(progress);
            }
            Self::Silent => {}
        }
    }
}

impl Lines<'_> {
    /// Writes a line for another phase, another job that is waited for, and every long wait.
    fn tell(&mut self, progress: Progress) {
        let told = self.last.as_ref().is_some_and(|(phase, waiting)| {
            *phase == progress.phase
                && match &progress.waiting {
                    None => true,
                    Some(Waiting::Pace(wait)) => *wait < LONG,
                    job => waiting == job,
                }
        });
        if !told {
            // Progress that nobody can read is no reason to end the run.
            let _ = writeln!(self.err, "{}", text(&progress));
            self.last = Some((progress.phase, progress.waiting));
        }
    }
}

fn text(progress: &Progress) -> String {
    let Progress {
        phase, exchanges, ..
    } = progress;
    let waiting = match &progress.waiting {
        None => String::new(),
        Some(Waiting::Pace(wait)) => format!(", next in {:.1} s", wait.as_secs_f64()),
        Some(Waiting::Job(id)) => {
            // What a server calls an id can't move the cursor.
            let id: String = id
                .chars()
                .filter(|c| !c.is_control())
                .take(LONGEST_ID)
                .collect();
            format!(", waiting for job {id}")
        }
    };
    format!("{phase} … ({exchanges} requests so far{waiting})")
}

impl Drop for Display<'_> {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

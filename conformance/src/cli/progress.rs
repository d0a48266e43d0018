//! Shows how a run goes on while it does: a line that is redrawn on a terminal, plain lines elsewhere. On
//! standard error, so that reports stay clean.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::runner::Progress;

/// How often the line is redrawn.
const REDRAW: Duration = Duration::from_millis(120);

/// Where progress is shown.
pub(super) enum Display<'a> {
    /// A line on a terminal; gone when this is dropped.
    Bar(ProgressBar),
    /// A line for each phase, for a log.
    Lines(Mutex<Lines<'a>>),
    /// Nowhere.
    Silent,
}

/// A log, and the phase that it was told of last.
pub(super) struct Lines<'a> {
    err: &'a mut (dyn Write + Send),
    phase: &'static str,
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
            Self::Lines(Mutex::new(Lines { err, phase: "" }))
        }
    }

    pub(super) fn show(&self, progress: Progress) {
        match self {
            Self::Bar(bar) => bar.set_message(text(progress)),
            Self::Lines(lines) => {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                if lines.phase != progress.phase {
                    lines.phase = progress.phase;
                    // Progress that nobody can read is no reason to end the run.
                    let _ = writeln!(lines.err, "{}", text(progress));
                }
            }
            Self::Silent => {}
        }
    }
}

fn text(Progress { phase, exchanges }: Progress) -> String {
    format!("{phase} … ({exchanges} requests so far)")
}

impl Drop for Display<'_> {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

//! `status`, `export`, `explain` and `decide`: what reads the journal, and one word that somebody adds to it. None of them
//! sends anything.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use crustdata_batch::Uuid;
use crustdata_bulk::{Journal, Outcome, Sink};

use super::console::say;
use super::exit::{End, Failure};
use super::options::{Format, InJournal, Which};

/// Answers that are in memory at a time.
const ANSWERS_AT_ONCE: u64 = 1000;

/// Says how the lists of a journal stand, and which submissions have to be decided about.
#[derive(Args)]
pub(super) struct Status {
    #[command(flatten)]
    place: InJournal,
}

impl Status {
    pub(super) fn run(self) -> Result<End, Failure> {
        let mut journal = self.place.look()?;
        let mut out = io::stdout().lock();
        for list in journal.lists()? {
            let tally = journal.tally(list.id)?;
            writeln!(
                out,
                "list {}: {}, {} rows, for {}",
                list.id, list.source, list.rows, list.ask
            )?;
            for outcome in Outcome::ALL {
                writeln!(out, "  {:14} {}", outcome.name(), tally.of(outcome))?;
            }
            writeln!(
                out,
                "  submissions cost at most {} credits",
                journal.committed(list.id)?
            )?;
        }
        for job in journal.open_jobs()? {
            let state = if job.has_ended {
                "has ended, to be read"
            } else {
                "is active"
            };
            writeln!(out, "job {} {state}", job.batch_id)?;
        }
        let place = self.place.place()?;
        for unresolved in journal.unresolved()? {
            let id = unresolved.id;
            let evidence = unresolved.evidence.unwrap_or_else(|| {
                "the run ended before the response came, and nobody has looked since".to_owned()
            });
            writeln!(
                out,
                "submission {id} of {} people may be accepted or not: {evidence}",
                unresolved.people
            )?;
            writeln!(
                out,
                "  `resume` of a list with them looks again. If you know it, from the provider's dashboard or support:"
            )?;
            writeln!(
                out,
                "  crustdata-bulk decide --journal {place} {id} JOB_ID | not-accepted"
            )?;
        }
        Ok(End::Whole)
    }
}

/// Writes the output of a list again.
#[derive(Args)]
pub(super) struct Export {
    #[command(flatten)]
    place: InJournal,
    #[command(flatten)]
    which: Which,
    /// Writes to this file instead.
    #[arg(long, value_name = "PATH")]
    to: Option<PathBuf>,
    /// How answers are written.
    #[arg(long, value_enum, value_name = "FORMAT")]
    output_format: Option<Format>,
    /// Also a list that is not answered yet.
    #[arg(long)]
    partial: bool,
}

impl Export {
    pub(super) fn run(self) -> Result<End, Failure> {
        let mut journal = self.place.look()?;
        let list = self.which.list(journal.lists()?)?;
        let tally = journal.tally(list.id)?;
        if tally.of(Outcome::Pending) > 0 && !self.partial {
            let text = "the list is not answered yet: resume first, or say --partial";
            return Err(Failure::usage(text));
        }
        let (format, path) = match self.to {
            Some(path) => (Format::of(&path)?, path),
            None => self.place.output_of(&list)?,
        };
        let format = self.output_format.unwrap_or(format);
        let mut sink = self.place.place()?.sink(&path, format.output())?;
        sink.begin(&list.header)?;
        let mut after = 0;
        loop {
            let answers = journal.answers(list.id, after, ANSWERS_AT_ONCE)?;
            let Some(last) = answers.last() else {
                break;
            };
            after = last.row;
            answers.iter().try_for_each(|answer| sink.answer(answer))?;
        }
        sink.finish()?;
        say(&format!("{} rows in {}", list.rows, path.display()));
        let open = [Outcome::Failed, Outcome::Indeterminate, Outcome::Pending];
        let is_whole = open.iter().all(|outcome| tally.of(*outcome) == 0);
        Ok(if is_whole { End::Whole } else { End::Partly })
    }
}

/// Tells all that happened for a row.
#[derive(Args)]
pub(super) struct Explain {
    /// The row, counted from 1 without the header.
    row: u64,
    #[command(flatten)]
    place: InJournal,
    #[command(flatten)]
    which: Which,
}

impl Explain {
    pub(super) fn run(self) -> Result<End, Failure> {
        let mut journal = self.place.look()?;
        let list = self.which.list(journal.lists()?)?;
        let history = journal.history(list.id, self.row)?;
        if history.is_empty() {
            let text = format!("list {} has {} rows", list.id, list.rows);
            return Err(Failure::usage(text));
        }
        let mut out = io::stdout().lock();
        for line in history {
            writeln!(out, "{line}")?;
        }
        Ok(End::Whole)
    }
}

/// Says what became of a submission that nobody could find out about. The next `resume` acts upon it.
#[derive(Args)]
pub(super) struct Decide {
    /// The submission, as `status` shows it.
    submission: i64,
    /// The job that it became; or `not-accepted`, and its people are submitted again.
    #[arg(value_parser = fate)]
    fate: Fate,
    #[command(flatten)]
    place: InJournal,
}

#[derive(Clone, Copy, Debug)]
enum Fate {
    Job(Uuid),
    NotAccepted,
}

fn fate(text: &str) -> Result<Fate, String> {
    match text {
        "not-accepted" => Ok(Fate::NotAccepted),
        text => Uuid::parse_str(text)
            .map(Fate::Job)
            .map_err(|_| "it is neither a job's id nor `not-accepted`".to_owned()),
    }
}

impl Decide {
    pub(super) fn run(self) -> Result<End, Failure> {
        // Not beside a run: it may be finding out at this moment.
        let mut journal = self.place.place()?.look_alone()?;
        let job = match self.fate {
            Fate::Job(id) => Some(id),
            Fate::NotAccepted => None,
        };
        journal.decide(self.submission, job)?;
        say("kept; `resume` goes on with it");
        Ok(End::Whole)
    }
}

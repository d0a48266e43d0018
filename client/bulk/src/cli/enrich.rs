//! `enrich` and `resume`: what spends. What says beforehand how much is in `plan`.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use crustdata_bulk::Journal;

use super::exit::{End, Failure};
use super::input::Input;
use super::log_format::LogFormat;
use super::options::{Api, Format, InJournal, Pace, Which, journal_of};
use super::place::{Place, same_file};
use super::plan::show;
use super::run::Run;

/// Enriches a list: shows the plan, asks, submits, waits, and writes the output.
///
/// After a crash or an interrupt, the same command goes on.
#[derive(Args)]
pub(super) struct Enrich {
    #[command(flatten)]
    input: Input,
    /// The file for the answers, by its ending .csv, .tsv, .jsonl or .parquet. It is written when every row is answered.
    #[arg(short, long)]
    output: PathBuf,
    /// How answers are written, if not as the output's ending says.
    #[arg(long, value_enum, value_name = "FORMAT")]
    output_format: Option<Format>,
    /// The journal; OUTPUT.journal, if not given. Keep it: people in it are not paid for again. With postgres://…, any number
    /// of machines share the list.
    #[arg(long, value_name = "PATH|URL")]
    journal: Option<Place>,
    /// Doesn't ask.
    #[arg(short, long)]
    yes: bool,
    /// Begins a list anew whose rows have changed since it was begun.
    #[arg(long)]
    changed: bool,
    #[command(flatten)]
    pace: Pace,
    #[command(flatten)]
    api: Api,
}

impl Enrich {
    pub(super) fn log_format(&self) -> LogFormat {
        self.pace.log_format
    }

    pub(super) async fn run(self) -> Result<End, Failure> {
        let is_asking = !self.yes;
        if is_asking && (self.input.is_stdin() || !io::stdin().is_terminal()) {
            return Err(Failure::usage(
                "nobody can be asked here: look at `plan`, then say --yes",
            ));
        }
        if same_file(&self.input.input, &self.output) {
            return Err(Failure::usage(
                "the output would take the input's place: choose another",
            ));
        }
        let client = self.api.client()?;
        let format = match self.output_format {
            Some(format) => format,
            None => Format::of(&self.output)?,
        };
        let output = std::path::absolute(&self.output).unwrap_or_else(|_| self.output.clone());
        let place = self
            .journal
            .clone()
            .unwrap_or_else(|| journal_of(&self.output));
        let mut sink = place.sink(&output, format.output())?;
        crustdata_bulk::Sink::prepare(&mut sink)?;
        let mut source = self.input.source()?;
        let base_url = self.api.base_url.as_deref();
        let mut run = Run::new(client.clone(), &place, &self.pace, base_url)?;
        if self.changed {
            run.bulk = run.bulk.accept_changed();
        }
        let spec = self.input.spec(Some(format.join(&output)));
        let (list, plan) = run.bulk.import(&spec, &mut *source)?;
        run.output = Some(output).filter(|_| list.output != spec.output);
        show(&run.console, &plan, &spec.ask, &client, Some(&self.pace)).await;
        if is_asking && plan.waiting > 0 && !is_agreed()? {
            let text = format!("nothing was sent; {}", run.goes_on(&list));
            run.console.line(&text);
            return Ok(End::Interrupted);
        }
        run.finish(&list, &plan, &mut sink).await
    }
}

/// Goes on with a list that is in the journal.
#[derive(Args)]
pub(super) struct Resume {
    #[command(flatten)]
    place: InJournal,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    pace: Pace,
    #[command(flatten)]
    api: Api,
}

impl Resume {
    pub(super) fn log_format(&self) -> LogFormat {
        self.pace.log_format
    }

    pub(super) async fn run(self) -> Result<End, Failure> {
        let client = self.api.client()?;
        let place = self.place.place()?;
        // One that is not there must not be made.
        drop(place.look()?);
        let base_url = self.api.base_url.as_deref();
        let mut run = Run::new(client, &place, &self.pace, base_url)?;
        let journal = run.bulk.journal_mut();
        let list = self.which.list(journal.lists()?)?;
        let plan = journal.plan(&list)?;
        let (format, output) = self.place.output_of(&list)?;
        let mut sink = place.sink(&output, format.output())?;
        run.output = Some(output).filter(|path| list.output != Some(format.join(path)));
        run.finish(&list, &plan, &mut sink).await
    }
}

fn is_agreed() -> Result<bool, Failure> {
    eprint!("go on? [y/N] ");
    let mut answer = String::new();
    let read = io::stderr()
        .flush()
        .and_then(|()| io::stdin().read_line(&mut answer));
    read.map_err(|error| Failure::stopped(&error))?;
    let answer = answer.trim().to_ascii_lowercase();
    Ok(matches!(&*answer, "y" | "yes"))
}

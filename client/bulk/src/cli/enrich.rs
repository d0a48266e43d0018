//! `enrich`, `plan` and `resume`: what spends, and what says beforehand how much.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use crustdata_batch::{Client, ProfileUrls};
use crustdata_bulk::table;
use crustdata_bulk::{Ask, Changed, Journal, ListSpec, Plan as Numbers, Source, Sqlite};
use serde_json::json;

use super::console::Console;
use super::exit::{End, Failure};
use super::log_format::LogFormat;
use super::options::{Api, Contacts, Format, InJournal, Pace, journal_of};
use super::place::{Place, same_file};
use super::run::Run;

/// Active jobs, and how long one takes by the documentation, in hours.
const JOB_HOURS: f64 = 2.5 / 60.0;
/// The longest that a server is believed that asks for silence.
const LONGEST_REST: Duration = Duration::from_secs(2 * 60);
/// Seconds of a day.
const DAY: f64 = 24.0 * 60.0 * 60.0;

#[derive(Args)]
struct Input {
    /// A CSV, TSV, JSON lines or Parquet file; - for standard input; or the URL of a Postgres server, with --input-query.
    input: PathBuf,
    /// The query on the Postgres server whose rows are the list. It can't change anything.
    #[arg(long, value_name = "SQL")]
    input_query: Option<String>,
    /// The column with the profile URLs; found by what is in it, if not named.
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    #[command(flatten)]
    contacts: Contacts,
    /// Pays again for answers that are older.
    #[arg(long, value_parser = days, value_name = "DAYS")]
    max_age: Option<Duration>,
}

impl Input {
    fn source(&self) -> Result<Box<dyn Source + Send>, Failure> {
        let column = self.column.as_deref();
        let url = self.input.to_str().filter(|url| {
            let schemes = ["postgres://", "postgresql://"];
            schemes.iter().any(|scheme| url.starts_with(scheme))
        });
        Ok(match (url, self.input_query.as_deref()) {
            (Some(url), Some(query)) => queried(url, query, column)?,
            (Some(_), None) => {
                let text = "say what to read from the server, with --input-query";
                return Err(Failure::usage(text));
            }
            (None, Some(_)) => {
                let text = "--input-query goes with the URL of a Postgres server as input";
                return Err(Failure::usage(text));
            }
            _ if self.is_stdin() => table::from_reader("standard input", io::stdin(), column)?,
            _ => table::open(&self.input, column)?,
        })
    }

    fn is_stdin(&self) -> bool {
        self.input == Path::new("-")
    }

    fn spec(&self, output: Option<String>) -> ListSpec {
        let max_age = self.max_age.map(|age| age.as_secs());
        ListSpec {
            ask: self.contacts.ask(),
            output,
            max_age,
        }
    }
}

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

/// Says what a list comes to: rows, people, jobs, hours, credits. Sends nothing that costs.
#[derive(Args)]
pub(super) struct Plan {
    #[command(flatten)]
    input: Input,
    /// A journal, in which people may be known already.
    #[arg(long, value_name = "PATH|URL")]
    journal: Option<Place>,
    /// The output, whose journal is OUTPUT.journal.
    #[arg(short, long)]
    output: Option<PathBuf>,
    #[command(flatten)]
    api: Api,
}

impl Plan {
    pub(super) async fn run(self) -> Result<End, Failure> {
        let client = self.api.client()?;
        let mut source = self.input.source()?;
        let place = self
            .journal
            .or_else(|| self.output.as_deref().map(journal_of));
        let mut journal: Box<dyn Journal> = match place {
            Some(place) => place.look_or_none()?,
            None => Box::new(Sqlite::in_memory()?),
        };
        let spec = self.input.spec(None);
        let (_, plan) = journal.import(&spec, &mut *source, Changed::Accept, false)?;
        let console = Console::new(LogFormat::Text);
        show(&console, &plan, &spec.ask, &client, None).await;
        Ok(End::Whole)
    }
}

/// Goes on with a list that is in the journal.
#[derive(Args)]
pub(super) struct Resume {
    #[command(flatten)]
    place: InJournal,
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
        let list = self.place.list(journal.lists()?)?;
        let plan = journal.plan(&list)?;
        let (format, output) = self.place.output_of(&list)?;
        let mut sink = place.sink(&output, format.output())?;
        run.output = Some(output).filter(|path| list.output != Some(format.join(path)));
        run.finish(&list, &plan, &mut sink).await
    }
}

fn days(text: &str) -> Result<Duration, String> {
    let days: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    Duration::try_from_secs_f64(days * DAY).map_err(|error| error.to_string())
}

#[cfg(feature = "postgres")]
fn queried(
    url: &str,
    query: &str,
    column: Option<&str>,
) -> Result<Box<dyn Source + Send>, Failure> {
    Ok(table::query(url, query, column)?)
}

#[cfg(not(feature = "postgres"))]
fn queried(_: &str, _: &str, _: Option<&str>) -> Result<Box<dyn Source + Send>, Failure> {
    Err(Failure::usage(
        "this program was built without Postgres: build it with `--features postgres`",
    ))
}

async fn show(console: &Console, plan: &Numbers, ask: &Ask, client: &Client, pace: Option<&Pace>) {
    let ceiling = pace.and_then(|pace| pace.max_credits);
    let people = pace.map_or(ProfileUrls::MAX, |pace| pace.people_per_job);
    let people = people.clamp(ProfileUrls::MIN, ProfileUrls::MAX);
    let jobs = plan.waiting.div_ceil(people as u64);
    let hours = jobs.div_ceil(Client::MAX_ACTIVE_JOBS as u64) as f64 * JOB_HOURS;
    let price = ask.worst_case();
    let credits = plan.waiting as f64 * price;
    let balance = balance(client).await;
    if console.is_json() {
        console.value(&json!({
            "event": "plan", "rows": plan.rows, "invalid": plan.invalid, "people": plan.people,
            "known": plan.known, "submitted": plan.submitted, "waiting": plan.waiting, "jobs": jobs,
            "hours": hours, "worst_case": credits, "ceiling": ceiling, "balance": balance,
        }));
        return;
    }
    let line = |name: &str, value: String| console.line(&format!("{name:17} {value}"));
    line("rows", plan.rows.to_string());
    line("  invalid", plan.invalid.to_string());
    line("different people", plan.people.to_string());
    line("  known already", plan.known.to_string());
    line("  submitted", plan.submitted.to_string());
    line("  to submit", plan.waiting.to_string());
    line("jobs", jobs.to_string());
    line("hours", format!("{hours:.1}, at 2 to 3 minutes a job"));
    line(
        "credits at worst",
        format!("{credits}, at {price} a person"),
    );
    if let Some(ceiling) = ceiling {
        line("  your ceiling", ceiling.to_string());
    }
    let balance = balance.map_or("unknown".to_owned(), |balance| balance.to_string());
    line("balance", balance);
}

/// The balance, if the API tells it; asked for twice, where it asks for silence first.
async fn balance(client: &Client) -> Option<f64> {
    let mut credits = client.credits().await;
    if let Err(error) = &credits
        && error.is_rate_limited()
        && let Some(rest) = error.response().and_then(|response| response.retry_after())
    {
        tokio::time::sleep(rest.min(LONGEST_REST)).await;
        credits = client.credits().await;
    }
    credits.ok()?.credits()
}

fn is_agreed() -> Result<bool, Failure> {
    eprint!("go on? [y/N] ");
    let mut answer = String::new();
    let read = io::stderr()
        .flush()
        .and_then(|()| io::stdin().read_line(&mut answer));
    read.map_err(|error| Failure::stopped(&error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

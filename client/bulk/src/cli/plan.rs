//! `plan`: what a list comes to, before anything is sent that costs.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use crustdata_batch::{Client, ProfileUrls};
use crustdata_bulk::{Ask, Changed, Journal, Plan as Numbers, Sqlite};
use serde_json::json;

use super::console::Console;
use super::exit::{End, Failure};
use super::input::Input;
use super::log_format::LogFormat;
use super::options::{Api, Pace, journal_of};
use super::place::Place;

/// How long a job takes by the documentation, in hours.
const JOB_HOURS: f64 = 2.5 / 60.0;
/// The longest that a server is believed that asks for silence.
const LONGEST_REST: Duration = Duration::from_secs(2 * 60);

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

/// Says it on the console.
pub(super) async fn show(
    console: &Console,
    plan: &Numbers,
    ask: &Ask,
    client: &Client,
    pace: Option<&Pace>,
) {
    let ceiling = pace.and_then(|pace| pace.max_credits);
    let people = pace.map_or(ProfileUrls::MAX, |pace| pace.people_per_job);
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

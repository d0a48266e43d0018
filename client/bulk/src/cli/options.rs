//! Options that several verbs have.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use clap::{Args, ValueEnum};
use crustdata_batch::{Client, ContactField, Problem, ProfileUrls, WebhookUrl};
use crustdata_bulk::table::OutputFormat;
use crustdata_bulk::{Ask, Error, Journal, List};

use super::exit::Failure;
use super::log_format::LogFormat;
use super::place::Place;

/// Where the API is.
#[derive(Args)]
pub(super) struct Api {
    /// The API, if not the live one or what CRUSTDATA_BASE_URL says.
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
}

impl Api {
    pub(super) fn client(&self) -> Result<Client, Failure> {
        let builder = crustdata_batch::ClientBuilder::from_env();
        let builder = builder.map_err(|error| Failure::usage(error.to_string()))?;
        let builder = match &self.base_url {
            Some(url) => builder.base_url(url),
            None => builder,
        };
        let name = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        let client = builder.user_agent(name).build();
        client.map_err(|error| Failure::usage(error.to_string()))
    }
}

/// What is asked for.
#[derive(Args)]
pub(super) struct Contacts {
    /// Contact kinds, with commas: business_email, personal_contact_info (both of its parts),
    /// personal_contact_info.personal_emails, personal_contact_info.phone_numbers.
    #[arg(long, value_delimiter = ',', required = true, value_parser = field, value_name = "FIELD,…")]
    fields: Vec<ContactField>,
    /// Only business e-mails that pass a check at the time of the request, at half a credit more.
    #[arg(long)]
    verified: bool,
}

impl Contacts {
    pub(super) fn ask(&self) -> Ask {
        Ask::new(self.fields.iter().copied(), self.verified)
    }
}

/// How a run waits.
#[derive(Args)]
pub(super) struct Pace {
    /// The most credits that all submissions of the list may cost in the worst case: 5 a person, 5.5 verified.
    #[arg(long, value_parser = credits, value_name = "N")]
    pub(super) max_credits: Option<f64>,
    /// The most people in one job.
    #[arg(long, default_value_t = ProfileUrls::MAX, value_parser = people_per_job(), value_name = "N")]
    pub(super) people_per_job: usize,
    /// Seconds between two looks at the jobs.
    #[arg(long, default_value = "6", value_parser = seconds, value_name = "SECONDS")]
    pub(super) interval: Duration,
    /// Seconds for which it is found out what became of a submission whose outcome is unknown.
    #[arg(long, default_value = "900", value_parser = seconds, value_name = "SECONDS")]
    pub(super) unknown_patience: Duration,
    /// Takes the list of jobs' word for it that a submission was not accepted, where the account's usage can't be read. A list
    /// that is late may then cost twice.
    #[arg(long)]
    pub(super) trust_list: bool,
    /// Seconds for which the API may be away.
    #[arg(long, default_value = "600", value_parser = seconds, value_name = "SECONDS")]
    pub(super) outage_patience: Duration,
    /// Receives webhook deliveries at this address of this machine, such as 0.0.0.0:8080. A delivery makes the run look at its
    /// jobs at once, and nothing more: a forged one does no harm.
    #[arg(long, requires = "webhook_url", value_name = "ADDRESS")]
    pub(super) webhook_listen: Option<SocketAddr>,
    /// Where the API is to deliver to: the URL that leads to that address from outside.
    #[arg(long, value_parser = webhook_url, value_name = "URL")]
    pub(super) webhook_url: Option<WebhookUrl>,
    /// How the run is told of on standard error.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) log_format: LogFormat,
}

fn webhook_url(text: &str) -> Result<WebhookUrl, String> {
    WebhookUrl::new(text).map_err(|error| error.to_string())
}

fn field(text: &str) -> Result<ContactField, String> {
    let name = text.trim();
    let unknown = |_| Problem::UnknownField {
        name: name.to_owned(),
    };
    name.parse().map_err(|error| unknown(error).to_string())
}

fn credits(text: &str) -> Result<f64, String> {
    let credits = text.parse::<f64>().ok();
    let credits = credits.filter(|credits| credits.is_finite() && *credits >= 0.0);
    credits.ok_or_else(|| "it is no number of credits".to_owned())
}

fn people_per_job() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(ProfileUrls::MIN as u64..=ProfileUrls::MAX as u64)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "it is no number".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// How answers are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    /// The input's columns and the contacts', with commas.
    Csv,
    /// The same with tabs.
    Tsv,
    /// An object for each row.
    Jsonl,
    /// The same columns as a CSV file's, all of them text.
    #[cfg(feature = "parquet")]
    Parquet,
    /// The records alone, one for each person.
    Records,
}

impl Format {
    /// What a path's ending asks for.
    pub(super) fn of(path: &Path) -> Result<Self, Failure> {
        Ok(match OutputFormat::of(path) {
            OutputFormat::Tsv => Self::Tsv,
            OutputFormat::JsonLines => Self::Jsonl,
            #[cfg(feature = "parquet")]
            OutputFormat::Parquet => Self::Parquet,
            _ if !cfg!(feature = "parquet")
                && path.extension().is_some_and(|end| end == "parquet") =>
            {
                let text = "this program was built without Parquet: build it with `--features parquet`, or choose another ending";
                return Err(Failure::usage(text));
            }
            _ => Self::Csv,
        })
    }

    pub(super) fn output(self) -> OutputFormat {
        match self {
            Self::Csv => OutputFormat::Csv,
            Self::Tsv => OutputFormat::Tsv,
            Self::Jsonl => OutputFormat::JsonLines,
            #[cfg(feature = "parquet")]
            Self::Parquet => OutputFormat::Parquet,
            Self::Records => OutputFormat::Records,
        }
    }

    /// A format and a path, as the journal keeps them.
    pub(super) fn join(self, path: &Path) -> String {
        let name = self.to_possible_value();
        let name = name.map(|value| value.get_name().to_owned());
        format!("{}:{}", name.unwrap_or_default(), path.display())
    }

    /// Reads what [`join`](Self::join) wrote.
    pub(super) fn split(text: &str) -> Option<(Self, PathBuf)> {
        let (name, path) = text.split_once(':')?;
        Some((Self::from_str(name, false).ok()?, path.into()))
    }
}

/// A journal.
#[derive(Args)]
pub(super) struct InJournal {
    /// The journal; that of an output is OUTPUT.journal.
    #[arg(long, value_name = "PATH|URL")]
    journal: Option<Place>,
    /// The output, instead of its journal.
    #[arg(short, long, value_name = "OUTPUT")]
    output: Option<PathBuf>,
}

/// A list in a journal.
#[derive(Args)]
pub(super) struct Which {
    /// The list's number; the latest, if not given.
    #[arg(long, value_name = "N")]
    list: Option<i64>,
}

impl InJournal {
    pub(super) fn place(&self) -> Result<Place, Failure> {
        match (&self.journal, &self.output) {
            (Some(place), _) => Ok(place.clone()),
            (None, Some(output)) => Ok(journal_of(output)),
            (None, None) => Err(Failure::usage(
                "name the journal with --journal, or the output with -o",
            )),
        }
    }

    pub(super) fn look(&self) -> Result<Box<dyn Journal>, Failure> {
        self.place()?.look()
    }

    /// Where the answers of a list go: what is given, or what the journal says.
    pub(super) fn output_of(&self, list: &List) -> Result<(Format, PathBuf), Failure> {
        if let Some(path) = self.output.clone().filter(|_| self.journal.is_some()) {
            return Ok((Format::of(&path)?, path));
        }
        let kept = list.output.as_deref().and_then(Format::split);
        kept.ok_or_else(|| Failure::usage("name the output with --journal and -o"))
    }
}

impl Which {
    /// The list that is meant.
    pub(super) fn list(&self, lists: Vec<List>) -> Result<List, Failure> {
        let number = self.list;
        let list = lists
            .into_iter()
            .rev()
            .find(|list| number.is_none_or(|number| list.id == number));
        list.ok_or_else(|| Error::NoList(number).into())
    }
}

/// Where the journal of an output is.
pub(super) fn journal_of(output: &Path) -> Place {
    let mut name = output.as_os_str().to_owned();
    name.push(".journal");
    Place::File(name.into())
}

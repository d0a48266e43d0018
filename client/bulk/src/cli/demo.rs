//! `demo`: a sample list, enriched on a mock server inside this process. Nothing leaves the machine.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use crustdata_batch::{ApiKey, Client, ContactField, ProfileUrls};
use crustdata_bulk::table::{self, FileSink, OutputFormat};
use crustdata_bulk::{Ask, ListSpec};
use crustdata_mock::{Clock, JobTiming, MOCK_KEY, Mock};

use super::exit::{End, Failure};
use super::log_format::LogFormat;
use super::options::Pace;
use super::place::Place;
use super::run::Run;

/// People with contacts and without, some of them twice, and a row that names nobody.
const SAMPLE: &str = include_str!("demo.csv");

/// Enriches a sample list on a mock server: no key, no network, no bill.
#[derive(Args)]
pub(super) struct Demo {
    /// The folder for the list, its journal and the output; one of its own, if not given.
    #[arg(long, value_name = "PATH")]
    folder: Option<PathBuf>,
}

impl Demo {
    pub(super) async fn run(self) -> Result<End, Failure> {
        let stopped = |error: &dyn std::error::Error| Failure::stopped(error);
        let name = format!("crustdata-bulk-demo-{}", std::process::id());
        let folder = self
            .folder
            .unwrap_or_else(|| std::env::temp_dir().join(name));
        std::fs::create_dir_all(&folder).map_err(|error| stopped(&error))?;
        let [input, output, journal] =
            ["people.csv", "enriched.csv", "enriched.csv.journal"].map(|name| folder.join(name));
        // Its names are those that people use. A journal of theirs on a mock would forget whom they have paid for.
        let is_there = [&input, &output, &journal].iter().any(|file| file.exists());
        if is_there && std::fs::read_to_string(&input).ok().as_deref() != Some(SAMPLE) {
            let folder = folder.display();
            let text =
                format!("{folder} has files that are not of a demo: choose another --folder");
            return Err(Failure::usage(text));
        }
        std::fs::write(&input, SAMPLE).map_err(|error| stopped(&error))?;

        let timing = JobTiming {
            pending: Duration::from_millis(300),
            processing: Duration::from_millis(700),
        };
        let mock = Mock::builder()
            .clock(Clock::Real)
            .timing(timing)
            .start()
            .await;
        let mock = mock.map_err(|error| stopped(&error))?;
        let key = ApiKey::new(MOCK_KEY).map_err(|error| stopped(&error))?;
        let client = Client::builder()
            .api_key(key)
            .base_url(mock.base_url())
            .build();
        let client = client.map_err(|error| stopped(&error))?;

        let spec = ListSpec {
            ask: Ask::new(
                [
                    ContactField::BusinessEmail,
                    ContactField::PersonalContactInfo,
                ],
                false,
            ),
            output: Some(format!("csv:{}", output.display())),
            max_age: None,
        };
        let mut source = table::open(&input, None)?;
        let mut sink = FileSink::new(&output, OutputFormat::Csv);
        let pace = Pace {
            max_credits: None,
            people_per_job: ProfileUrls::MAX,
            interval: Duration::from_millis(250),
            unknown_patience: Duration::from_secs(10),
            trust_list: false,
            outage_patience: Duration::from_secs(10),
            webhook_listen: None,
            webhook_url: None,
            log_format: LogFormat::Text,
        };
        let base_url = Some(mock.base_url().to_string());
        let place = Place::File(journal.clone());
        let mut run = Run::new(client, &place, &pace, base_url.as_deref())?;
        let (list, plan) = run.bulk.import(&spec, &mut *source)?;
        eprintln!("{} rows name {} different people", plan.rows, plan.people);
        let end = run.finish(&list, &plan, &mut sink).await?;
        print!(
            "{}",
            std::fs::read_to_string(&output).map_err(|error| stopped(&error))?
        );
        let again = format!("explain 2 --journal {}", journal.display());
        eprintln!(
            "{} is the output; try `crustdata-bulk {again}`",
            output.display()
        );
        mock.stop().await;
        Ok(end)
    }
}

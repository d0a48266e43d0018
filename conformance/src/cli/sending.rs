//! The flags that decide what is sent, and where: those that `run` and `plan` have in common.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::error::CliError;
use super::select;
use super::serve::address;
use crate::contract::expectation::is_profile_url;
use crate::embedded;
use crate::generated::contract::{limits::REQUESTS_PER_MINUTE, submit::identifiers};
use crate::runner::{RunConfig, Trial, Webhook, is_loopback};

/// Generated cases where requests have no pace, unless `--cases` says otherwise.
const CASES: u32 = 256;

/// Submissions that are refused on the embedded mock, unless `--refusals` says otherwise.
pub(crate) const REFUSALS: usize = 200;

/// Minutes that a run on a server at `--base-url` may take, unless `--max-minutes` says otherwise.
pub(crate) const MINUTES: u64 = 10;

/// What is sent, and where.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Sending {
    /// Base URL of the server to check; the embedded mock without it. The key comes from CRUSTDATA_API_KEY
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub(super) base_url: Option<Url>,
    /// Most jobs that the server may accept; a ceiling that is never passed. Without it: 0 on a --base-url,
    /// where only what a correct server refuses is then sent (and no more submissions after one that is
    /// accepted all the same), any number on the mock
    #[arg(long, value_name = "N")]
    pub(super) max_jobs: Option<u64>,
    /// Minutes that the run may take for what a correct server refuses; at its pace, that is how many such submissions
    /// are sent. Without it: 10 on a --base-url, as many as there is something to send on the mock
    #[arg(long, value_name = "N")]
    pub(super) max_minutes: Option<u64>,
    /// Most submissions that a correct server refuses, those first that can reveal most, and at least one for each rule.
    /// Without it: 200 on the mock, as many as the minutes allow on a --base-url
    #[arg(long, value_name = "N")]
    refusals: Option<usize>,
    /// Requests a minute, evenly spread. Without it: what the document assumes, on a --base-url beyond this machine;
    /// else no limit
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) rpm: Option<u32>,
    /// Generated cases beside the catalogue's probes; those that a correct server refuses are sent as far as the minutes
    /// allow, the others as far as the jobs do. Without it: 256, or none on a --base-url with a pace
    #[arg(long, value_name = "N")]
    cases: Option<u32>,
    /// Number that all generated values follow from: the same seed sends the same requests
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Only clauses whose id matches; `*` stands for any characters; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(super) only: Vec<String>,
    /// All but the clauses whose id matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    skip: Vec<String>,
    /// A profile of your own, looked up beside those that name nobody, so that results with contacts can be
    /// judged; a correct server bills what it finds; may be repeated
    #[arg(long = "profile-url", value_name = "URL", requires = "base_url", value_parser = profile_url)]
    profile_urls: Vec<String>,
    /// URL under which the server reaches --webhook-listen, where it can't reach this machine itself
    #[arg(long, value_name = "URL", requires = "base_url", value_parser = base_url)]
    webhook_base: Option<Url>,
    /// Address on which webhook deliveries are listened for, or its port. Without it: a free port of this machine
    #[arg(long, value_name = "ADDR", requires = "base_url", value_parser = address)]
    webhook_listen: Option<SocketAddr>,
}

impl Sending {
    /// What is sent to the server at `--base-url`, or else to a mock at an address that is not known yet.
    pub(super) fn config(
        &self,
        key: SecretString,
        timeout: Duration,
    ) -> Result<RunConfig, CliError> {
        if self.profile_urls.len() > identifiers::MAX {
            let most = identifiers::MAX;
            let error = format!("--profile-url: at most {most} profiles, as many as one job takes");
            return Err(CliError::Usage(error));
        }
        let target = self.base_url.as_ref();
        let embedded = target.is_none();
        let distant = target.is_some_and(|url| !is_loopback(url));
        let rpm = self.rpm.or(distant.then_some(REQUESTS_PER_MINUTE));
        let paced = !embedded && rpm.is_some();
        let mock = RunConfig::of_mock(embedded::base_url());
        Ok(RunConfig {
            base_url: target.cloned().unwrap_or(mock.base_url),
            key,
            embedded,
            max_jobs: self.max_jobs.or((!embedded).then_some(0)),
            max_minutes: self.max_minutes.or((!embedded).then_some(MINUTES)),
            refusals: self.refusals.or(embedded.then_some(REFUSALS)),
            rpm,
            cases: self.cases.unwrap_or(if paced { 0 } else { CASES }),
            seed: self.seed.unwrap_or_else(random_seed),
            timeout,
            webhook: self.webhook(distant)?,
            profile_urls: match target {
                Some(_) => self.profile_urls.clone(),
                None => mock.profile_urls,
            },
            checks: select::checks(&self.only, &self.skip)?,
            faults: Vec::new(),
            trial: Trial::default(),
        })
    }

    /// Where to listen for webhook deliveries, if the server can send some there.
    fn webhook(&self, distant: bool) -> Result<Option<Webhook>, CliError> {
        if distant && self.webhook_base.is_none() {
            return match self.webhook_listen {
                None => Ok(None),
                Some(_) => Err(CliError::Usage(
                    "--webhook-listen: a server that is not on this machine needs --webhook-base, the URL under \
                     which it reaches that address"
                        .to_owned(),
                )),
            };
        }
        Ok(Some(Webhook {
            listen: self.webhook_listen.unwrap_or(Webhook::FREE_PORT),
            base: self.webhook_base.clone(),
        }))
    }
}

/// A short number that no earlier run is likely to have had.
fn random_seed() -> u64 {
    u64::from(uuid::Uuid::new_v4().as_fields().0)
}

pub(super) fn base_url(text: &str) -> Result<Url, String> {
    const BEGINNING: &str = "it must begin with http:// or https:// and a host";
    let url = Url::parse(text).map_err(|error| format!("{BEGINNING} ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(BEGINNING.to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must hold no user name and no password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it must have no query and no fragment".to_owned());
    }
    Ok(url)
}

/// A profile as the contract's example names one. It is sent as it is given, in a comma-separated string, too.
fn profile_url(text: &str) -> Result<String, String> {
    if is_profile_url(text) {
        return Ok(text.to_owned());
    }
    Err("it must be like https://www.linkedin.com/in/somebody".to_owned())
}

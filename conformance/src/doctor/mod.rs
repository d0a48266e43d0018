//! Whether a run can go ahead, asked before it: the key, what the account may call, the rate limit, the balance, free
//! places for jobs, the clock, and TLS. It only reads, so that it costs nothing. What each answer says is in `examine`, and
//! what a run could judge in `judged`.

mod examine;
mod finding;
mod judged;

use std::time::Duration;

use secrecy::SecretString;
use serde::Serialize;
use url::{Url, form_urlencoded};

pub use finding::{Finding, State};
pub use judged::Judged;
pub(crate) use judged::without_jobs;

use finding::Answers;

use crate::embedded::EmbeddedError;
use crate::exchange::{Exchange, Request};
use crate::generated::contract::{account, job::status, list::limit, submit, usage};
use crate::probes::scenario::{self, Version};
use crate::probes::submission::Authorization;
use crate::runner::{Asker, is_loopback};

/// Names the form of the JSON that a [`Diagnosis`] is written as.
pub const SCHEMA: &str = "crustdata-conformance/doctor/1";

/// Bound on one exchange.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a server and an account are like, as far as reading shows.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Diagnosis {
    /// Always `crustdata-conformance/doctor/1`.
    pub schema: &'static str,
    /// The exit code: 0 where nothing is wrong, 1 where something is, 3 where the server can't be reached or is another.
    pub exit_code: u8,
    /// Base URL of the server.
    pub target: String,
    /// What was found, in the order of asking.
    pub findings: Vec<Finding>,
    /// What a run could judge; empty where none can go ahead.
    pub runs: Vec<Judged>,
}

/// What went wrong with the examination itself.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// Nothing can be sent.
    #[error(transparent)]
    Transport(#[from] crate::runner::TransportError),
    /// What a run could judge can't be found out.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
}

/// Examines the server at `base_url` and the account of this key. It sends a handful of requests that only read.
///
/// # Errors
///
/// When nothing can be sent, or no mock can be started.
pub async fn examine(base_url: &Url, key: &SecretString) -> Result<Diagnosis, DoctorError> {
    let asker = Asker::new(base_url.clone(), key, TIMEOUT)?;
    let list = asker
        .ask(scenario::list(&most(""), Authorization::Key))
        .await;
    let mut findings = vec![examine::transport(base_url)];
    if let Some(finding) = examine::unreachable(base_url, &list) {
        findings.push(finding);
        return Ok(diagnosis(base_url, findings, 3, Vec::new()));
    }
    let answers = answers(&asker, list).await;
    findings.extend(examine::all(&answers));
    let is_wrong = findings.iter().any(|finding| finding.state == State::Wrong);
    // A key that is refused is refused in a run, too.
    let runs = if answers.list.accepted() {
        judged::runs(examine::has_account(&answers), is_loopback(base_url)).await?
    } else {
        Vec::new()
    };
    Ok(diagnosis(base_url, findings, u8::from(is_wrong), runs))
}

fn diagnosis(
    base_url: &Url,
    findings: Vec<Finding>,
    exit_code: u8,
    runs: Vec<Judged>,
) -> Diagnosis {
    let mut shown = base_url.clone();
    // What stands there is a secret; a URL that can have none keeps none.
    let _ = shown
        .set_password(None)
        .and_then(|()| shown.set_username(""));
    Diagnosis {
        schema: SCHEMA,
        exit_code,
        target: shown.to_string(),
        findings,
        runs,
    }
}

async fn answers(asker: &Asker, list: Exchange) -> Answers {
    let jobs = |status: &str| {
        let query = most(&format!("status={status}&"));
        asker.ask(scenario::list(&query, Authorization::Key))
    };
    let active = [jobs(status::PENDING).await, jobs(status::PROCESSING).await];
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("path", submit::PATH).finish();
    let events = format!("{}?limit={}", usage::PATH, usage::limit::MIN);
    Answers {
        list,
        active,
        credits: asker.ask(read(account::credits::PATH.to_owned())).await,
        endpoints: asker
            .ask(read(format!("{}?{query}", account::endpoints::PATH)))
            .await,
        events: asker.ask(read(events)).await,
    }
}

fn most(query: &str) -> String {
    format!("{query}limit={}", limit::MAX)
}

fn read(target: String) -> Request {
    scenario::account(target, Authorization::Key, Version::Current)
}

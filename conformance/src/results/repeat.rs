//! The lines that bring a finding back: a run that judges its check alone, and its request as `curl` sends it. A line
//! that can't work is not made.

use std::net::{Ipv4Addr, SocketAddr};

use crustdata_mock::MOCK_KEY;

use super::{Rules, Target};
use crate::checks::{CHECKS, Check, Needs, Submissions};
use crate::contract::request::Operation;
use crate::curl;
use crate::exchange::{KEY_PLACEHOLDER, Request};
use crate::probes::scenario::{NO_SUCH_JOBS, NO_SUCH_REQUESTS};
use crate::runner::{RunConfig, Webhook};

/// Where the mock is served for `curl`: the embedded one has gone when the report is read.
const SERVED: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// What the lines of one summary have in common.
pub(super) struct Repeat<'a> {
    pub(super) rules: &'a Rules,
    pub(super) target: &'a Target,
    /// `None` for what was not run: a recording, or other people's traffic.
    pub(super) config: Option<&'a RunConfig>,
    /// Number of the exchange in which the first job was accepted.
    pub(super) first_job: Option<usize>,
}

impl Repeat<'_> {
    /// Runs this check alone, with the values of the run. What the check needs to be judged is sent with it. Where it came
    /// of a run with jobs, and needs none by itself, so does a check that follows them to their end.
    pub(super) fn run(&self, check: &Check, first: usize) -> Option<String> {
        let config = self.config?;
        let mut args = vec!["run".to_owned()];
        let mut arg = |flag: &str, value: &dyn ToString| {
            args.extend([flag.to_owned(), value.to_string()]);
        };
        arg("--only", &check.id);
        let is_of_any_state = matches!(
            check.needs.submissions,
            Submissions::None | Submissions::Judged
        );
        if is_of_any_state && self.first_job.is_some_and(|job| job < first) {
            let follows = CHECKS.iter().find(|other| other.needs == Needs::REPORTED);
            follows.iter().for_each(|other| arg("--only", &other.id));
        }
        arg("--seed", &config.seed);
        arg("--cases", &config.cases);
        if let Some(most) = config.max_jobs {
            arg("--max-jobs", &most);
        }
        if let Some(minutes) = config.max_minutes {
            arg("--max-minutes", &minutes);
        }
        if let Some(refusals) = config.refusals {
            arg("--refusals", &refusals);
        }
        if let Some(rpm) = config.rpm {
            arg("--rpm", &rpm);
        }
        if config.timeout != RunConfig::TIMEOUT {
            arg("--timeout", &config.timeout.as_secs());
        }
        for fault in &self.target.faults {
            arg("--fault", fault);
        }
        if !self.target.embedded {
            arg("--base-url", &self.target.base_url);
            for url in &config.profile_urls {
                arg("--profile-url", url);
            }
            if let Some(webhook) = &config.webhook {
                if webhook.listen != Webhook::FREE_PORT {
                    arg("--webhook-listen", &webhook.listen);
                }
                if let Some(base) = &webhook.base {
                    arg("--webhook-base", base);
                }
            }
        }
        if self.rules.strict {
            args.push("--strict".to_owned());
        }
        self.line(&args)
    }

    /// Serves the mock of the run for [`Repeat::curl`]; `None` for a server that is still there.
    pub(super) fn serve(&self) -> Option<String> {
        if !self.target.embedded {
            return None;
        }
        let mut args = vec![
            "serve".to_owned(),
            "--listen".to_owned(),
            SERVED.to_string(),
        ];
        for fault in &self.target.faults {
            args.extend(["--fault".to_owned(), fault.clone()]);
        }
        self.line(&args)
    }

    /// Sends the request again; `None` where that is of no use: a link to a file opens it no more once its signature
    /// is masked, a webhook delivery is the server's own request, and a mock that has gone has taken its jobs along.
    pub(super) fn curl(&self, request: &Request) -> Option<String> {
        if !self.target.embedded {
            // Words, or several servers: where it went is not known.
            let base = Some(&self.target.base_url).filter(|base| !base.contains(' '));
            return curl::command(base?, request);
        }
        let stands_alone = match request.operation() {
            Operation::Submit => true,
            Operation::Job(id) => NO_SUCH_JOBS.contains(&id),
            Operation::List => request.query_value("cursor").is_none(),
            Operation::Credits | Operation::Endpoints => true,
            Operation::Events => request.query_value("cursor").is_none(),
            Operation::Event(id) => NO_SUCH_REQUESTS.contains(&id),
            Operation::Download(_) | Operation::Delivery(_) | Operation::Other => false,
        };
        let command = curl::command(&format!("http://{SERVED}"), request);
        command
            .filter(|_| stands_alone)
            .map(|command| command.replace(KEY_PLACEHOLDER, MOCK_KEY))
    }

    fn line(&self, args: &[String]) -> Option<String> {
        // Only a NUL can't be written for a shell, and none of these has one.
        let args = shlex::try_join(args.iter().map(String::as_str)).ok()?;
        Some(format!("{} {args}", self.rules.program))
    }
}

//! `conformance serve`

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use super::{CliError, select, written};
use crate::generated::contract::{
    API_VERSION, API_VERSION_HEADER, SUBMIT_EXAMPLE_REQUEST, SUBMIT_PATH,
};
use crustdata_mock::{Clock, JobTiming, MOCK_KEY, Mock, MockConfig, MockError};

/// Serve the mock until interrupted, for any client to be tried against
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address to listen on; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Break the contract in this way (`conformance list --faults`); may be repeated
    #[arg(long = "fault", value_name = "NAME")]
    faults: Vec<String>,
    /// Seconds that a job takes from submission to completion
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    job_seconds: u32,
}

pub(super) async fn serve(args: Args, out: &mut dyn Write) -> Result<u8, CliError> {
    let job = Duration::from_secs(args.job_seconds.into());
    let mock = Mock::start(MockConfig {
        listen: args.listen,
        clock: Clock::Real,
        timing: JobTiming {
            pending: job / 5,
            processing: job - job / 5,
        },
        faults: select::faults(&args.faults)?,
        ..MockConfig::default()
    })
    .await
    .map_err(|error| match error {
        MockError::AddressInUse { .. } | MockError::Listen { .. } => {
            CliError::Usage(error.to_string())
        }
        other => CliError::suite("the mock can't be started", other),
    })?;
    let base = mock.base_url();
    let base = base.as_str().trim_end_matches('/');
    let text = format!(
        "listening on {base}, with the key {MOCK_KEY}; Ctrl-C stops\n\
         curl -sS {base}{SUBMIT_PATH} -H 'Authorization: Bearer {MOCK_KEY}' \
         -H '{API_VERSION_HEADER}: {API_VERSION}' -H 'Content-Type: application/json' \
         --data-raw '{SUBMIT_EXAMPLE_REQUEST}'\n"
    );
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))?;
    super::interrupted().await;
    mock.stop().await;
    Ok(0)
}

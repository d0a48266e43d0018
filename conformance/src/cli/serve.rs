//! `conformance serve`

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use crustdata_mock::{Clock, JobTiming, MOCK_KEY, MockConfig, MockError};

use super::error::{CliError, written};
use super::select;
use crate::generated::contract::{
    API_VERSION,
    header::API_VERSION as API_VERSION_HEADER,
    limits,
    media_type::JSON,
    submit::{PATH as SUBMIT_PATH, example::REQUEST as SUBMIT_EXAMPLE_REQUEST},
};

/// Serve the mock until interrupted, for any client to be tried against
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address to listen on, or its port; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0", value_parser = address)]
    listen: SocketAddr,
    /// Break the contract in this way (`conformance list --faults`); may be repeated
    #[arg(long = "fault", value_name = "NAME")]
    faults: Vec<String>,
    /// Seconds that a job takes from submission to completion
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    job_seconds: u32,
    /// Most jobs that may be active at the same time
    #[arg(long, value_name = "N", default_value_t = limits::ACTIVE_JOBS)]
    max_active_jobs: usize,
    /// Find invented contacts for this profile URL, beside https://www.linkedin.com/in/example-person-one/ to -ten/; may be
    /// repeated
    #[arg(long = "profile", value_name = "URL")]
    profiles: Vec<String>,
    /// Print a line for each request on standard error
    #[arg(long)]
    log: bool,
}

pub(super) async fn serve(args: Args, out: &mut dyn Write) -> Result<u8, CliError> {
    let job = Duration::from_secs(args.job_seconds.into());
    let mock = MockConfig {
        listen: args.listen,
        clock: Clock::Real,
        timing: JobTiming {
            pending: job / 5,
            processing: job - job / 5,
        },
        max_active_jobs: args.max_active_jobs,
        profiles: args.profiles,
        faults: select::faults(&args.faults)?,
        ..MockConfig::default()
    }
    .start()
    .await
    .map_err(|error| match error {
        MockError::AddressInUse { .. } | MockError::Listen { .. } => {
            CliError::Usage(error.to_string())
        }
        other => CliError::suite("the mock can't be started", other),
    })?;
    if args.log {
        mock.on_response(|request, status| {
            let (method, path) = (&request.method, &request.path);
            // Without a query, since that is what opens a results file. Nobody may be there to read it.
            let _ = writeln!(anstream::stderr(), "{method} {path} {}", status.as_u16());
        });
    }
    let base = mock.base_url();
    let base = base.as_str().trim_end_matches('/');
    let text = format!(
        "listening on {base}, with the key {MOCK_KEY}; Ctrl-C stops\n\
         curl -sS {base}{SUBMIT_PATH} -H 'Authorization: Bearer {MOCK_KEY}' \
         -H '{API_VERSION_HEADER}: {API_VERSION}' -H 'Content-Type: {JSON}' \
         --data-raw '{SUBMIT_EXAMPLE_REQUEST}'\n"
    );
    written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))?;
    super::signals::interrupted().await;
    mock.stop().await;
    Ok(0)
}

/// An address with its port, a name of this machine with a port, or a port of the loopback.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let addresses = text.to_socket_addrs().map_err(|error| {
        format!("{error}; give a port such as 8080, or an address with one, such as localhost:8080")
    })?;
    // Clients try IPv4 when IPv6 fails, but not all of them the other way round.
    let mut addresses: Vec<_> = addresses.collect();
    addresses.sort_by_key(SocketAddr::is_ipv6);
    let first = addresses.first().copied();
    first.ok_or_else(|| "no address of this machine has this name".to_owned())
}

//! What a run costs that sends many generated cases: `cargo bench -p crustdata-conformance --bench load`, or with
//! another number of cases `… -- 20000`.
//!
//! Prints the exchanges a second that are sent to the embedded mock and judged, and the most memory that suite and
//! mock held together (from `/proc/self/status`, so on Linux only).
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use crustdata_conformance::embedded;
use crustdata_conformance::results::Rules;
use crustdata_conformance::runner::RunConfig;

fn main() {
    let cases = std::env::args().find_map(|arg| arg.parse().ok());
    let cases = cases.unwrap_or(100_000);
    let config = RunConfig {
        cases,
        refusals: Some(200),
        ..RunConfig::of_mock(embedded::base_url())
    };
    // As in the self-test: what goes from one thread to another for each exchange costs a sixth.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let never = std::future::pending();
    let results = runtime
        .block_on(embedded::run(config, &Rules::default(), never, &|_| {}))
        .unwrap();
    let totals = results.totals;
    println!(
        "{} cases, {} exchanges in {:.1} s: {:.0} a second, {} at most",
        cases,
        totals.exchanges,
        totals.seconds,
        totals.exchanges as f64 / totals.seconds,
        peak().unwrap_or_default(),
    );
}

/// The most memory that this process ever held.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(peak.trim().to_owned())
}

//! What is judged of a whole run on the mock: each file once for all checks, and in the order of sending.

use std::sync::Arc;

use crustdata_mock as mock;

use super::{base_url, run_recorded};
use crate::assessment::Assessment;
use crate::checks::CHECKS;
use crate::contract::request::Operation;
use crate::evidence::UNPACKED;
use crate::exchange::Exchange;
use crate::recording::{self, Recorder};
use crate::results::{Results, Rules};
use crate::runner::RunConfig;

/// What a run of all checks on the mock leaves behind. All of it is sent one after the other.
async fn run(fault: Option<&str>) -> Vec<Exchange> {
    let fault = fault.map(|name| mock::find(name).expect("it exists"));
    let config = RunConfig {
        refusals: Some(50),
        faults: fault.into_iter().collect(),
        ..RunConfig::of_mock(base_url())
    };
    let never = std::future::pending();
    let file = tempfile::tempfile().expect("a file can be made");
    let read = file.try_clone().expect("it can be opened twice");
    let record = |base_url: &url::Url| Some(Recorder::new(file, base_url.as_str()));
    let rules = Rules::default();
    let results = run_recorded(config, &rules, record, never, &|_| {});
    let recorder = results.await.expect("the mock starts").recorder;
    let recorder = recorder.expect("it was recorded");
    recorder.finish(None).expect("it can be written");
    let mut read = std::io::BufReader::new(read);
    std::io::Seek::rewind(&mut read).expect("it is a file");
    let exchanges = recording::read(read).expect("it is a recording");
    exchanges
        .map(|exchange| exchange.expect("it is whole"))
        .collect()
}

fn assessed(exchanges: Vec<Exchange>) -> Assessment {
    let mut assessment = Assessment::new(CHECKS, None);
    for exchange in exchanges {
        assessment.push(Arc::new(exchange));
    }
    assessment.settle_all();
    assessment
}

#[tokio::test]
async fn each_file_is_unpacked_once_for_all_checks() {
    let exchanges = run(None).await;
    let files = exchanges
        .iter()
        .filter(|exchange| matches!(exchange.request.operation(), Operation::Download(_)))
        .count();
    assert!(files > 1);
    UNPACKED.set(0);
    for (check, tally) in assessed(exchanges).judged() {
        let judged = tally.satisfied > 0 && tally.violations.count == 0;
        assert!(judged, "{}: {tally:?}", check.id);
    }
    assert!((2..=files).contains(&UNPACKED.get()), "{}", UNPACKED.get());
}

/// What each check says, and of what it says so, in words that don't depend on numbers of exchanges.
fn said(exchanges: Vec<Exchange>) -> Vec<String> {
    let server = "http://127.0.0.1:1/";
    let results = Results::of_exchanges(server, assessed(exchanges), &Rules::default());
    assert_eq!((results.seed, results.cases), (None, None));
    let said = results.checks.iter().map(|check| {
        let finding = check.findings.first();
        let finding = finding.map(|finding| (&finding.sent, &finding.got));
        let (satisfied, violated) = (check.satisfied, check.violated);
        format!(
            "{} {:?} {satisfied} {violated} {finding:?}",
            check.id, check.status
        )
    });
    said.collect()
}

/// Responses come, and a proxy records, in any order; what a check says follows the order of sending.
#[tokio::test]
async fn exchanges_are_judged_in_the_order_of_sending_whatever_the_order_of_recording() {
    for fault in [
        None,
        Some("completed-then-processing"),
        Some("status-flickers"),
    ] {
        let exchanges = run(fault).await;
        let mut reversed = exchanges.clone();
        reversed.reverse();
        assert_eq!(said(reversed), said(exchanges), "{fault:?}");
    }
}

//! Each check by itself: what it needs is sent, and no other check has to be selected for it to be judged.

use crustdata_conformance::checks::CHECKS;
use crustdata_conformance::embedded;
use crustdata_conformance::results::{Rules, Status};
use crustdata_conformance::runner::RunConfig;
use futures_util::{StreamExt, stream};

/// Accepted jobs that show every clause. What breaks each rule is sent whatever number of refusals is asked for.
const JOBS: u64 = 12;

#[tokio::test]
async fn each_check_alone_is_judged_and_passes_on_the_mock() {
    let runs = CHECKS.iter().map(|check| async move {
        let config = RunConfig {
            checks: vec![check],
            max_jobs: Some(JOBS),
            refusals: Some(0),
            ..RunConfig::of_mock(embedded::base_url())
        };
        let never = std::future::pending();
        let results = embedded::run(config, &Rules::default(), never, &|_| {}).await;
        let results = results.expect("the mock starts");
        let check = &results.checks[0];
        (check.status != Status::Pass)
            .then(|| format!("{} {:?} {:?}", check.id, check.status, check.reason))
    });
    let not_passed: Vec<Option<String>> = stream::iter(runs).buffered(4).collect().await;
    let not_passed: Vec<String> = not_passed.into_iter().flatten().collect();
    assert!(not_passed.is_empty(), "{not_passed:#?}");
}

//! The suite on a server that is not its own: the mock, but reached by `--base-url`, with a key and a
//! budget.

use std::time::Duration;

use crustdata_conformance::mock::{Clock, Mock, MockConfig};

use crate::process::{Printed, SECRET, conformance_on, json, with_status};

async fn run_on(config: MockConfig, args: &str) -> (Printed, u64) {
    let mock = Mock::start(MockConfig {
        key: SECRET.to_owned(),
        clock: Clock::Ticking(Duration::from_secs(40)),
        ..config
    })
    .await
    .expect("the mock starts");
    let base_url = mock.base_url().to_string();
    let args = args.to_owned();
    let printed = tokio::task::spawn_blocking(move || conformance_on(&base_url, &args))
        .await
        .expect("the run ends");
    let accepted = mock.stats().accepted;
    (printed, accepted)
}

#[tokio::test]
async fn without_a_budget_no_job_is_made_and_the_report_says_what_that_leaves_out() {
    let (printed, accepted) = run_on(MockConfig::default(), "run --format json").await;
    assert_eq!((printed.code, accepted), (0, 0), "{}", printed.err);
    let results = json(&printed);
    assert!(
        with_status(&results, "pass")
            .iter()
            .all(|id| id.starts_with("reject."))
    );
    assert_eq!(with_status(&results, "untestable").len(), 16);
}

#[tokio::test]
async fn one_job_shows_all_that_one_job_can() {
    let (printed, accepted) = run_on(MockConfig::default(), "run --max-jobs 1 --format json").await;
    assert_eq!((printed.code, accepted), (0, 1), "{}", printed.err);
    let untestable = with_status(&json(&printed), "untestable");
    assert_eq!(
        untestable,
        [
            "submit.fields-supported",
            "submit.max-identifiers",
            "submit.chunk-size"
        ]
    );
}

#[tokio::test]
async fn eight_jobs_and_sixty_requests_show_everything() {
    let (printed, accepted) = run_on(MockConfig::default(), "run --max-jobs 8 --format json").await;
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert!(accepted <= 8, "{accepted} jobs");
    let results = json(&printed);
    let passed = with_status(&results, "pass").len();
    assert_eq!(passed, results["checks"].as_array().map_or(0, Vec::len));
    let requests = results["totals"]["exchanges"].as_u64();
    assert!(
        requests.is_some_and(|requests| requests <= 60),
        "{requests:?}"
    );
}

#[tokio::test]
async fn a_check_asked_for_by_name_that_the_budget_rules_out_is_inconclusive() {
    let (printed, _) = run_on(MockConfig::default(), "run --only submit.entity").await;
    assert_eq!(printed.code, 3, "{}", printed.out);
    assert!(printed.out.contains("--max-jobs"), "{}", printed.out);
    let (printed, _) = run_on(
        MockConfig::default(),
        "run --only submit.entity --max-jobs 1",
    )
    .await;
    assert_eq!(printed.code, 0, "{}", printed.out);
}

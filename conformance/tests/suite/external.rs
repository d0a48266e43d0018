//! The suite on a server that is not its own: the mock, but reached by `--base-url`, with a key and a
//! budget.

use std::time::Duration;

use crustdata_conformance::checks::{CHECKS, Level};
use crustdata_mock::{Clock, MockConfig};

use crate::process::{Printed, SECRET, conformance, conformance_on, json, with_status};

pub(crate) async fn run_on(config: MockConfig, args: &str) -> (Printed, u64) {
    let mock = MockConfig {
        key: SECRET.to_owned(),
        clock: match config.clock {
            Clock::Manual => Clock::Ticking(Duration::from_secs(10)),
            chosen => chosen,
        },
        ..config
    }
    .start()
    .await
    .expect("the mock starts");
    let base_url = mock.base_url().to_string();
    let owned = args.to_owned();
    let printed = tokio::task::spawn_blocking(move || conformance_on(&base_url, &owned))
        .await
        .expect("the run ends");
    let accepted = mock.stats().accepted;
    assert!(
        !args.starts_with("plan") || mock.stats().requests == 0,
        "a plan sends nothing"
    );
    (printed, accepted)
}

#[tokio::test]
async fn without_a_budget_no_job_is_made_and_the_report_says_what_that_leaves_out() {
    let (printed, accepted) = run_on(MockConfig::default(), "run --format json").await;
    assert_eq!((printed.code, accepted), (0, 0), "{}", printed.err);
    let results = json(&printed);
    let passed = with_status(&results, "pass");
    let (judged, all) = (passed.len(), CHECKS.len());
    assert_eq!(
        results["because"],
        format!("no violation found; {judged} of {all} clauses judged")
    );
    assert!(
        passed.iter().any(|id| id == "reject.chunk-size"),
        "{passed:?}"
    );
    let untestable = with_status(&results, "untestable");
    assert!(
        untestable.iter().any(|id| id == "submit.entity"),
        "{untestable:?}"
    );
    assert!(
        untestable.iter().any(|id| id == "job.authorization"),
        "{untestable:?}"
    );
}

#[tokio::test]
async fn a_clause_that_is_not_judged_is_inconclusive_where_all_are_required() {
    let (printed, _) = run_on(MockConfig::default(), "run --require-all --format json").await;
    assert_eq!(printed.code, 3, "{}", printed.err);
    let because = json(&printed)["because"].to_string();
    assert!(because.contains("not judged: submit.accepted"), "{because}");
    let only = "run --require-all --only reject.* --skip reject.no-job";
    let (printed, _) = run_on(MockConfig::default(), only).await;
    assert_eq!(printed.code, 0, "{}", printed.out);
}

#[tokio::test]
async fn webhooks_and_the_order_of_the_list_are_judged_alone() {
    for (args, jobs) in [
        ("run --only webhook.post --max-jobs 1", 1),
        ("run --only list.order --max-jobs 2", 2),
    ] {
        // Time moves with the requests, and little else is asked for.
        let config = MockConfig {
            clock: Clock::Ticking(Duration::from_secs(40)),
            ..MockConfig::default()
        };
        let (printed, accepted) = run_on(config, &format!("{args} --format json")).await;
        assert_eq!(accepted, jobs, "{args}");
        assert_eq!(with_status(&json(&printed), "pass").len(), 1, "{args}");
    }
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
            "submit.chunk-size",
            "result.requested-kinds",
            "list.order",
            "limit.active-jobs",
        ]
    );
}

#[tokio::test]
async fn eight_jobs_show_everything_but_contacts_that_nobody_has() {
    let (printed, accepted) = run_on(MockConfig::default(), "run --max-jobs 8 --format json").await;
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert!(accepted <= 8, "{accepted} jobs");
    let results = json(&printed);
    let total = results["checks"].as_array().map_or(0, Vec::len);
    assert_eq!(with_status(&results, "vacuous"), ["result.requested-kinds"]);
    assert_eq!(with_status(&results, "pass").len(), total - 1);
    let requests = results["totals"]["exchanges"].as_u64().unwrap();
    assert!(
        requests <= number_after("at most ", &printed.err),
        "{requests}: {}",
        printed.err
    );
}

#[tokio::test]
async fn the_must_level_needs_eight_jobs_and_ninety_requests() {
    let must = CHECKS.iter().filter(|check| check.level == Level::Must);
    let only: Vec<String> = must.map(|check| format!("--only {}", check.id)).collect();
    let args = format!(
        "run --max-jobs 8 --max-minutes 0 --rpm 60000 --format json {}",
        only.join(" ")
    );
    // As fast as jobs can be without being over at once, since each poll of a slow one is a request more.
    let config = MockConfig {
        clock: Clock::Ticking(Duration::from_secs(40)),
        ..MockConfig::default()
    };
    let (printed, accepted) = run_on(config, &args).await;
    assert_eq!(printed.code, 0, "{}", printed.out);
    let requests = json(&printed)["totals"]["exchanges"].as_u64().unwrap();
    assert!(
        accepted <= 8 && requests <= 90,
        "{accepted} jobs, {requests} requests"
    );
}

/// The number that comes after `words`.
fn number_after(words: &str, text: &str) -> u64 {
    let (_, rest) = text.split_once(words).expect("it is there");
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number comes next")
}

/// Within a quarter, or ten requests where there are few.
#[track_caller]
fn is_likely(args: &str, planned: &str, sent: &Printed) {
    let likely = number_after("likely about ", planned);
    let requests = json(sent)["totals"]["exchanges"].as_u64().unwrap();
    let band = (requests / 4).max(10);
    assert!(
        requests.abs_diff(likely) <= band,
        "{args}: {likely} planned, {requests} sent"
    );
}

#[tokio::test]
async fn what_is_likely_is_what_a_compliant_server_is_sent() {
    for args in [
        "--max-jobs 0",
        "--max-jobs 1",
        "--max-jobs 3",
        "--max-jobs 8",
        "--max-jobs 8 --only result.*",
        "--only reject.* --only list.*",
        "--max-jobs 20 --cases 40",
    ] {
        let args = format!("{args} --seed 1");
        let config = MockConfig {
            clock: Clock::Ticking(Duration::from_secs(20)),
            ..MockConfig::default()
        };
        let (sent, _) = run_on(config, &format!("run {args} --format json")).await;
        // The run says its plan before it begins.
        is_likely(&args, &sent.err, &sent);
    }
}

#[test]
fn what_is_likely_is_what_the_embedded_mock_is_sent() {
    for args in [
        "",
        "--cases 0",
        "--cases 100 --max-jobs 3",
        "--cases 0 --only list.*",
        "--cases 300 --only result.* --only reject.chunk-size",
    ] {
        let args = format!("{args} --seed 1");
        let planned = conformance(&format!("plan {args}"));
        let sent = conformance(&format!("run {args} --format json"));
        assert_eq!(planned.code, 0, "{}", planned.err);
        is_likely(&args, &planned.out, &sent);
    }
}

#[tokio::test]
async fn a_plan_sends_nothing() {
    let (printed, _) = run_on(MockConfig::default(), "plan --max-jobs 8 --rpm 15").await;
    assert_eq!(printed.code, 0, "{}", printed.err);
    insta::assert_snapshot!(printed.out);
    let args = "plan --max-jobs 8 --cases 10 --seed 1";
    let (printed, _) = run_on(MockConfig::default(), args).await;
    insta::assert_snapshot!("plan_with_cases", printed.out);
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

//! What a run reads of the account: on servers that have it, in part or not at all, and what it says of the cost.

use crustdata_conformance::checks::CHECKS;
use crustdata_mock::{MockConfig, TEST_PROFILES, find};
use serde_json::Value;

use crate::external::run_on;
use crate::process::{json, with_status};

fn is_of_account(id: &str) -> bool {
    id.starts_with("account.") || id.starts_with("usage.")
}

/// The statuses of the clauses about jobs, with the verdict and the exit code.
fn of_jobs(results: &Value) -> Vec<(String, String)> {
    let checks = results["checks"].as_array().expect("there are checks");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let checks = checks
        .iter()
        .map(|check| (text(&check["id"]), text(&check["status"])));
    let checks = checks.filter(|(id, _)| !is_of_account(id));
    let verdict = ("verdict".to_owned(), text(&results["verdict"]));
    let code = ("exit_code".to_owned(), results["exit_code"].to_string());
    checks.chain([verdict, code]).collect()
}

fn without_account() -> MockConfig {
    MockConfig {
        has_account: false,
        ..MockConfig::default()
    }
}

#[tokio::test]
async fn a_free_run_judges_eight_clauses_of_the_account_and_more() {
    let (printed, accepted) = run_on(MockConfig::default(), "run --format json").await;
    assert_eq!((printed.code, accepted), (0, 0), "{}", printed.err);
    let passed = with_status(&json(&printed), "pass");
    let judged = passed.iter().filter(|id| is_of_account(id)).count();
    assert!(judged >= 8, "{passed:?}");
}

#[tokio::test]
async fn a_server_without_the_accounts_paths_is_judged_as_before() {
    for args in ["run --format json", "run --max-jobs 2 --format json"] {
        let (with, _) = run_on(MockConfig::default(), &format!("{args} --seed 1")).await;
        for config in [
            without_account(),
            MockConfig {
                faults: vec![find("account-forbidden").expect("it is a variant")],
                ..MockConfig::default()
            },
            MockConfig {
                faults: vec![find("account-is-a-page").expect("it is a variant")],
                ..MockConfig::default()
            },
        ] {
            let (without, _) = run_on(config, &format!("{args} --seed 1")).await;
            let results = json(&without);
            assert_eq!(of_jobs(&results), of_jobs(&json(&with)), "{args}");
            let vacuous = with_status(&results, "vacuous");
            let all = CHECKS.iter().filter(|check| is_of_account(check.id));
            for check in all {
                assert!(vacuous.iter().any(|id| id == check.id), "{}", check.id);
            }
        }
    }
}

#[tokio::test]
async fn what_a_server_has_not_is_said_once() {
    let (printed, _) = run_on(without_account(), "run").await;
    let said = printed.out.matches("no paths for the account").count();
    assert_eq!(said, 1, "{}", printed.out);
    assert!(
        printed.out.contains("and so for 11 other clauses"),
        "{}",
        printed.out
    );
}

#[tokio::test]
async fn a_run_says_what_was_predicted_charged_and_expected() {
    let args = format!(
        "run --max-jobs 1 --format json --profile-url {} --profile-url {}",
        TEST_PROFILES[0], TEST_PROFILES[1]
    );
    let (printed, _) = run_on(MockConfig::default(), &args).await;
    let cost = json(&printed)["cost"].clone();
    assert_eq!(cost["charged"], cost["expected"], "{cost}");
    let charged = cost["charged"].as_f64().expect("something is charged");
    assert!(charged > 0.0);
    let ceiling = cost["predicted_ceiling"].as_f64();
    assert!(ceiling.is_some_and(|most| most >= charged), "{cost}");
    let fell = cost["balance_before"]
        .as_f64()
        .zip(cost["balance_after"].as_f64());
    assert!(
        fell.is_some_and(|(before, after)| before - after == charged),
        "{cost}"
    );
    assert_eq!(cost["differences"], serde_json::json!([]));
    assert_eq!(cost.get("unexplained"), None);
}

#[tokio::test]
async fn what_is_charged_beyond_what_was_delivered_is_a_difference() {
    for (fault, says) in [
        ("charged-twice", "whose delivered kinds cost"),
        ("charged-for-profiles", "whose delivered kinds cost 0"),
        ("charged-for-refusals", "refusals"),
    ] {
        let config = MockConfig {
            faults: vec![find(fault).expect("there is such a fault")],
            ..MockConfig::default()
        };
        let mut args = "run --max-jobs 1 --format json".to_owned();
        if fault == "charged-twice" {
            args += &format!(" --profile-url {}", TEST_PROFILES[0]);
        }
        let (printed, _) = run_on(config, &args).await;
        let differences = json(&printed)["cost"]["differences"].to_string();
        assert!(differences.contains(says), "{fault}: {differences}");
    }
}

#[tokio::test]
async fn a_server_without_a_balance_leaves_the_cost_unknown() {
    let (printed, _) = run_on(without_account(), "run --max-jobs 1").await;
    assert!(printed.out.contains("charged unknown"), "{}", printed.out);
    assert!(!printed.out.contains("balance"), "{}", printed.out);
}

#[test]
fn each_clause_of_the_account_has_three_faults_that_trip_it() {
    for check in CHECKS.iter().filter(|check| is_of_account(check.id)) {
        let breaks = crustdata_mock::faults().filter(|fault| fault.breaks.contains(&check.id));
        assert!(breaks.count() >= 3, "{}", check.id);
    }
}

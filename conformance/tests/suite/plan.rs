//! `plan`: what budgets buy.

use std::time::Duration;

use crustdata_conformance::checks::CHECKS;
use crustdata_conformance::runner::{RunConfig, Spending, Trial, Webhook, bought};
use crustdata_mock::MockConfig;
use url::Url;

use crate::external::run_on;
use crate::process::{conformance, json, with_status};

const TARGET: &str = "plan --base-url https://api.crustdata.com --seed 1";

#[test]
fn what_each_budget_buys() {
    let printed = conformance(TARGET);
    assert_eq!(printed.code, 0, "{}", printed.err);
    insta::assert_snapshot!("plan_budgets", printed.out);
}

#[test]
fn every_clause_is_in_the_json_and_no_more_is_bought_for_less() {
    let plan = json(&conformance(&format!("{TARGET} --format json")));
    let budgets = plan["budgets"].as_array().expect("there are budgets");
    assert_eq!(budgets.len(), Spending::GRID.len());
    let of = |row: usize, key: &str| budgets[row][key].as_u64().expect("it is a number");
    for row in 0..budgets.len() {
        let depth = budgets[row]["depth"].as_array().expect("there are clauses");
        assert_eq!(depth.len(), CHECKS.len());
        // The next one has more minutes, but for the last of as many jobs.
        if row % 3 < 2 {
            assert!(of(row, "requests") <= of(row + 1, "requests"), "{row}");
            assert!(of(row, "clauses") <= of(row + 1, "clauses"), "{row}");
        }
        if row + 3 < budgets.len() {
            assert!(of(row, "clauses") <= of(row + 3, "clauses"), "{row}");
            assert!(of(row, "jobs") <= of(row + 3, "jobs"), "{row}");
        }
    }
    assert!(of(0, "clauses") < of(3, "clauses"));
    assert_eq!(of(0, "jobs"), 0);
}

/// What a plan calls judged is what a run on a compliant server with the same budget judges.
#[tokio::test]
async fn the_clauses_that_a_budget_buys_are_those_that_a_run_judges() {
    for jobs in [0, 8] {
        let config = RunConfig {
            base_url: Url::parse("http://127.0.0.1/").expect("it is one"),
            key: "none".to_owned().into(),
            embedded: false,
            max_jobs: None,
            max_minutes: None,
            refusals: None,
            rpm: None,
            cases: 0,
            seed: 1,
            timeout: Duration::from_secs(30),
            webhook: Some(Webhook {
                listen: ([127, 0, 0, 1], 0).into(),
                base: None,
            }),
            profile_urls: Vec::new(),
            checks: CHECKS.to_vec(),
            trial: Trial::default(),
        };
        let budget = Spending { jobs, minutes: 5 };
        let bought = bought(&config, &[budget]).remove(0);
        let mut planned: Vec<&str> = (bought.depth.iter())
            .filter(|depth| depth.exchanges > 0)
            .map(|depth| depth.clause)
            .collect();
        let args = format!("run --max-jobs {jobs} --refusals 75 --cases 0 --seed 1 --format json");
        let (printed, _) = run_on(MockConfig::default(), &args).await;
        let results = json(&printed);
        let mut judged = with_status(&results, "pass");
        // It is asked for, but nobody whose contacts it could name is.
        let nobody = with_status(&results, "vacuous");
        judged.extend(
            nobody
                .into_iter()
                .filter(|id| planned.contains(&id.as_str())),
        );
        planned.sort_unstable();
        judged.sort_unstable();
        assert_eq!(planned, judged, "{jobs} jobs");
    }
}

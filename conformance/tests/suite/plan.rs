//! `plan`: what budgets buy.

use crustdata_conformance::checks::CHECKS;
use crustdata_conformance::runner::Spending;
use crustdata_mock::MockConfig;

use crate::external::run_on;
use crate::process::{conformance, json, with_status};

const TARGET: &str = "plan --base-url https://api.crustdata.com --seed 1";

#[test]
fn what_each_budget_buys() {
    let printed = conformance(TARGET);
    assert_eq!(printed.code, 0, "{}", printed.err);
    insta::assert_snapshot!("plan_budgets", printed.out);
}

/// Nothing is kept for each case, nor reckoned beyond what a number holds.
#[test]
fn budgets_without_measure() {
    let (cases, most) = (u32::MAX, u64::MAX);
    let flags = format!("--cases {cases} --max-jobs {most} --max-minutes {most} --refusals 1");
    let printed = conformance(&format!("{TARGET} {flags}"));
    assert_eq!(printed.code, 0, "{}", printed.err);
    let few = "--cases 0 --only list.shape --refusals 1";
    let printed = conformance(&format!("run --max-minutes {most} {few}"));
    assert_eq!(printed.code, 0, "{}", printed.err);
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

/// What a plan calls judged is what a run on a compliant server with as many jobs judges.
#[tokio::test]
async fn the_clauses_that_a_budget_buys_are_those_that_a_run_judges() {
    let plan = json(&conformance(&format!("{TARGET} --format json")));
    for (row, jobs) in [(0, 0), (3, 8)] {
        let budget = &plan["budgets"][row];
        assert_eq!(budget["max_jobs"], jobs);
        let depth = budget["depth"].as_array().expect("there are clauses");
        let mut planned: Vec<&str> = (depth.iter())
            .filter(|depth| depth["exchanges"] != 0)
            .filter_map(|depth| depth["clause"].as_str())
            .collect();
        let args = format!("run --max-jobs {jobs} --refusals 15 --seed 1 --format json");
        let (printed, _) = run_on(MockConfig::default(), &args).await;
        let results = json(&printed);
        let mut judged = with_status(&results, "pass");
        // The target of the plan is too far away to deliver to this machine.
        judged.retain(|id| id != "webhook.post");
        // Files are fetched, but nobody whose contacts they could name was asked for.
        judged.extend(with_status(&results, "vacuous"));
        planned.sort_unstable();
        judged.sort_unstable();
        assert_eq!(planned, judged, "{jobs} jobs");
    }
}

//! What the self-test says of the suite from outside: by budget, by seed, and without a family of probes. A sample of it
//! here; `self-test --budgets`, `--seeds` and `--without-family` do it for all.

use crustdata_conformance::probes::families::FAMILIES;
use crustdata_conformance::report;
use crustdata_conformance::runner::Spending;
use crustdata_conformance::self_test::{Curve, Outcome, Point, Setup, detect};

use crate::process::conformance;

const CHEAP: Spending = Spending {
    jobs: 0,
    minutes: 5,
};

fn setup(fault: &str, budget: Spending) -> Setup {
    Setup {
        server: Some(crustdata_mock::find(fault).expect("there is such a fault")),
        budget,
        seed: 1,
        without: None,
    }
}

fn outcomes(setups: &[Setup]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    detect(setups, |outcome| outcomes.push(outcome)).expect("the mocks start");
    outcomes
}

#[test]
fn every_family_has_faults_that_it_was_written_for() {
    for family in FAMILIES {
        for name in family.faults {
            let its = crustdata_mock::faults().any(|fault| fault.family == *name);
            assert!(its, "{}: no fault is of {name}", family.name);
        }
    }
    assert!(crustdata_mock::faults().all(|fault| !fault.family.is_empty()));
    assert!(crustdata_mock::variants().all(|variant| variant.family.is_empty()));
}

/// One fault of each kind: what only its family finds, and what others find, too.
#[test]
fn a_family_that_is_left_out_finds_nothing_and_the_others_go_on() {
    let long = Spending {
        jobs: 0,
        minutes: 15,
    };
    let family = |name| FAMILIES.into_iter().find(|family| family.name == name);
    let alone = setup("accepts-key-null", long);
    let also_by_others = setup("accepts-chunk-up-to-twice-max", long);
    let without = |setup, name| Setup {
        without: family(name),
        ..setup
    };
    let found: Vec<bool> = outcomes(&[
        alone,
        without(alone, "neighbours"),
        also_by_others,
        without(also_by_others, "numbers"),
    ])
    .iter()
    .map(Outcome::is_found)
    .collect();
    assert_eq!(found, [true, false, true, true]);
}

#[test]
fn minutes_are_requests_at_the_pace_and_more_of_them_find_more() {
    let faults = ["accepts-key-null", "entity-company"];
    let budgets = [
        CHEAP,
        Spending {
            jobs: 1,
            minutes: 15,
        },
    ];
    let setups: Vec<Setup> = (budgets.iter())
        .flat_map(|budget| faults.map(|fault| setup(fault, *budget)))
        .collect();
    let mut curve = Curve::default();
    for outcome in outcomes(&setups) {
        assert_eq!(outcome.stopped, None);
        // Something for each rule is sent, however long that takes.
        let budget = outcome.setup.budget;
        let most = (15 * budget.minutes).max(100) + 100 * budget.jobs;
        assert!((outcome.requests as u64) <= most, "{outcome:?}");
        curve.add(&outcome);
    }
    let found: Vec<usize> = curve.budgets.iter().map(|point| point.found).collect();
    assert_eq!(found, [0, 2]);
    assert_eq!(curve.budgets[0].missed, faults);
}

#[test]
fn compliant_servers_are_clean_from_outside() {
    let variants = crustdata_mock::variants().map(Some).step_by(24);
    let setups: Vec<Setup> = std::iter::once(None)
        .chain(variants)
        .map(|server| Setup {
            server,
            budget: Spending {
                jobs: 8,
                minutes: 5,
            },
            seed: 2,
            without: None,
        })
        .collect();
    for outcome in outcomes(&setups) {
        // A job that takes longer than the run ends it, and is no clause's business.
        assert!(outcome.red.is_empty(), "{outcome:?}");
    }
}

#[test]
fn detection_by_budget_is_shown_as_a_table_and_as_a_page() {
    let point = |max_jobs, max_minutes, found| Point {
        max_jobs,
        max_minutes,
        found,
        named: found,
        of: 4,
        missed: vec!["entity-company"; 4 - found],
    };
    let curve = Curve {
        budgets: vec![
            point(0, 5, 1),
            point(0, 15, 2),
            point(8, 5, 3),
            point(8, 15, 4),
        ],
    };
    let render = |write: fn(&mut dyn std::io::Write, &Curve) -> std::io::Result<()>| {
        let mut out = Vec::new();
        write(&mut out, &curve).expect("a vector takes everything");
        String::from_utf8(out).expect("it is text")
    };
    insta::assert_snapshot!("detection_table", render(report::detection::text));
    let page = render(report::detection::html);
    let lines: Vec<&str> = (page.lines())
        .filter(|line| line.contains("polyline points"))
        .collect();
    assert_eq!(
        lines,
        [
            r#"<polyline points="50,180 180,80"/>"#,
            r#"<polyline points="50,130 180,30"/>"#
        ]
    );
    let json: serde_json::Value = serde_json::from_str(&render(report::json)).unwrap();
    assert_eq!(json["budgets"][2]["missed"][0], "entity-company");
}

#[test]
fn the_command_line_measures_what_it_is_asked_for() {
    let printed = conformance(
        "self-test --budgets=0x5,1x5 --fault entity-company --fault accepts-missing-version",
    );
    assert_eq!(printed.code, 0, "{}", printed.err);
    insta::assert_snapshot!("self_test_budgets", printed.out);
    let printed = conformance("self-test --seeds 2 --budgets=1x5 --fault entity-company");
    assert_eq!(printed.code, 1, "{}", printed.err);
    assert!(
        printed
            .out
            .contains("WRONG  entity-company, 1x5, seed 2: submit.entity")
    );
    assert!(printed.out.contains("0 of 2 runs on 1 servers are clean"));
    let printed = conformance("self-test --without-family nobody");
    assert_eq!(printed.code, 2);
    assert!(printed.err.contains("neighbours"), "{}", printed.err);
    assert_eq!(conformance("self-test --budgets=8").code, 2);
}

//! Ceilings, balances, and answers that are there already.

use std::fs;
use std::time::Duration;

use crustdata_mock::RateLimit;

use crate::support::{PERSON, Scene, expect, rows};

#[test]
fn a_ceiling_holds_over_all_runs() {
    let scene = Scene::new(10);
    // Enough for six people and a half.
    let said = expect(scene.enrich().args(["--max-credits", "32.5"]), 3);
    // Who takes the command as it is told spends no more either.
    let again = "resume --journal out.csv.journal --list 1 --max-credits 32.5` goes on";
    assert!(said.contains(again), "{said}");
    assert_eq!(scene.spent(), 6.0 * PERSON);
    assert!(!scene.output().exists());
    let said = expect(scene.resume().args(["--max-credits", "32.5"]), 3);
    assert!(said.contains("ceiling is 32.5"), "{said}");
    assert_eq!(scene.spent(), 6.0 * PERSON);
    expect(scene.resume().args(["--max-credits", "50"]), 0);
    scene.check();
}

#[test]
fn a_balance_that_does_not_last_ends_the_run() {
    let scene = Scene::with(10, |mut mock| {
        mock.credits = 23.0;
        mock
    });
    let said = expect(&mut scene.enrich(), 3);
    // Only when nothing is under way any more that may cost less than it might.
    let is_short = "the balance is 3 credits, and the next person may cost 5";
    assert!(said.contains(is_short), "{said}");
    assert_eq!(scene.mock.balance(), 3.0);
    let status = expect(&mut scene.command(&["status", "-o", "out.csv"]), 0);
    assert!(status.contains("pending        8"), "{status}");
    let cost = "submissions cost at most 20 credits";
    assert!(status.contains(cost), "{status}");
}

/// Nobody knows then what is left for the next submission.
#[test]
fn without_a_balance_that_can_be_read_nothing_is_submitted() {
    let scene = Scene::with(2, |mock| mock.fault("balance-fails").unwrap());
    let said = expect(scene.enrich().args(["--outage-patience", "0.2"]), 3);
    assert!(said.contains("reading the balance: "), "{said}");
    assert_eq!(scene.mock.stats().submissions, 0);
}

#[test]
fn who_is_known_is_not_paid_for_again() {
    let scene = Scene::new(6);
    expect(&mut scene.enrich(), 0);
    let spent = scene.spent();
    // The same list, and another one with the same people and fewer kinds.
    let looks = || {
        scene
            .mock
            .requests()
            .iter()
            .filter(|sent| sent.path == "/batch")
            .count()
    };
    let before = looks();
    expect(&mut scene.enrich(), 0);
    assert_eq!(looks(), before, "there are no jobs to look at");
    fs::copy(scene.path("list.csv"), scene.path("other.csv")).unwrap();
    let mut plan = scene.command(&["plan", "other.csv", "--fields", "business_email"]);
    let said = expect(plan.args(["--journal", "out.csv.journal"]), 0);
    assert!(said.contains("known already   6"), "{said}");
    let again = [
        "enrich",
        "other.csv",
        "--fields",
        "business_email",
        "-o",
        "other-out.csv",
        "--yes",
    ];
    expect(
        scene.command(&again).args(["--journal", "out.csv.journal"]),
        0,
    );
    assert_eq!(scene.spent(), spent);
    assert_eq!(rows(&scene.path("other-out.csv")), rows(&scene.output()));
    // An answer of today is older than no time at all.
    let db = scene.look();
    db.execute(
        "UPDATE people SET answered_at = answered_at - 86400 * 3",
        [],
    )
    .unwrap();
    expect(scene.enrich().args(["--max-age", "4"]), 0);
    assert_eq!(scene.spent(), spent);
    for no_age in ["-1", "nan", "inf"] {
        expect(scene.enrich().arg(format!("--max-age={no_age}")), 2);
    }
    expect(scene.enrich().args(["--max-age", "1e14"]), 0);
    assert_eq!(scene.spent(), spent);
    expect(scene.enrich().args(["--max-age", "2"]), 0);
    assert_eq!(scene.spent(), 2.0 * spent);
}

/// Somebody asks for all of it anew, sees what that costs, and takes what is there.
#[test]
fn who_was_not_asked_for_anew_after_all_is_not_paid_for_again() {
    let scene = Scene::new(6);
    expect(&mut scene.enrich(), 0);
    let anew = ["--max-age", "0", "--max-credits", "0"];
    let said = expect(scene.enrich().args(anew), 3);
    assert!(said.contains("to submit       6"), "{said}");
    let said = expect(&mut scene.enrich(), 0);
    assert!(said.contains("known already   6"), "{said}");
    scene.check();
}

/// The list that wants more has to get it, whichever is submitted first.
#[test]
fn who_waits_to_be_asked_for_more_is_asked_for_all_of_it() {
    let scene = Scene::new(4);
    expect(scene.enrich().args(["--max-credits", "0"]), 3);
    fs::copy(scene.path("list.csv"), scene.path("other.csv")).unwrap();
    let narrow = ["enrich", "other.csv", "--fields", "business_email", "--yes"];
    let narrow = [
        &narrow[..],
        &["-o", "other-out.csv", "--journal", "out.csv.journal"],
    ]
    .concat();
    expect(&mut scene.command(&narrow), 0);
    expect(scene.resume().args(["--list", "1"]), 0);
    scene.check();
    for row in &rows(&scene.output())[1..5] {
        assert!(row[4..].iter().all(|cell| !cell.is_empty()), "{row:?}");
    }
}

#[test]
fn a_plan_costs_nothing_and_keeps_nothing() {
    let scene = Scene::new(9);
    let said = expect(
        &mut scene.command(&[
            "plan",
            "list.csv",
            "--fields",
            "business_email",
            "-o",
            "out.csv",
        ]),
        0,
    );
    for line in [
        "rows              13",
        "invalid         1",
        "different people  9",
        "known already   0",
        "to submit       9",
        "jobs              1",
        "hours             0.0, at 2 to 3 minutes a job",
        "credits at worst  45",
        "balance           1000000",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert_eq!(scene.mock.stats().submissions, 0);
    assert!(!scene.journal().exists());
}

#[test]
fn verified_emails_cost_half_a_credit_more() {
    let scene = Scene::new(6);
    let verified = [
        "plan",
        "list.csv",
        "--fields",
        "business_email",
        "--verified",
    ];
    let said = expect(&mut scene.command(&verified), 0);
    assert!(
        said.contains("credits at worst  33, at 5.5 a person"),
        "{said}"
    );
    // Enough for five of them, and for six who are not verified.
    expect(
        scene.enrich().args(["--verified", "--max-credits", "32"]),
        3,
    );
    let people: usize = scene
        .mock
        .jobs()
        .iter()
        .map(|(_, people)| people.len())
        .sum();
    assert_eq!(people, 5);
}

#[test]
fn a_pipe_needs_a_yes() {
    let scene = Scene::new(3);
    let said = expect(
        &mut scene.command(&[
            "enrich",
            "list.csv",
            "--fields",
            "business_email",
            "-o",
            "out.csv",
        ]),
        2,
    );
    assert!(said.contains("--yes"), "{said}");
    assert_eq!(scene.mock.stats().requests, 0);
}

/// The list of jobs, the balance and the submission take turns, however few requests are let in.
#[test]
fn a_rate_of_few_requests_is_enough() {
    let scene = Scene::with(2, |mut mock| {
        mock.rate = RateLimit {
            requests: 1,
            window: Duration::from_secs(1),
        };
        mock
    });
    expect(&mut scene.enrich(), 0);
    assert_eq!(scene.mock.stats().accepted, 1);
    assert_eq!(scene.spent(), 2.0 * PERSON);
}

//! Submitting to a server that refuses everything, answers nothing that can be read, gives one id twice, or has no place left.

use std::process::Command;

use crustdata_batch::Client;
use crustdata_mock::Clock;

use crate::between::{Between, Harm};
use crate::support::{A_WHILE, QUICK, Scene, expect, rows};
use crate::told;
use crustdata_bulk::Step;

/// `enrich` for e-mails alone, without patience for what is unknown.
fn enrich(scene: &Scene) -> Command {
    let fields = ["--fields", "business_email", "--yes", "-o", "out.csv"];
    let mut command = scene.command(&["enrich", "list.csv"]);
    let hasty = ["--unknown-patience", "0"];
    command.args(fields).args(QUICK).args(hasty);
    command
}

/// It may be one of the people, until it is clear that it is not.
#[test]
fn a_server_that_refuses_everything_is_asked_a_dozen_times() {
    let scene = Scene::with(30, |mock| mock.fault("refuses-first-field-alone").unwrap());
    let said = expect(&mut enrich(&scene), 3);
    assert!(said.contains("submitting: "), "{said}");
    let stats = scene.mock.stats();
    assert_eq!((stats.submissions, stats.accepted), (12, 0));
}

/// That is about the account, and nobody is alone to blame.
#[test]
fn who_may_not_submit_is_told_at_once() {
    for fault in [
        "refused-as-unauthorized",
        "refused-for-credits",
        "refused-as-forbidden",
    ] {
        let scene = Scene::with(8, |mock| mock.fault(fault).unwrap());
        let said = expect(&mut enrich(&scene), 3);
        assert!(said.contains("submitting: "), "{said}");
        assert_eq!(scene.mock.stats().submissions, 1, "{fault}");
    }
}

/// Such as a gateway on the way.
#[test]
fn what_is_refused_whatever_it_asks_is_nobodys_fault() {
    let scene = Scene::new(2);
    let between = Between::new(scene.address(), Harm::Told(told::closed), 0);
    let said = expect(enrich(&scene).args(["--base-url", &between.url()]), 3);
    assert!(said.contains("405"), "{said}");
    let status = expect(&mut scene.command(&["status", "-o", "out.csv"]), 0);
    assert!(status.contains("pending        3"), "{status}");
}

/// It is a hint, and the people are not to blame for it.
#[test]
fn a_webhook_that_is_refused_is_left_out() {
    let scene = Scene::with(6, |mock| mock.fault("refuses-webhook").unwrap());
    let webhook = ["--webhook-url", "https://hooks.example.com/"];
    let said = expect(scene.enrich().args(webhook), 0);
    assert!(said.contains("without the webhook URL"), "{said}");
    scene.check();
}

/// What was paid for before is there all the same.
#[test]
fn who_may_not_submit_any_more_gets_the_rest() {
    let scene = Scene::new(8);
    let mut command = scene.enrich();
    command.env("CRUSTDATA_BULK_ABORT_AT", format!("{:?}:1", Step::Settled));
    command.output().unwrap();
    scene.age();
    let between = Between::new(scene.address(), Harm::Broke, 0);
    let said = expect(scene.resume().args(["--base-url", &between.url()]), 3);
    assert!(said.contains("submitting: "), "{said}");
    expect(
        &mut scene.command(&["export", "-o", "out.csv", "--partial"]),
        1,
    );
    let output = rows(&scene.output());
    let found = output.iter().filter(|row| row[2] == "found");
    // Four people, two of them in two rows.
    assert_eq!(found.count(), 6);
    expect(&mut scene.resume(), 0);
    scene.check();
}

#[test]
fn after_three_unknown_outcomes_nothing_more_is_submitted() {
    let scene = Scene::with(30, |mock| {
        let mock = mock.fault("accepted-without-body").unwrap();
        let mut mock = mock.fault("list-jobs-without-id").unwrap();
        mock.has_account = false;
        mock
    });
    let said = expect(&mut enrich(&scene), 3);
    let unknown = "none of the last 3 submissions got an answer";
    assert!(said.contains(unknown), "{said}");
    assert_eq!(scene.mock.stats().accepted, 3);
}

/// As on a network that lets no large request through. That nothing arrived is proved each time, for all the good it does.
#[test]
fn a_server_that_nothing_arrives_at_is_given_up() {
    let scene = Scene::new(8);
    // Each search finds its proof at once, and none waits for another look.
    let mock = scene.mock.clone();
    let between = Between::deaf(scene.address(), move || mock.advance(A_WHILE));
    let mut command = scene.enrich();
    // Proof takes as long as it takes, on a busy machine.
    command.args(["--base-url", &between.url(), "--unknown-patience", "600"]);
    let said = expect(&mut command, 3);
    assert!(said.contains("it never arrived"), "{said}");
    assert!(
        said.contains("none of the last 12 submissions got an answer"),
        "{said}"
    );
    expect(&mut scene.resume(), 0);
    scene.check();
}

/// Whose results these would be, nobody could tell.
#[test]
fn an_id_that_is_another_jobs_is_none() {
    let scene = Scene::with(8, |mock| mock.fault("batch-id-reused").unwrap());
    let said = expect(&mut enrich(&scene), 1);
    assert!(said.contains("which is another submission's"), "{said}");
    assert_eq!(scene.mock.stats().accepted, 2);
    let output = rows(&scene.output());
    let doubtful = output.iter().filter(|row| row[2] == "indeterminate");
    // The four of the second job, one of them in two rows.
    assert_eq!(doubtful.count(), 5);
}

#[test]
fn a_job_that_is_listed_twice_takes_one_place() {
    let scene = Scene::new(4);
    let between = Between::new(scene.address(), Harm::Told(told::twice), 0);
    expect(scene.enrich().args(["--base-url", &between.url()]), 0);
    scene.check();
}

#[test]
fn jobs_that_others_have_submitted_take_places_too() {
    // No job ends before time goes by.
    let scene = Scene::with(8, |mock| mock.clock(Clock::Manual));
    let others = ["--people-per-job", "1", "--interval", "0.01"];
    let places = Client::MAX_ACTIVE_JOBS as u64;
    let urls = (1..places).map(|n| format!("https://www.linkedin.com/in/other-{n}/\n"));
    let list = format!("url\n{}", urls.collect::<String>());
    std::fs::write(scene.path("others.csv"), list).unwrap();
    let mut other = scene.command(&["enrich", "others.csv", "--fields", "business_email"]);
    let mut other = other
        .args(["--yes", "-o", "others-out.csv"])
        .args(others)
        .spawn()
        .unwrap();
    scene.until(|stats| stats.accepted == places - 1);
    let mut own = enrich(&scene).spawn().unwrap();
    scene.until(|stats| stats.accepted == places);
    // It has looked at the list a few times more.
    let before = scene.mock.stats().requests;
    scene.until(|stats| stats.requests >= before + 20);
    assert_eq!(
        scene.mock.stats().submissions,
        places,
        "one more would be refused"
    );
    scene.age();
    scene.until(|stats| stats.accepted == places + 1);
    scene.age();
    assert!(own.wait().unwrap().success() && other.wait().unwrap().success());
    assert_eq!(scene.mock.stats().submissions, places + 1);
}

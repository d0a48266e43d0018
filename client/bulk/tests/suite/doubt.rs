//! Submissions that nobody can find out about: set aside with their evidence, never repeated, and decided by a word.

use std::fs;

use crate::support::{PERSON, Scene, expect, rows};
use crustdata_bulk::Step;

/// A scene in which responses are lost, and the newest job is in no list and in no record of usage.
fn in_doubt() -> Scene {
    Scene::with(3, |mock| {
        let mut mock = mock.fault("accepted-without-body").unwrap();
        mock = mock.fault("list-without-newest").unwrap();
        mock.has_account = false;
        mock
    })
}

/// As with all of a run's patience used up.
const AT_ONCE: [&str; 2] = ["--unknown-patience", "0"];

#[test]
fn what_cannot_be_proved_is_not_repeated() {
    let scene = in_doubt();
    expect(scene.enrich().args(AT_ONCE), 1);
    for _ in 0..2 {
        scene.age();
        expect(scene.resume().args(AT_ONCE), 1);
    }
    assert_eq!(scene.mock.stats().accepted, 1);
    let output = rows(&scene.output());
    assert_eq!(output[1][2], "indeterminate");
    assert!(
        output[1][3].contains("submission 1 may have been accepted or not"),
        "{output:?}"
    );
}

/// Another key may be another account's, in which nothing arrived.
#[test]
fn what_another_key_shows_proves_nothing() {
    let scene = Scene::new(4);
    let mut run = scene.enrich();
    run.env("CRUSTDATA_BULK_ABORT_AT", "Responded");
    assert!(run.output().unwrap().status.code().is_none());
    let other = Scene::with(4, |mut mock| {
        mock.key = "other-key".to_owned();
        mock
    });
    other.age();
    let mut resume = scene.resume();
    resume.env("CRUSTDATA_BASE_URL", other.mock.base_url().as_str());
    resume.env("CRUSTDATA_API_KEY", "other-key");
    let said = expect(resume.args(["--unknown-patience", "1"]), 1);
    assert!(said.contains("resume with that key"), "{said}");
    assert_eq!(other.mock.stats().submissions, 0);
    expect(&mut scene.resume(), 0);
    scene.check();
}

/// Two lists may ask for different things about the same people: nothing but the usage tells their jobs apart.
#[test]
fn a_job_of_the_same_people_is_not_taken_for_another_lists() {
    let scene = Scene::with(4, |mut mock| {
        mock.has_account = false;
        mock
    });
    fs::copy(scene.path("list.csv"), scene.path("other.csv")).unwrap();
    // One that was never sent, and one that was accepted.
    for (input, fields, step) in [
        ("list.csv", "business_email", "Intended"),
        (
            "other.csv",
            "personal_contact_info.phone_numbers",
            "Responded",
        ),
    ] {
        let arguments = ["enrich", input, "--fields", fields, "--yes"];
        let output = format!("out-{input}");
        let mut run = scene.command(&arguments);
        run.args(["-o", &output, "--journal", "out.csv.journal"]);
        run.env("CRUSTDATA_BULK_ABORT_AT", step);
        assert!(run.output().unwrap().status.code().is_none());
    }
    scene.age();
    let patience = ["--unknown-patience", "1"];
    expect(scene.resume().args(["--list", "2"]).args(patience), 1);
    let known = "SELECT count(*) FROM submissions WHERE outcome = 'accepted'";
    let known: i64 = scene.look().query_row(known, [], |row| row.get(0)).unwrap();
    assert_eq!(known, 0);
    let job = scene.mock.jobs()[0].0.to_string();
    for (submission, word) in [("2", &*job), ("1", "not-accepted")] {
        let decide = ["decide", "-o", "out.csv", submission, word];
        expect(&mut scene.command(&decide), 0);
    }
    for (list, output, column) in [("1", "out-list.csv", 4), ("2", "out-other.csv", 8)] {
        expect(scene.resume().args(["--list", list]), 0);
        for row in &rows(&scene.path(output))[1..5] {
            assert!(!row[column].is_empty(), "{row:?}");
        }
    }
}

#[test]
fn a_word_decides() {
    let scene = in_doubt();
    expect(scene.enrich().args(AT_ONCE), 1);
    let said = expect(&mut scene.command(&["status", "-o", "out.csv"]), 0);
    let command = "crustdata-bulk decide --journal out.csv.journal 1 JOB_ID | not-accepted";
    assert!(
        said.contains(command) && said.contains("indeterminate  4"),
        "{said}"
    );
    assert!(said.contains("no job is proved to be it"), "{said}");
    let job = scene.mock.ledger()[0].batch_id.unwrap().to_string();
    expect(
        &mut scene.command(&["decide", "-o", "out.csv", "1", "no job"]),
        2,
    );
    expect(
        &mut scene.command(&["decide", "-o", "out.csv", "7", &job]),
        2,
    );
    expect(
        &mut scene.command(&["decide", "-o", "out.csv", "1", &job]),
        0,
    );
    let said = expect(
        &mut scene.command(&["decide", "-o", "out.csv", "1", "not-accepted"]),
        2,
    );
    assert!(said.contains("it is known to be accepted"), "{said}");
    expect(&mut scene.resume(), 0);
    assert_eq!(scene.spent(), 3.0 * PERSON);
    assert_eq!(rows(&scene.output())[1][2], "found");
}

/// What was paid for is not lost by a slip.
#[test]
fn a_word_that_led_to_nothing_may_be_another_one() {
    let scene = in_doubt();
    expect(scene.enrich().args(AT_ONCE), 1);
    let decide = |word: &str, code| {
        let decide = ["decide", "-o", "out.csv", "1", word];
        expect(&mut scene.command(&decide), code)
    };
    decide("11111111-1111-1111-1111-111111111111", 0);
    expect(scene.resume().args(["--outage-patience", "0.1"]), 1);
    assert_eq!(rows(&scene.output())[1][2], "failed");
    let job = scene.mock.ledger()[0].batch_id.unwrap().to_string();
    decide("not-accepted", 2);
    decide(&job, 0);
    expect(&mut scene.resume(), 0);
    assert_eq!(rows(&scene.output())[1][2], "found");
    assert_eq!(scene.spent(), 3.0 * PERSON);
    // It has given records.
    let said = decide("11111111-1111-1111-1111-111111111111", 2);
    assert!(said.contains("it is known to be accepted"), "{said}");
}

#[test]
fn a_list_is_trusted_only_where_somebody_says_so() {
    let scene = Scene::with(4, |mut mock| {
        mock.has_account = false;
        mock
    });
    let mut command = scene.enrich();
    command.env("CRUSTDATA_BULK_ABORT_AT", format!("{:?}:1", Step::Intended));
    command.output().unwrap();
    scene.age();
    expect(scene.enrich().args(AT_ONCE), 1);
    assert_eq!(scene.mock.stats().submissions, 0);
    expect(scene.resume().args(["--trust-list"]), 0);
    scene.check();
    let said = expect(&mut scene.command(&["explain", "1", "-o", "out.csv"]), 0);
    for part in [
        "submission 1 not accepted (it is not in the list",
        "submission 2 accepted",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

/// What is in doubt holds up nobody else.
#[test]
fn the_rest_goes_on() {
    let scene = Scene::with(10, |mut mock| {
        mock.has_account = false;
        mock
    });
    let mut command = scene.enrich();
    command.env("CRUSTDATA_BULK_ABORT_AT", format!("{:?}:1", Step::Intended));
    command.output().unwrap();
    let said = expect(scene.enrich().args(AT_ONCE), 1);
    assert!(
        said.contains("5 indeterminate") || said.contains("6 indeterminate"),
        "{said}"
    );
    assert_eq!(scene.spent(), 6.0 * PERSON);
}

/// Another list has its answers, however long this one looks.
#[test]
fn what_is_in_doubt_holds_up_no_other_list() {
    let scene = in_doubt();
    expect(scene.enrich().args(AT_ONCE), 1);
    fs::write(scene.path("other.csv"), "profile\nnobody\n").unwrap();
    let other = ["enrich", "other.csv", "--fields", "business_email", "--yes"];
    let mut other = scene.command(&other);
    let journal = ["--journal", "out.csv.journal", "-o", "other-out.csv"];
    let patience = ["--unknown-patience", "600"];
    expect(other.args(journal).args(patience), 0);
}

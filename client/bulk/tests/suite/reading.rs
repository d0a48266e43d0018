//! Reading what jobs brought: jobs that can't be asked for, that found nobody, whose files lack people, and where a later run
//! reads on.

use std::process::Command;
use std::time::Duration;

use crate::between::{Between, Harm};
use crate::support::{Scene, expect, rows};
use crate::told;
use crustdata_bulk::Step;

/// How the rows are answered, without the one that names nobody.
fn outcomes(scene: &Scene) -> Vec<String> {
    let mut rows = rows(&scene.output());
    rows.pop();
    rows.into_iter().skip(1).map(|row| row[2].clone()).collect()
}

/// `enrich` without patience of its own.
fn enrich(scene: &Scene) -> Command {
    let fields = ["--fields", "business_email", "--yes", "-o", "out.csv"];
    let mut command = scene.command(&["enrich", "list.csv", "--interval", "0.01"]);
    command.args(fields);
    command
}

/// The list has it already, and the job's own path does not.
#[test]
fn a_job_that_is_not_found_at_first_is_asked_for_again() {
    let scene = Scene::with(4, |mock| mock.fault("job-not-found-at-first").unwrap());
    expect(&mut scene.enrich(), 0);
    scene.check();
}

#[test]
fn a_job_that_stays_away_is_given_up() {
    let scene = Scene::with(2, |mock| mock.fault("not-found-of-the-first-job").unwrap());
    expect(enrich(&scene).args(["--outage-patience", "0.2"]), 1);
    for row in &rows(&scene.output())[1..4] {
        assert_eq!(row[2], "failed", "{row:?}");
        assert!(row[3].contains("404"), "{row:?}");
    }
    assert_eq!(scene.mock.stats().accepted, 1);
}

#[test]
fn a_job_that_found_nobody_needs_no_records() {
    let scene = Scene::with(2, |mock| mock.fault("no-results").unwrap());
    expect(&mut scene.enrich(), 0);
    assert_eq!(outcomes(&scene), ["empty"; 3]);
}

#[test]
fn a_contact_with_nothing_in_it_is_none() {
    let scene = Scene::new(2);
    let between = Between::new(scene.address(), Harm::Told(told::blank), 0);
    expect(scene.enrich().args(["--base-url", &between.url()]), 0);
    assert_eq!(outcomes(&scene), ["empty"; 3]);
}

/// Its counts contradict each other: nobody knows whether the people have contacts.
#[test]
fn a_job_that_only_half_says_so_does() {
    let scene = Scene::with(2, |mock| {
        let mock = mock.fault("no-results").unwrap();
        mock.fault("fulfilled-one-more").unwrap()
    });
    expect(&mut scene.enrich(), 1);
    assert_eq!(outcomes(&scene), ["failed"; 3]);
}

/// A file without somebody is no sign that the job found nobody, though no count says otherwise.
#[test]
fn who_has_no_record_in_a_file_has_failed() {
    let scene = Scene::with(3, |mock| {
        let mock = mock.fault("optional-values-absent").unwrap();
        mock.fault("last-record-missing").unwrap()
    });
    expect(&mut scene.enrich(), 1);
    assert_eq!(outcomes(&scene), ["found", "found", "found", "failed"]);
    let reason = &rows(&scene.output())[4][3];
    assert!(reason.contains("no record of this person"), "{reason}");
}

/// Nor is one that says nothing of those who were not found.
#[test]
fn who_was_not_found_has_a_record_that_says_so() {
    let scene = Scene::with(3, |mut mock| {
        mock.profiles.pop();
        mock.fault("not-found-missing-and-no-count").unwrap()
    });
    expect(&mut scene.enrich(), 1);
    assert_eq!(outcomes(&scene), ["found", "found", "found", "failed"]);
}

/// A status that nobody knows is no end, however long it lasts.
#[test]
fn a_job_with_another_status_is_waited_for() {
    let scene = Scene::with(2, |mut mock| {
        mock.timing.processing = Duration::from_secs(1);
        mock.fault("listed-in-progress").unwrap()
    });
    expect(enrich(&scene).args(["--outage-patience", "0.2"]), 0);
    assert_eq!(outcomes(&scene), ["found"; 3]);
}

/// Then the run ends. The next one reads the jobs again.
#[test]
fn contradictions_about_a_job_are_tolerated_as_long_as_an_outage() {
    for (faults, reason) in [
        // Not in the list, and of another status, which is over by its time.
        (
            ["unlisted-of-the-first-job", "completed-as-succeeded"],
            "the job is not completed",
        ),
        // Over in the list only.
        (
            ["completed-as-partial", "completed-as-partial"],
            "the job is not completed",
        ),
        // Nowhere.
        (
            ["unlisted-of-the-first-job", "not-found-of-the-first-job"],
            "can't be asked for",
        ),
    ] {
        let scene = Scene::with(2, |mut mock| {
            mock.profiles.pop();
            faults
                .iter()
                .fold(mock, |mock, fault| mock.fault(fault).unwrap())
        });
        expect(enrich(&scene).args(["--outage-patience", "0.5"]), 1);
        assert_eq!(outcomes(&scene), ["failed"; 3], "{faults:?}");
        let said = &rows(&scene.output())[1][3];
        assert!(said.contains(reason), "{faults:?}: {said}");
        assert_eq!(scene.mock.stats().accepted, 1);
    }
}

/// Its place is not held up for ever, and it is not given up for good.
#[test]
fn a_job_that_cannot_be_asked_for_is_read_by_the_next_run() {
    for (tell, reason) in [
        (told::lost as told::Tell, "can't be asked for"),
        (told::failing, "500"),
        (told::gone, "410"),
    ] {
        let scene = Scene::new(2);
        let between = Between::new(scene.address(), Harm::Told(tell), 0);
        let arguments = ["--base-url", &between.url(), "--outage-patience", "0.5"];
        let said = expect(scene.enrich().args(arguments), 1);
        assert!(said.contains(reason), "{said}");
        assert_eq!(outcomes(&scene), ["failed"; 3]);
        expect(&mut scene.resume(), 0);
        scene.check();
    }
}

/// The list is behind, and the job's own path is not.
#[test]
fn a_job_that_is_listed_as_active_for_long_is_asked_for() {
    // More jobs than there are places.
    let scene = Scene::new(44);
    let between = Between::new(scene.address(), Harm::Told(told::late), 0);
    let arguments = ["--base-url", &between.url(), "--outage-patience", "0.5"];
    expect(scene.enrich().args(arguments), 0);
    scene.check();
}

/// A count of zero may be one that is left out.
#[test]
fn a_job_that_counts_nothing_and_has_a_link_has_its_records() {
    let scene = Scene::new(4);
    let between = Between::new(scene.address(), Harm::Told(told::uncounted), 0);
    expect(scene.enrich().args(["--base-url", &between.url()]), 0);
    scene.check();
}

/// The list has no links.
#[test]
fn a_job_whose_status_nobody_knows_is_asked_for_its_link() {
    let scene = Scene::new(4);
    let between = Between::new(scene.address(), Harm::Told(told::unheard_of), 0);
    let arguments = ["--base-url", &between.url(), "--outage-patience", "0.2"];
    let said = expect(scene.enrich().args(arguments), 0);
    assert!(said.contains("listed as \"partially_completed\""), "{said}");
    scene.check();
}

#[test]
fn a_file_without_end_is_not_read_for_ever() {
    let scene = Scene::new(2);
    let between = Between::new(scene.address(), Harm::Told(told::endless), 0);
    expect(scene.enrich().args(["--base-url", &between.url()]), 1);
    let reason = &rows(&scene.output())[1][3];
    assert!(reason.contains("far more lines than people"), "{reason}");
    expect(&mut scene.resume(), 0);
    scene.check();
}

/// Those that can't be read, too.
#[test]
fn the_journal_has_the_lines_that_were_read() {
    for fault in [None, Some("last-line-cut-off")] {
        let scene = Scene::with(4, |mock| match fault {
            Some(fault) => mock.fault(fault).unwrap(),
            None => mock,
        });
        let mut command = scene.enrich();
        command.env(
            "CRUSTDATA_BULK_ABORT_AT",
            format!("{:?}:1", Step::RecordsKept),
        );
        command.output().unwrap();
        let lines = "SELECT lines_read FROM jobs";
        let lines: i64 = scene.look().query_row(lines, [], |row| row.get(0)).unwrap();
        assert_eq!(lines, 4, "{fault:?}");
        match fault {
            Some(_) => drop(expect(&mut scene.resume(), 1)),
            None => {
                expect(&mut scene.resume(), 0);
                scene.check();
            }
        }
    }
}

/// Whom the merged file lacks, a part may have; where it lacks nobody, no part is read.
#[test]
fn parts_are_read_for_those_whom_the_merged_file_lacks() {
    // A link that is refused is asked for anew, once.
    for (fault, downloads) in [("merged-file-forbidden", 3), ("parts-forbidden", 1)] {
        let scene = Scene::with(3, |mock| mock.fault(fault).unwrap());
        expect(&mut scene.enrich(), 0);
        scene.check();
        let requests = scene.mock.requests();
        let files = requests.iter().filter(|sent| sent.path.contains("/store/"));
        assert_eq!(files.count(), downloads, "{fault}");
    }
}

/// By whoever says so.
#[test]
fn who_failed_can_be_asked_for_again() {
    let scene = Scene::with(2, |mock| {
        let lost = ["unlisted-of-the-first-job", "not-found-of-the-first-job"];
        lost.iter()
            .fold(mock, |mock, fault| mock.fault(fault).unwrap())
    });
    let patience = ["--outage-patience", "0.5"];
    for _ in 0..2 {
        expect(enrich(&scene).args(patience), 1);
        assert_eq!(outcomes(&scene), ["failed"; 3]);
        assert_eq!(scene.mock.stats().accepted, 1);
    }
    expect(enrich(&scene).args(patience).args(["--max-age", "0"]), 0);
    assert_eq!(outcomes(&scene), ["found"; 3]);
    assert_eq!(scene.mock.stats().accepted, 2);
}

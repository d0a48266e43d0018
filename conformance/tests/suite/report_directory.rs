//! The directory that reports are written into: it never holds reports of two runs, whatever fails, and nothing in
//! it that is not a report is touched.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crustdata_conformance::report::Directory;

use crate::report_texts::results;

const FILES: [&str; 5] = [
    "exchanges.ndjson",
    "report.html",
    "junit.xml",
    "results.sarif",
    "results.json",
];

/// The files in a directory, and what is in them.
fn files(directory: &Path) -> BTreeMap<String, String> {
    fs::read_dir(directory)
        .expect("it is there")
        .map(|entry| entry.expect("it can be read"))
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).expect("it is text");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}

#[test]
fn reports_take_the_place_of_earlier_ones_and_nothing_else_is_touched() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    fs::write(directory.path().join("notes.txt"), "mine").expect("it can be written");
    fs::write(directory.path().join("results.json"), "earlier").expect("it can be written");
    let reports = Directory::open(directory.path()).expect("it can be used");
    let recording = reports.recording().expect("it can be opened");
    reports
        .write(&mut results(recording))
        .expect("they can be written");
    let files = files(directory.path());
    assert_eq!(files["notes.txt"], "mine");
    assert!(files["results.json"].starts_with('{'));
    assert_eq!(files.len(), FILES.len() + 1);
    let entries = fs::read_dir(directory.path()).expect("it is there").count();
    assert_eq!(entries, FILES.len() + 1, "nothing is left behind");
}

/// One of the reports has no place to go: those of the earlier run stay.
#[test]
fn a_report_that_can_not_be_put_in_its_place_leaves_the_earlier_ones() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let reports = Directory::open(directory.path()).expect("it can be used");
    for name in FILES {
        fs::write(directory.path().join(name), "earlier").expect("it can be written");
    }
    let in_the_way = directory.path().join("junit.xml");
    fs::remove_file(&in_the_way).expect("it is there");
    fs::create_dir(&in_the_way).expect("it can be made");
    let recording = reports.recording().expect("it can be opened");
    let error = reports
        .write(&mut results(recording))
        .expect_err("a directory is in the way");
    let source = std::error::Error::source(&error).expect("it has a cause");
    assert_eq!(source.to_string(), "junit.xml is a directory");
    let left = files(directory.path());
    assert_eq!(left.len(), FILES.len() - 1);
    assert!(left.values().all(|text| text == "earlier"), "{left:?}");
    // Found out before anything is sent, where it is so from the start.
    assert!(Directory::open(directory.path()).is_err());
}

/// The process is killed between any two steps of the swap: the next run finishes it.
#[test]
fn a_swap_that_was_interrupted_is_finished_by_the_next_run() {
    for moved in 0..=FILES.len() {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let ready = directory.path().join(".conformance-ready");
        fs::create_dir(&ready).expect("it can be made");
        for (n, name) in FILES.iter().enumerate() {
            let place = if n < moved { directory.path() } else { &ready };
            fs::write(place.join(name), "new").expect("it can be written");
            // Killed before the first was moved, and before all earlier ones were removed.
            if moved == 0 && n % 2 == 0 {
                fs::write(directory.path().join(name), "earlier").expect("it can be written");
            }
        }
        Directory::open(directory.path()).expect("it can be used");
        let files = files(directory.path());
        assert_eq!(files.len(), FILES.len(), "{moved}: {files:?}");
        assert!(
            files.values().all(|text| text == "new"),
            "{moved}: {files:?}"
        );
        assert!(!ready.exists());
    }
}

//! Disks and inputs that don't do what they should, and interrupts: each is told with its remedy, and nothing is lost.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::Command;
use std::sync::{Arc, Mutex};

use crate::between::{Between, Harm};
use crate::support::{Scene, expect, said, signal};
use crustdata_batch::{ApiKey, Client, ContactField};
use crustdata_bulk::table::{self, FileSink, OutputFormat};
use crustdata_bulk::{Ask, Bulk, Error, Event, ListSpec, Sqlite, Step};
use crustdata_mock::{Clock, MOCK_KEY};

/// A run that was ended with jobs at work.
pub(crate) fn interrupted(scene: &Scene) {
    let mut command = scene.enrich();
    command.env("CRUSTDATA_BULK_ABORT_AT", format!("{:?}:2", Step::Settled));
    assert!(command.output().unwrap().status.code().is_none());
}

#[test]
fn an_input_that_changes_between_runs() {
    let scene = Scene::new(6);
    interrupted(&scene);
    let list = fs::read_to_string(scene.path("list.csv")).unwrap();
    fs::write(scene.path("list.csv"), list.clone() + "New,nobody either\n").unwrap();
    let submitted = scene.mock.stats().submissions;
    let text = expect(&mut scene.enrich(), 2);
    assert!(
        text.contains("has changed since list 1") && text.contains("--changed"),
        "{text}"
    );
    assert_eq!(scene.mock.stats().submissions, submitted);
    // Those who were submitted are not submitted again.
    expect(scene.enrich().arg("--changed"), 0);
    assert_eq!(scene.spent(), 30.0);
    fs::write(scene.path("list.csv"), list).unwrap();
    expect(scene.resume().args(["--list", "1"]), 0);
    scene.check();
    // Both lists are finished: what comes is another one.
    fs::write(scene.path("list.csv"), "name,profile\nLate,nobody\n").unwrap();
    expect(scene.enrich().args(["--column", "profile"]), 0);
}

/// Somebody looks at the plan, says no, and mends the input.
#[test]
fn an_input_that_changes_before_anybody_is_submitted() {
    let scene = Scene::new(6);
    let list = fs::read_to_string(scene.path("list.csv")).unwrap();
    fs::write(scene.path("list.csv"), list.clone() + "Typo,nobody\n").unwrap();
    expect(scene.enrich().args(["--max-credits", "0"]), 3);
    fs::write(scene.path("list.csv"), list).unwrap();
    expect(&mut scene.enrich(), 0);
    scene.check();
}

/// The job is paid for: its id must not get lost with the journal.
#[test]
fn a_job_that_cannot_be_kept_is_told() {
    let scene = Scene::new(3);
    let mut source = table::open(&scene.path("list.csv"), None).unwrap();
    let mut sink = FileSink::new(scene.output(), OutputFormat::Csv);
    let spec = ListSpec {
        ask: Ask::new([ContactField::BusinessEmail], false),
        output: None,
        max_age: None,
    };
    let client = Client::builder().base_url(scene.mock.base_url());
    let client = client.api_key(ApiKey::new(MOCK_KEY).unwrap()).build();
    let (told, journal) = (Arc::new(Mutex::new(String::new())), scene.journal());
    let text = told.clone();
    let mut bulk = Bulk::new(client.unwrap())
        .journal(Sqlite::open(scene.journal()).unwrap())
        .on_event(move |event| match event {
            Event::Step(Step::Responded) => {
                let db = rusqlite::Connection::open(&journal).unwrap();
                db.execute_batch("ALTER TABLE jobs RENAME TO gone").unwrap();
            }
            Event::Problem(problem) => text.lock().unwrap().push_str(problem),
            _ => {}
        });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = runtime
        .unwrap()
        .block_on(bulk.run(&spec, &mut *source, &mut sink));
    assert!(matches!(outcome, Err(Error::Journal { .. })), "{outcome:?}");
    let (id, _) = &scene.mock.jobs()[0];
    let told = told.lock().unwrap();
    assert!(told.contains(&format!("`decide 1 {id}`")), "{told}");
}

/// Files may not grow beyond some size, as on a full disk.
#[cfg(unix)]
#[test]
fn a_disk_that_fills() {
    for blocks in [24, 48, 72, 96, 120, 200] {
        let scene = Scene::new(60);
        let run = scene.enrich();
        let mut full = Command::new("sh");
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        full.arg("-c")
            .arg(limit)
            .arg(run.get_program())
            .args(run.get_args());
        for (name, value) in run.get_envs() {
            if let Some(value) = value {
                full.env(name, value);
            }
        }
        let output = full.current_dir(scene.folder.path()).output().unwrap();
        let text = said(&output);
        if output.status.code() != Some(0) {
            assert_eq!(output.status.code(), Some(3), "{blocks}: {text}");
            assert!(
                text.contains("free space") || text.contains("make room"),
                "{blocks}: {text}"
            );
        } else {
            assert!(
                blocks > 48,
                "{blocks} blocks are enough: the test shows nothing"
            );
        }
        scene.age();
        expect(&mut scene.enrich(), 0);
        scene.check();
    }
}

/// Ctrl-C, and what a service manager sends.
#[cfg(unix)]
#[test]
fn an_interrupt_stops_cleanly() {
    for name in ["INT", "TERM"] {
        // No job ends before time goes by.
        let scene = Scene::with(4, |mock| mock.clock(Clock::Manual));
        let mut child = scene.enrich().spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("is job") {
            assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
        }
        signal(&child, name);
        stderr.read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
        assert!(said.contains("stopped: `crustdata-bulk resume"), "{said}");
        assert!(!scene.output().exists());
        scene.age();
        expect(&mut scene.resume(), 0);
        scene.check();
    }
}

/// While it waits for the response to a submission that has arrived.
#[cfg(unix)]
#[test]
fn a_second_interrupt_ends_at_once_and_nothing_is_lost() {
    let scene = Scene::new(4);
    let between = Between::new(scene.address(), Harm::Held, 0);
    let mut command = scene.enrich();
    let mut child = command
        .args(["--base-url", &between.url()])
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    scene.until(|stats| stats.accepted == 1);
    signal(&child, "INT");
    let mut said = String::new();
    while !said.contains("again to stop at once") {
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
    }
    assert!(
        child.try_wait().unwrap().is_none(),
        "it waits for the response"
    );
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(scene.mock.stats().accepted, 1);
    scene.age();
    expect(&mut scene.resume(), 0);
    scene.check();
}

//! Journals that others use or lock, that are cut short, left without their log, of another version, or none: each is told with
//! its remedy, and nobody is paid for twice.

use std::fs;

use crate::support::{Scene, expect};
use crate::trouble::interrupted;
use crustdata_bulk::{Sqlite, Step};

#[test]
fn a_journal_in_use() {
    let scene = Scene::new(6);
    let held = Sqlite::open(scene.journal()).unwrap();
    let text = expect(&mut scene.enrich(), 3);
    assert!(text.contains("another run uses the journal"), "{text}");
    // Looking is no use.
    expect(&mut scene.command(&["status", "-o", "out.csv"]), 0);
    drop(held);
    expect(&mut scene.enrich(), 0);
    scene.check();
}

/// SQLite has names for databases that are gone with the process, and with them would be who is paid for.
#[test]
fn a_journal_is_a_file_whatever_its_name() {
    let scene = Scene::new(3);
    let text = expect(scene.enrich().args(["--journal", ""]), 3);
    assert!(text.contains("can't be used"), "{text}");
    assert_eq!(scene.mock.stats().submissions, 0);
    for name in [":memory:", "file:x?mode=memory"] {
        expect(scene.enrich().args(["--journal", name]), 0);
        assert!(scene.path(name).is_file(), "{name}");
    }
}

/// Whichever way leads to it.
#[cfg(unix)]
#[test]
fn a_journal_in_use_under_another_name() {
    let scene = Scene::new(3);
    let held = Sqlite::open(scene.journal()).unwrap();
    std::os::unix::fs::symlink("out.csv.journal", scene.path("link")).unwrap();
    let text = expect(scene.enrich().args(["--journal", "link"]), 3);
    assert!(text.contains("another run uses the journal"), "{text}");
    drop(held);
    expect(&mut scene.enrich(), 0);
    scene.check();
}

/// By a database shell, say, in the middle of a run.
#[test]
fn a_journal_that_is_locked() {
    let scene = Scene::new(6);
    interrupted(&scene);
    let accepted = scene.mock.stats().accepted;
    let shell = scene.look();
    shell.execute_batch("BEGIN IMMEDIATE").unwrap();
    let text = expect(&mut scene.enrich(), 3);
    assert!(
        text.contains("another program has locked the journal") && text.contains("then resume"),
        "{text}"
    );
    assert_eq!(scene.mock.stats().accepted, accepted);
    shell.execute_batch("ROLLBACK").unwrap();
    scene.age();
    expect(&mut scene.enrich(), 0);
    scene.check();
}

#[test]
fn a_journal_that_is_cut_short() {
    let scene = Scene::new(40);
    interrupted(&scene);
    // All of it into the one file.
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
    scene.look().query_row(checkpoint, [], |_| Ok(())).unwrap();
    let whole = fs::read(scene.journal()).unwrap();
    fs::write(scene.journal(), &whole[..whole.len() / 2]).unwrap();
    let submitted = scene.mock.stats().submissions;
    let text = expect(&mut scene.enrich(), 3);
    assert!(
        text.contains("is damaged") && text.contains("a backup that is no older than the last run"),
        "{text}"
    );
    assert_eq!(scene.mock.stats().submissions, submitted);
    fs::write(scene.journal(), whole).unwrap();
    expect(&mut scene.enrich(), 0);
    scene.check();
}

/// As by somebody who moves the journal to another machine, or takes what lies beside it for rubbish.
#[test]
fn a_journal_that_is_left_without_its_log() {
    for step in [Step::Settled, Step::Ended, Step::RecordsKept] {
        let scene = Scene::new(14);
        let mut command = scene.enrich();
        command.env("CRUSTDATA_BULK_ABORT_AT", format!("{step:?}:2"));
        assert!(command.output().unwrap().status.code().is_none());
        for end in ["-wal", "-shm"] {
            fs::remove_file(scene.path(&format!("out.csv.journal{end}"))).unwrap();
        }
        scene.age();
        expect(&mut scene.enrich(), 0);
        scene.check();
    }
}

#[test]
fn a_file_that_is_no_journal() {
    let scene = Scene::new(3);
    fs::write(
        scene.journal(),
        "some notes of mine, and nothing else in here",
    )
    .unwrap();
    let text = expect(&mut scene.enrich(), 3);
    assert!(text.contains("is damaged"), "{text}");
    fs::remove_file(scene.journal()).unwrap();
    scene
        .look()
        .execute_batch("CREATE TABLE other (a)")
        .unwrap();
    // Whatever version it has.
    for version in [0, 1] {
        let pragma = scene.look();
        pragma.pragma_update(None, "user_version", version).unwrap();
        let text = expect(&mut scene.enrich(), 3);
        assert!(text.contains("a database of another program"), "{text}");
    }
}

#[test]
fn a_journal_of_a_later_version() {
    let scene = Scene::new(3);
    expect(&mut scene.enrich(), 0);
    scene
        .look()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let text = expect(&mut scene.enrich(), 3);
    assert!(
        text.contains("has schema version 99") && text.contains("update it"),
        "{text}"
    );
}

#[test]
fn a_journal_whose_version_is_no_version() {
    let scene = Scene::new(3);
    expect(&mut scene.enrich(), 0);
    scene
        .look()
        .pragma_update(None, "user_version", -1)
        .unwrap();
    let text = expect(&mut scene.enrich(), 3);
    assert!(text.contains("its version is below 0"), "{text}");
}

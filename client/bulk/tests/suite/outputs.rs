//! Outputs that can't be written, that would take the place of something else, or that others write at the same time; and
//! what is said to nobody.

use std::fs;
use std::io;

use crate::support::{Scene, expect, rows, signal};
use crustdata_bulk::Step;

#[test]
fn an_output_that_cannot_be_written() {
    let scene = Scene::new(6);
    fs::create_dir(scene.output()).unwrap();
    let text = expect(&mut scene.enrich(), 3);
    assert!(
        text.contains("the output") && text.contains("choose another place"),
        "{text}"
    );
    assert_eq!(
        scene.mock.stats().submissions,
        0,
        "found out before anybody is paid for"
    );
    fs::remove_dir(scene.output()).unwrap();
    expect(&mut scene.enrich(), 0);
    scene.check();
}

/// It would be taken for the file that is to be replaced.
#[cfg(unix)]
#[test]
fn an_output_that_is_no_file_stays_what_it_is() {
    let scene = Scene::new(3);
    std::os::unix::fs::symlink("/dev/null", scene.output()).unwrap();
    let text = expect(&mut scene.enrich(), 3);
    assert!(text.contains("what is there is no file"), "{text}");
    assert!(scene.output().is_symlink());
    assert_eq!(scene.mock.stats().submissions, 0);
    // One that leads to a file is written there.
    fs::remove_file(scene.output()).unwrap();
    fs::create_dir(scene.path("elsewhere")).unwrap();
    fs::write(scene.path("elsewhere/old.csv"), "old").unwrap();
    std::os::unix::fs::symlink("elsewhere/old.csv", scene.output()).unwrap();
    expect(&mut scene.enrich(), 0);
    assert!(scene.output().is_symlink());
    scene.check();
}

/// Such as an output that is enriched for more: what was there, and what comes, can be told apart.
#[test]
fn an_output_can_be_an_input() {
    let scene = Scene::new(2);
    expect(&mut scene.enrich(), 0);
    let more = ["enrich", "out.csv", "--fields", "business_email", "--yes"];
    let mut more = scene.command(&more);
    expect(more.args(["-o", "more.csv", "--interval", "0.01"]), 0);
    let output = rows(&scene.path("more.csv"));
    let names = &output[0];
    assert_eq!(names[..2], ["name", "profile"]);
    assert_eq!(
        (&*names[2], &*names[9]),
        ("crustdata_outcome", "crustdata_outcome_10")
    );
    let different: std::collections::HashSet<_> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "{names:?}");
    assert_eq!(output[1][9], "found");
}

#[test]
fn an_output_is_a_file() {
    let scene = Scene::new(2);
    let said = expect(scene.enrich().args(["-o", "-"]), 2);
    assert!(said.contains("an output is a file"), "{said}");
    expect(&mut scene.enrich(), 0);
    expect(
        &mut scene.command(&["export", "-o", "out.csv", "--to", "-"]),
        2,
    );
    assert!(!scene.path("-").exists() && !scene.path("-.journal").exists());
}

/// Contacts are personal data: who may read them stays as it was.
#[cfg(unix)]
#[test]
fn an_output_is_for_whom_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::new(3);
    expect(&mut scene.enrich(), 0);
    fs::set_permissions(scene.output(), fs::Permissions::from_mode(0o600)).unwrap();
    expect(&mut scene.command(&["export", "-o", "out.csv"]), 0);
    let mode = fs::metadata(scene.output()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    scene.check();
}

/// Without the journal nobody would know who is paid for.
#[test]
fn an_output_does_not_take_the_journals_place() {
    let scene = Scene::new(3);
    let text = expect(scene.enrich().args(["--journal", "out.csv"]), 2);
    assert!(text.contains("take the journal's place"), "{text}");
    expect(&mut scene.enrich(), 0);
    let journal = "out.csv.journal";
    for verb in ["resume", "export"] {
        let same = [verb, "--journal", journal, "-o", journal];
        let text = expect(&mut scene.command(&same), 2);
        assert!(text.contains("take the journal's place"), "{text}");
    }
    expect(
        &mut scene.command(&["export", "-o", "out.csv", "--to", journal]),
        2,
    );
    scene.check();
}

/// By another run that is begun by mistake, and by an export.
#[cfg(unix)]
#[test]
fn an_output_that_others_write_meanwhile() {
    let scene = Scene::new(6);
    let mut command = scene.enrich();
    let child = command.env("CRUSTDATA_BULK_PAUSE_AT", format!("{:?}", Step::Written));
    let mut child = child.spawn().unwrap();
    crate::machines::wait_until_paused(&child);
    let text = expect(&mut scene.enrich(), 3);
    assert!(text.contains("another run uses the journal"), "{text}");
    expect(&mut scene.command(&["export", "-o", "out.csv"]), 0);
    fs::remove_file(scene.output()).unwrap();
    signal(&child, "CONT");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    scene.check();
    let names = fs::read_dir(scene.folder.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| !name.contains("partial")));
}

/// Such as a pager that is closed.
#[test]
fn nobody_has_to_listen() {
    let scene = Scene::new(6);
    let mut child = scene.enrich().spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    scene.check();
    for arguments in [
        &["status", "-o", "out.csv"][..],
        &["explain", "2", "-o", "out.csv"],
    ] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let text = expect(scene.command(arguments).stdout(writer), 3);
        assert!(text.starts_with("error: "), "{text}");
    }
}

#[test]
fn an_output_that_cannot_be_written_at_the_end() {
    let scene = Scene::new(6);
    let mut command = scene.enrich();
    command.env("CRUSTDATA_BULK_ABORT_AT", format!("{:?}:1", Step::FileKept));
    command.output().unwrap();
    expect(&mut scene.enrich(), 0);
    fs::remove_file(scene.output()).unwrap();
    fs::create_dir(scene.output()).unwrap();
    let text = expect(&mut scene.command(&["export", "-o", "out.csv"]), 3);
    assert!(
        text.contains("in the journal, and `export` writes it"),
        "{text}"
    );
    fs::remove_dir(scene.output()).unwrap();
    expect(&mut scene.command(&["export", "-o", "out.csv"]), 0);
    scene.check();
}

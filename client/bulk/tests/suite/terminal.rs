//! What a terminal and a service see of a run: the question and the bar, or an object on each line.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{PERSON, Scene, expect, finish, said};

/// `enrich` on a terminal, where this is typed. None, and a word about it, where there is no program that makes one.
fn typed(scene: &Scene, text: &str) -> Option<(Option<i32>, String)> {
    let enrich = scene.enrich();
    let arguments = enrich.get_args().filter(|argument| *argument != "--yes");
    let quoted = std::iter::once(enrich.get_program())
        .chain(arguments)
        .map(|word| format!("'{}'", word.to_str().unwrap()));
    let command: Vec<String> = quoted.collect();
    let mut script = Command::new("script");
    script.args(["-qec", &command.join(" "), "/dev/null"]);
    for (name, value) in enrich.get_envs() {
        if let Some(value) = value {
            script.env(name, value);
        }
    }
    script.env("TERM", "xterm").current_dir(scene.folder.path());
    let child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        println!("SKIPPED: there is no program `script`, which makes a terminal");
        return None;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Some((output.status.code(), text))
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_the_plan_and_asks() {
    let scene = Scene::new(6);
    for answer in ["n\n", "\n"] {
        let Some((code, text)) = typed(&scene, answer) else {
            return;
        };
        assert_eq!(code, Some(130), "{text}");
        let plan = text.find("credits at worst  30, at 5 a person");
        let question = text.find("go on? [y/N]");
        assert!(plan.is_some() && plan < question, "{text}");
        assert!(text.contains("nothing was sent"), "{text}");
        assert_eq!(scene.mock.stats().submissions, 0);
    }
    let Some((code, text)) = typed(&scene, "y\n") else {
        return;
    };
    assert_eq!(code, Some(0), "{text}");
    scene.check();
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_a_bar() {
    let scene = Scene::new(6);
    let Some((_, text)) = typed(&scene, "y\n") else {
        return;
    };
    for part in [
        " 0/6 people of 9 rows, 0 jobs, 0 active, at most 0 credits, ",
        " left",
    ] {
        assert!(text.contains(part), "{part} in {text:?}");
    }
}

#[test]
fn a_service_gets_an_object_on_each_line() {
    let scene = Scene::new(6);
    let json = ["--log-format", "json", "--max-credits", "100"];
    let output = finish(scene.enrich().args(json));
    assert_eq!(output.status.code(), Some(0));
    let said = said(&output);
    let events: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect();
    let of = |name: &'static str| events.iter().filter(move |event| event["event"] == name);
    let plan = of("plan").next().unwrap();
    assert_eq!([&plan["rows"], &plan["people"], &plan["jobs"]], [9, 6, 1]);
    assert_eq!([&plan["worst_case"], &plan["ceiling"]], [30.0, 100.0]);
    assert_eq!(plan["balance"], 1_000_000.0);
    for name in ["planned", "intended", "accepted", "job_ended", "waiting"] {
        assert!(of(name).next().is_some(), "{name} in {said}");
    }
    let answered = of("answered").filter_map(|event| event["people"].as_u64());
    assert_eq!(answered.sum::<u64>(), 6);
    let ended = events.last().unwrap();
    assert_eq!(ended["event"], "ended");
    assert_eq!(
        [&ended["outcomes"]["found"], &ended["outcomes"]["invalid"]],
        [8, 1]
    );
    assert_eq!(scene.spent(), 6.0 * PERSON);
}

#[test]
fn a_service_gets_errors_as_objects_too() {
    let scene = Scene::with(3, |mut mock| {
        mock.credits = 0.0;
        mock
    });
    let output = finish(scene.enrich().args(["--log-format", "json"]));
    assert_eq!(output.status.code(), Some(3));
    let said = said(&output);
    let events: Result<Vec<Value>, _> = said.lines().map(serde_json::from_str).collect();
    let events = events.unwrap();
    let last = events.last().unwrap();
    assert_eq!(
        [&last["event"], &last["exit_code"]],
        [&Value::from("error"), &Value::from(3)]
    );
    assert!(
        last["text"].as_str().unwrap().contains("add credits"),
        "{last}"
    );
}

#[test]
fn doctor_says_what_is_wrong() {
    let scene = Scene::new(1);
    let doctor = ["doctor", "--fields", "business_email"];
    let said = expect(&mut scene.command(&doctor), 0);
    for line in [
        "balance              1000000",
        "free places          5",
        "a full job, at worst 1500",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    let said = expect(scene.command(&doctor).env("CRUSTDATA_API_KEY", "wrong"), 3);
    assert!(said.contains("problem"), "{said}");
    let poor = Scene::with(1, |mut mock| {
        mock.credits = 1.0;
        mock
    });
    let said = expect(&mut poor.command(&doctor), 3);
    assert!(
        said.contains("problem") && said.contains("would not be accepted"),
        "{said}"
    );
    assert_eq!(
        scene.mock.stats().submissions + poor.mock.stats().submissions,
        0
    );
}

//! What a terminal and a service see of a run: the question and the bar, or an object on each line.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{PERSON, Scene, expect, finish, said, url};

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
        // Nothing goes on that a bar could show.
        assert!(!text.contains("0/0"), "{text:?}");
        assert_eq!(scene.mock.stats().submissions, 0);
    }
    let Some((code, text)) = typed(&scene, "Yes\n") else {
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
    // Four people to a job, and five jobs at a time.
    assert_eq!([&plan["rows"], &plan["people"], &plan["jobs"]], [9, 6, 2]);
    assert_eq!(plan["hours"], 2.5 / 60.0);
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
    let with_credits = |credits| {
        Scene::with(1, |mut mock| {
            mock.credits = credits;
            mock
        })
    };
    // Enough for one person.
    let scarce = with_credits(5.0);
    let said = expect(&mut scarce.command(&doctor), 0);
    assert!(said.contains("balance              5\n"), "{said}");
    let poor = with_credits(1.0);
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

/// The command that goes on is told as a shell takes it, and goes on with this list, at this API, to this output.
#[test]
fn the_command_that_goes_on_can_be_taken_as_it_is() {
    let scene = Scene::new(4);
    let own = |output: &str| {
        let mut enrich = scene.enrich();
        enrich.args(["-o", output, "--journal", "my list's", "--max-credits", "0"]);
        enrich.args(["--base-url", scene.mock.base_url().as_str()]);
        expect(&mut enrich, 3)
    };
    own("out.csv");
    fs::write(scene.path("other.csv"), format!("url\n{}\n", url(1))).unwrap();
    let other = ["enrich", "other.csv", "--fields", "business_email", "--yes"];
    let mut other = scene.command(&other);
    other.args([
        "-o",
        "other-out.csv",
        "--journal",
        "my list's",
        "--max-credits",
        "0",
    ]);
    expect(&mut other, 3);
    let said = own("second out.csv");
    let told = said
        .split('`')
        .nth(1)
        .unwrap()
        .replace("--max-credits 0", "");
    assert!(told.contains("--base-url http"), "{said}");
    let program = env!("CARGO_BIN_EXE_crustdata-bulk");
    let told = told.replace("crustdata-bulk", program) + " --interval 0.01";
    let mut shell = Command::new("sh");
    shell.args(["-c", &told]).current_dir(scene.folder.path());
    shell.env("CRUSTDATA_API_KEY", crustdata_mock::MOCK_KEY);
    expect(shell.stderr(Stdio::piped()).stdout(Stdio::piped()), 0);
    scene.check_output(&scene.path("second out.csv"));
}

#[test]
fn what_an_argument_may_be_is_told() {
    let scene = Scene::new(1);
    let plan = |fields: &str, code| {
        let plan = ["plan", "list.csv", "--fields", fields];
        expect(&mut scene.command(&plan), code)
    };
    let said = plan("personal_emails", 2);
    assert!(
        said.contains("none of business_email, personal_contact_info"),
        "{said}"
    );
    plan("business_email, personal_contact_info", 0);
    for credits in ["nan", "inf", "-1", "all"] {
        let said = expect(scene.enrich().arg(format!("--max-credits={credits}")), 2);
        assert!(said.contains("it is no number of credits"), "{said}");
    }
    for people in ["0", "301"] {
        let enrich = [
            "enrich",
            "list.csv",
            "--fields",
            "business_email",
            "-o",
            "out.csv",
        ];
        let mut enrich = scene.command(&enrich);
        let said = expect(enrich.args(["--people-per-job", people]), 2);
        assert!(said.contains("is not in 1..=300"), "{said}");
    }
    for verb in [
        &["status"][..],
        &["resume"],
        &["export"],
        &["explain", "1"],
        &["decide", "1", "not-accepted"],
    ] {
        let said = expect(scene.command(verb).args(["-o", "out.csv"]), 2);
        assert!(
            said.contains("there is no journal out.csv.journal"),
            "{said}"
        );
    }
    assert!(!scene.journal().exists());
}

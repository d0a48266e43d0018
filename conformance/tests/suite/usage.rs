//! Bad input on the command line: a clear error, the remedy, exit code 2.

use crate::process::{Printed, conformance, conformance_on};
use crate::targets::NOBODY;

#[track_caller]
fn check(args: &str, says: &[&str]) {
    refused(&conformance(args), says);
}

#[track_caller]
fn refused(printed: &Printed, says: &[&str]) {
    assert_eq!(printed.code, 2, "{}{}", printed.out, printed.err);
    assert_eq!(printed.out, "", "a usage error prints no report");
    for part in says {
        assert!(
            printed.err.contains(part),
            "no {part:?} in: {}",
            printed.err
        );
    }
}

#[test]
fn unknown_flags_and_verbs() {
    check("run --sed 1", &["--sed", "--seed"]);
    check("runn", &["runn", "run"]);
    check("run --cases many", &["many", "--cases"]);
    check("run --rpm 0", &["--rpm"]);
}

#[test]
fn unknown_clauses_and_faults() {
    let hint = "did you mean `submit.status-pending`?";
    check(
        "run --only submit.status-pendin",
        &["submit.status-pendin", hint],
    );
    check(
        "run --skip reject.nothing-*",
        &["reject.nothing-*", "conformance list"],
    );
    check("explain submit.status-pendng", &[hint]);
    check("list summit.*", &["summit.*"]);
    check(
        "run --fault status-procesing",
        &["did you mean", "conformance list --faults"],
    );
    check("serve --fault nothing-like-it", &["nothing-like-it"]);
    check(
        "run --only submit.entity --skip submit.*",
        &["nothing is selected"],
    );
}

#[test]
fn targets_that_are_none() {
    check(
        "run --base-url nowhere:8080",
        &["nowhere:8080", "--base-url", "http://"],
    );
    check("run --base-url 127.0.0.1:8080", &["http://"]);
    check("run --base-url ftp://127.0.0.1", &["http://"]);
    check("run --base-url http://me:secret@127.0.0.1", &["user name"]);
    check("run --base-url http://127.0.0.1/?a=b", &["query"]);
    check(
        "run --base-url http://127.0.0.1 --fault x",
        &["cannot be used with"],
    );
    for verb in ["serve", "proxy --upstream http://127.0.0.1:1"] {
        let args = format!("{verb} --listen 127.0.0.1");
        check(&args, &["--listen", "localhost:8080"]);
    }
    let args = "run --base-url http://127.0.0.1 --webhook-listen here";
    check(args, &["--webhook-listen", "localhost:8080"]);
}

#[test]
fn flags_that_need_a_target_are_refused_without_one() {
    for flag in [
        "--webhook-base http://127.0.0.1:1",
        "--webhook-listen 127.0.0.1:0",
        "--profile-url https://www.linkedin.com/in/somebody",
    ] {
        check(&format!("run {flag}"), &["--base-url"]);
        check(&format!("plan {flag}"), &["--base-url"]);
    }
    let distant = "plan --base-url https://api.example --webhook-listen 127.0.0.1:0";
    check(distant, &["--webhook-listen", "--webhook-base"]);
}

#[test]
fn flags_without_a_part_in_a_plan_are_refused() {
    for flag in [
        "--report reports",
        "--strict",
        "--require-all",
        "--known-failures known.toml",
        "--fault entity-company",
        "--timeout 5",
    ] {
        let (name, _) = flag.split_once(' ').unwrap_or((flag, ""));
        check(&format!("plan {flag}"), &[name]);
    }
}

#[test]
fn profiles_that_are_none() {
    for url in [
        "nowhere",
        "ftp://www.linkedin.com/in/somebody",
        "https://example.com/in/somebody",
        "http://de.linkedin.com/in/somebody",
        "https://notlinkedin.com/in/somebody",
        "https://www.linkedin.com/company/somebody",
        "https://www.linkedin.com/in/",
        "https://www.linkedin.com/in/somebody/details",
    ] {
        let args = format!("plan --base-url http://127.0.0.1:1 --profile-url {url}");
        check(
            &args,
            &["--profile-url", "https://www.linkedin.com/in/somebody"],
        );
    }
    let two = "https://www.linkedin.com/in/a,https://www.linkedin.com/in/b";
    let args = format!("plan --base-url http://127.0.0.1:1 --profile-url {two}");
    check(&args, &["--profile-url"]);
    let many = " --profile-url https://www.linkedin.com/in/somebody".repeat(301);
    check(
        &format!("plan --base-url http://127.0.0.1:1{many}"),
        &["at most 300"],
    );
    let both = "--profile-url https://www.linkedin.com/in/dvdhsu/ --profile-url https://www.linkedin.com/in/a-b";
    let printed = conformance(&format!("plan --base-url http://127.0.0.1:1 {both}"));
    assert_eq!(printed.code, 0, "{}", printed.err);
}

#[test]
fn a_target_needs_a_key_that_can_be_sent() {
    check("run --base-url http://127.0.0.1:1", &["CRUSTDATA_API_KEY"]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.args(["run", "--base-url", "http://127.0.0.1:1"]);
    let output = command
        .env("CRUSTDATA_API_KEY", "two\nlines")
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(err.contains("header") && !err.contains("lines\n"), "{err}");
}

#[test]
fn an_address_in_use() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = taken.local_addr().expect("it has an address");
    check(&format!("serve --listen {address}"), &["in use"]);
}

#[test]
fn a_target_that_is_down_is_no_usage_error() {
    let printed = conformance_on(NOBODY, "run");
    assert_eq!(printed.code, 3, "{}", printed.out);
    assert!(printed.out.contains("can't be reached"), "{}", printed.out);
}

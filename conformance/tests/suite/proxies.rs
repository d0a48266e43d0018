//! Proxies that the environment names: what is on this machine never goes through one, everything else does.

use std::process::Command;

use crate::process::{Printed, SECRET, command, json, printed, with_status};
use crate::targets::{EMPTY_LIST, respond, serve};

/// Runs with this proxy for everything.
fn through(proxy: &str, mut command: Command) -> Printed {
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        command.env(name, proxy);
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    // Without this, HTTP_PROXY is taken for a header of a CGI request.
    command.env_remove("REQUEST_METHOD");
    printed(command.output().expect("the binary runs"))
}

#[test]
fn the_embedded_mock_is_reached_without_a_proxy() {
    let nobody = "http://127.0.0.1:1";
    let printed = through(
        nobody,
        command("run --cases 0 --only result.* --only webhook.* --require-all"),
    );
    assert_eq!(printed.code, 0, "{}", printed.out);
}

#[test]
fn a_server_on_this_machine_is_reached_without_a_proxy() {
    let target = serve(|stream, _| respond(stream, "200 OK", "application/json", EMPTY_LIST));
    for url in [target.clone(), target.replace("127.0.0.1", "localhost")] {
        let mut command = command("run --only list.shape --format json --base-url");
        command.arg(url).env("CRUSTDATA_API_KEY", SECRET);
        let printed = through("http://127.0.0.1:1", command);
        assert_eq!(with_status(&json(&printed), "pass"), ["list.shape"]);
    }
}

#[test]
fn a_server_elsewhere_is_reached_through_the_proxy() {
    let proxy = serve(|stream, request| {
        assert!(
            request.starts_with("GET http://api.example/batch"),
            "{request}"
        );
        respond(stream, "200 OK", "application/json", EMPTY_LIST);
    });
    let mut command = command("run --only list.shape --rpm 6000 --format json --base-url");
    command
        .arg("http://api.example")
        .env("CRUSTDATA_API_KEY", SECRET);
    let printed = through(&proxy, command);
    assert_eq!(with_status(&json(&printed), "pass"), ["list.shape"]);
}

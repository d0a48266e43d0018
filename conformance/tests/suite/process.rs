//! Runs the `conformance` binary as a user does, and holds what it prints and its exit code.

use std::process::{Command, Output};

/// The key that the processes under test are given; it must never come out again.
pub(crate) const SECRET: &str = "sk-never-to-be-printed-0123456789";

/// What a process printed, and how it ended.
pub(crate) struct Printed {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the binary with `args`, split at spaces, and without a key.
pub(crate) fn conformance(args: &str) -> Printed {
    printed(command(args).output().expect("the binary runs"))
}

/// Runs the binary against the server at `base_url`, with a key, and with few refusals and no generated case unless the
/// arguments say how many: these tests are about other things.
pub(crate) fn conformance_on(base_url: &str, args: &str) -> Printed {
    let mut command = command(args);
    command.args(["--base-url", base_url]);
    if args.starts_with(['r', 'p']) {
        for (flag, number) in [("--refusals", "50"), ("--cases", "0")] {
            if !args.contains(flag) {
                command.args([flag, number]);
            }
        }
    }
    command.env("CRUSTDATA_API_KEY", SECRET);
    let printed = printed(command.output().expect("the binary runs"));
    assert!(!printed.out.contains(SECRET), "the key is in the report");
    assert!(!printed.err.contains(SECRET), "the key is on stderr");
    printed
}

/// The JSON that a run with `--format json` printed.
pub(crate) fn json(printed: &Printed) -> serde_json::Value {
    let json: serde_json::Value = serde_json::from_str(&printed.out).expect("the report is JSON");
    assert_eq!(json["exit_code"], printed.code);
    json
}

/// The ids of the checks with this status.
pub(crate) fn with_status(results: &serde_json::Value, status: &str) -> Vec<String> {
    let checks = results["checks"].as_array().expect("there are checks");
    checks
        .iter()
        .filter(|check| check["status"] == status)
        .map(|check| check["id"].as_str().expect("ids are strings").to_owned())
        .collect()
}

pub(crate) fn command(args: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .args(args.split_whitespace())
        .env("CARGO_PKG_NAME", env!("CARGO_PKG_NAME"))
        .env_remove("CRUSTDATA_API_KEY")
        .env_remove("GITHUB_STEP_SUMMARY");
    command
}

pub(crate) fn printed(output: Output) -> Printed {
    Printed {
        code: output.status.code().expect("the process was not killed"),
        out: String::from_utf8(output.stdout).expect("the report is UTF-8"),
        err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
    }
}

//! Every exit code, in one list that people can read. That of an interrupted run is in `reports` and `signals`.

use crate::process::{SECRET, command, printed};
use crate::targets::NOBODY;

#[test]
fn exit_codes() {
    let runs = [
        "run --cases 0",
        "run --cases 0 --fault entity-company",
        "run --cases 0 --fault keeps-refused-jobs",
        "run --cases 0 --fault keeps-refused-jobs --strict",
        "run --only submit.entity --skip submit.*",
        "run --only no.such",
        "run --only client.version",
        "run --fault no-such",
        "run --report /dev/null/reports",
        "run --known-failures /dev/null/known.toml",
        "run --base-url NOBODY",
        "run --cases 0 --only submit.accepted --max-jobs 0",
        "run --cases 0 --max-jobs 0 --only *.entity --require-all",
        "run --webhook-base http://127.0.0.1:1",
        "proxy --upstream http://127.0.0.1:1 -- true",
        "proxy --upstream http://127.0.0.1:1 -- ./no-such-program",
        "proxy --upstream http://127.0.0.1:1 --record /dev/null/session.har -- true",
        "proxy --upstream ftp://127.0.0.1 -- true",
        "proxy --upstream http://127.0.0.1:1 --observe --max-jobs 1 -- true",
        "proxy --upstream http://127.0.0.1:1 --max-credits NaN -- true",
        "judge ../docs/session.har",
        "judge ../docs/session.har --only no.such",
        "judge no-such-file.har",
        "judge ../docs/session.har --base-url http://127.0.0.1:1",
        "client --only client.version -- ./no-such-program",
        "client --only submit.entity -- true",
        "client --report /dev/null/reports -- true",
        "client --only client.all-identifiers -- true",
        "vectors --output /dev/null/vectors",
        "vectors",
        "plan --cases 0 --strict",
        "plan --cases 0",
        "run --no-such-flag",
        "list no.such",
        "explain no.such",
        "self-test --fault entity-company --cases 0",
        "--help",
    ];
    let lines: Vec<String> = runs
        .iter()
        .map(|args| {
            let mut command = command(&args.replace("NOBODY", NOBODY));
            // How many refusals are sent changes no code here.
            if args.starts_with("run --cases") {
                command.args(["--refusals", "15"]);
            }
            let output = command.env("CRUSTDATA_API_KEY", SECRET).output();
            let printed = printed(output.expect("the binary runs"));
            let because = printed.err.lines().next().unwrap_or_default();
            let because = because.strip_prefix("error: ").unwrap_or_default();
            format!("{}  {args}\n   {because}", printed.code)
        })
        .collect();
    insta::assert_snapshot!("exit_codes", lines.join("\n").replace("   \n", ""));
}

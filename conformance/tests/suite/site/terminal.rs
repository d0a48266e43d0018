//! Carries out the commands of a page, as somebody does who copies them into a terminal at the root of the repository: in
//! their order, in one folder, with what `export` set before. `cargo` is a script that calls what is built already; a server
//! goes on until the page is over, on a port of its own. What a page shows of an output has to be in it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::documents::path;

/// A block of commands on a page.
pub(super) struct Block {
    /// Why it can't be run here, where it can't.
    pub(super) reason: Option<String>,
    /// Commands, each with what the page shows of its output.
    lines: Vec<(String, Vec<String>)>,
}

impl Block {
    pub(super) fn commands(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|(command, _)| command.as_str())
    }
}

/// The mark before a block that is not run.
const MARK: &str = "<!-- not run: ";

/// The blocks of commands on a page.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().map(str::trim).peekable();
    let mut reason = None;
    while let Some(line) = lines.next() {
        if let Some(mark) = line.strip_prefix(MARK) {
            let mark = mark.strip_suffix(" -->").expect("a mark is one line");
            assert_eq!(
                lines.peek(),
                Some(&"```console"),
                "a mark stands before a block: {mark}"
            );
            reason = Some(mark.to_owned());
        }
        if line != "```console" {
            continue;
        }
        let mut block = Block {
            reason: reason.take(),
            lines: Vec::new(),
        };
        for line in lines.by_ref().take_while(|line| *line != "```") {
            match (line.strip_prefix("$ "), block.lines.last_mut()) {
                (Some(command), Some((last, shown)))
                    if last.ends_with('\\') && shown.is_empty() =>
                {
                    panic!("a command is one line: {last} {command}")
                }
                (Some(command), _) => block.lines.push((command.to_owned(), Vec::new())),
                (None, Some((_, shown))) => shown.push(line.to_owned()),
                (None, None) => panic!("a block begins with a command: {line}"),
            }
        }
        blocks.push(block);
    }
    blocks
}

/// Runs the blocks of a page that have no mark.
pub(super) fn carry_out(page: &str, blocks: &[Block]) {
    let mut terminal = Terminal::open();
    let mut run = 0;
    for block in blocks.iter().filter(|block| block.reason.is_none()) {
        for (command, shown) in &block.lines {
            terminal.run(page, command, shown);
            run += 1;
        }
    }
    assert!(run > 0, "no command of {page} is run");
}

struct Terminal {
    folder: tempfile::TempDir,
    variables: HashMap<String, String>,
    servers: Vec<Child>,
    /// For each port on the page, the one that is used instead.
    ports: HashMap<String, u16>,
}

/// Servers end with the page.
impl Drop for Terminal {
    fn drop(&mut self) {
        for server in &mut self.servers {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

impl Terminal {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for name in ["docs", "client", "conformance", "openapi"] {
            symlink(path(name), folder.path().join(name)).expect("a link can be made");
        }
        let bin = folder.path().join("bin");
        std::fs::create_dir(&bin).expect("a folder can be made");
        symlink(env!("CARGO_BIN_EXE_conformance"), bin.join("conformance"))
            .expect("a link can be made");
        let target = Path::new(env!("CARGO_BIN_EXE_conformance"))
            .parent()
            .expect("it is in a folder");
        let script = SCRIPT
            .replace("{root}", &path("").display().to_string())
            .replace("{target}", &target.display().to_string())
            .replace("{cargo}", env!("CARGO"));
        let cargo = bin.join("cargo");
        std::fs::write(&cargo, script).expect("it can be written");
        std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755))
            .expect("it is ours");
        Self {
            folder,
            variables: HashMap::new(),
            servers: Vec::new(),
            ports: HashMap::new(),
        }
    }

    /// Runs a command of the page.
    fn run(&mut self, page: &str, command: &str, shown: &[String]) {
        if command.contains(" serve ") {
            self.serve(page, command);
            return;
        }
        let command = self.with_own_ports(command);
        if let Some(assignments) = command.strip_prefix("export ") {
            for (name, value) in assignments.split(' ').filter_map(|one| one.split_once('=')) {
                self.variables.insert(name.to_owned(), value.to_owned());
            }
            return;
        }
        if !can_run(&command) {
            told(&format!(
                "{page}: left out, since its runtime is not installed: {command}"
            ));
            return;
        }
        let output = self
            .shell(&command)
            .stdin(Stdio::null())
            .output()
            .expect("there is a shell");
        let all = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let told = all.join("\n");
        // A page that shows a finding shows a run that ends with it.
        let due = i32::from(shown.iter().any(|line| line.starts_with("FAIL ")));
        assert_eq!(output.status.code(), Some(due), "{page}: {command}\n{told}");
        let told: Vec<String> = told.lines().map(without_figures).collect();
        for line in shown
            .iter()
            .filter(|line| !line.contains('…') && !line.is_empty())
        {
            let line = without_figures(line);
            assert!(
                told.contains(&line),
                "{page}: {command}\n{line}\nis not in\n{}",
                told.join("\n")
            );
        }
    }

    /// Starts a server on a port that it picks itself: of one that was free before, another test may have made its own.
    fn serve(&mut self, page: &str, command: &str) {
        let (_, address) = command
            .split_once("127.0.0.1:")
            .expect("a server has an address");
        let named = digits(address).to_owned();
        let command = command.replace(&format!("127.0.0.1:{named}"), "127.0.0.1:0");
        let mut server = self.shell(&format!("exec {command}"));
        let mut server = server
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        let mut out = BufReader::new(server.stdout.take().expect("it is piped"));
        let lines = out.by_ref().lines().map_while(Result::ok);
        let port = lines
            .filter_map(|line| digits(line.split_once("127.0.0.1:")?.1).parse().ok())
            .next();
        // It may say more.
        server.stdout = Some(out.into_inner());
        let Some(port) = port else {
            let mut told = String::new();
            let err = server.stderr.as_mut().expect("it is piped");
            err.read_to_string(&mut told).expect("it is text");
            panic!("{page}: {command}\n{told}");
        };
        self.ports.insert(named, port);
        self.servers.push(server);
    }

    fn shell(&self, command: &str) -> Command {
        let mut shell = Command::new("sh");
        let bin = self.folder.path().join("bin");
        let before = std::env::var_os("PATH").unwrap_or_default();
        let all = std::iter::once(bin).chain(std::env::split_paths(&before));
        shell
            .args(["-c", command])
            .current_dir(self.folder.path())
            .env("PATH", std::env::join_paths(all).expect("they are paths"))
            .env_remove("CRUSTDATA_API_KEY")
            .env_remove("GITHUB_STEP_SUMMARY")
            .envs(&self.variables);
        shell
    }

    /// The command with the ports of the servers that were started, in the place of those that it names.
    fn with_own_ports(&self, command: &str) -> String {
        let mut parts = command.split("127.0.0.1:");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let named = digits(part);
            let own = self.ports.get(named).map(u16::to_string);
            let own = own.as_deref().unwrap_or(named);
            text += &format!("127.0.0.1:{own}{}", &part[named.len()..]);
        }
        text
    }
}

/// The digits that a text begins with.
fn digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit());
    &text[..end.unwrap_or(text.len())]
}

/// Whether what a command needs beside this project is there.
fn can_run(command: &str) -> bool {
    let checks = [
        ("python3", ["-c", ""]),
        (
            "node",
            ["-e", "process.exit(process.features.typescript ? 0 : 1)"],
        ),
        ("curl", ["--version", "--silent"]),
    ];
    let needed = |program: &str| command.split(' ').any(|word| word == program);
    checks
        .iter()
        .filter(|(program, _)| needed(program))
        .all(|(program, check)| {
            let output = Command::new(program).args(check).output();
            output.is_ok_and(|output| output.status.success())
        })
}

#[allow(
    clippy::print_stderr,
    reason = "a test that leaves something out says so"
)]
fn told(text: &str) {
    eprintln!("{text}");
}

/// The line without figures and ids, which differ from run to run, and without the space around it.
fn without_figures(line: &str) -> String {
    let mut text = String::new();
    for word in line.split_whitespace() {
        let is_figure = |c: char| c.is_ascii_digit() || ".,:".contains(c);
        let word: String = match word.len() > 30 && word.matches('-').count() == 4 {
            true => "#".to_owned(),
            false if word.chars().any(|c| c.is_ascii_digit()) => {
                word.chars().filter(|c| !is_figure(*c)).collect()
            }
            false => word.to_owned(),
        };
        text += &word;
        text.push(' ');
    }
    text.trim_end().to_owned()
}

/// `cargo`, for what is built already; what is not, is built.
const SCRIPT: &str = r#"#!/bin/sh
case "$*" in
    "conformance "*) shift; exec conformance "$@" ;;
    "run -p crustdata-bulk -- "*)
        [ -x "{target}/crustdata-bulk" ] || (cd "{root}" && "{cargo}" build --quiet --offline --package crustdata-bulk >&2) || exit 4
        shift 4; exec "{target}/crustdata-bulk" "$@" ;;
    "run -p crustdata-batch --example enrich -- "*)
        [ -x "{target}/examples/enrich" ] || (cd "{root}" && "{cargo}" build --quiet --offline --package crustdata-batch --example enrich >&2) || exit 4
        shift 6; exec "{target}/examples/enrich" "$@" ;;
    *) echo "no page runs cargo $*" >&2; exit 4 ;;
esac
"#;

//! A client that is a program: run once for each scenario, with what it is to do in its environment.

use std::ffi::OsString;
use std::process::Stdio;

use tokio::io::AsyncReadExt;
use tokio::process;

use super::task::{Client, Ended, Task};
use crate::readable;

/// How much of what a program writes to its standard error is kept: the end of it.
const MOST_ERROR: usize = 400;

/// A program and its arguments, in which `{url}` stands for the base URL.
#[derive(Debug, Clone)]
pub struct Command {
    /// The program, and its arguments.
    pub words: Vec<OsString>,
}

impl Client for Command {
    async fn run(&self, task: Task) -> Ended {
        // Many a client puts a path behind it that begins with a slash.
        let base_url = task.base_url.as_str().trim_end_matches('/');
        let mut words = self.words.iter().map(|word| match word.to_str() {
            Some(word) => word.replace("{url}", base_url).into(),
            None => word.clone(),
        });
        let Some(program) = words.next() else {
            return Ended::NotStarted("there is no command".to_owned());
        };
        let mut command = process::Command::new(program);
        #[cfg(unix)]
        command.process_group(0);
        let started = command
            .args(words)
            .env("CRUSTDATA_BASE_URL", base_url)
            .env("CRUSTDATA_API_KEY", &task.key)
            .env("CONFORMANCE_SCENARIO", task.scenario)
            .env("CONFORMANCE_IDENTIFIERS", &task.identifiers_file)
            .env("CONFORMANCE_FIELDS", task.fields.join(","))
            .env("CONFORMANCE_OUTPUT", &task.output)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = match started {
            Ok(child) => child,
            Err(error) => return Ended::NotStarted(error.to_string()),
        };
        let _group = Group(child.id());
        let error = child.stderr.take();
        let read = async {
            let (mut tail, mut buffer) = (Vec::new(), [0; 4096]);
            let Some(mut error) = error else {
                return tail;
            };
            while let Ok(read @ 1..) = error.read(&mut buffer).await {
                tail.extend_from_slice(&buffer[..read]);
                tail.drain(..tail.len().saturating_sub(MOST_ERROR));
            }
            tail
        };
        tokio::pin!(read);
        // A program may leave others behind that hold its standard error open.
        let (status, tail) = tokio::select! {
            tail = &mut read => (child.wait().await, tail),
            status = child.wait() => {
                let tail = tokio::time::timeout(std::time::Duration::from_millis(200), read);
                (status, tail.await.unwrap_or_default())
            }
        };
        match status {
            Ok(status) if status.success() => Ended::Success,
            Ok(status) => {
                let tail = readable::line(String::from_utf8_lossy(&tail).trim(), MOST_ERROR);
                let says = if tail.is_empty() {
                    String::new()
                } else {
                    format!(", saying: {tail}")
                };
                Ended::Failure(format!("{status}{says}"))
            }
            Err(error) => Ended::Failure(error.to_string()),
        }
    }
}

/// Ends what a program left behind, and the program where its time is up.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(id) = self.0.filter(|_| cfg!(unix)) {
            // It fails where the group has ended by itself.
            let _ = std::process::Command::new("kill")
                .args(["-KILL", "--", &format!("-{id}")])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
        }
    }
}

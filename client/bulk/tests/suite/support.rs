//! A list of people, a mock server that finds contacts for all of them, and the command run on both.

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crustdata_mock::{Clock, JobTiming, MOCK_KEY, Mock, MockConfig, Stats};
use rusqlite::Connection;
use tempfile::TempDir;

/// Credits of the mock's account at the start.
pub(crate) const CREDITS: f64 = 1_000_000.0;

/// What one person costs for whom everything is found.
pub(crate) const PERSON: f64 = crustdata_batch::ContactEnrichRequest::WORST_CASE;

/// Small jobs and short waits, and more patience with an outage than a busy machine takes to show its end.
#[rustfmt::skip]
pub(crate) const QUICK: [&str; 8] = [
    "--people-per-job", "4", "--interval", "0.01", "--unknown-patience", "5", "--outage-patience", "600",
];

/// After so long, a submission that was sent a moment ago has arrived, if it ever does.
pub(crate) const A_WHILE: Duration = Duration::from_secs(2 * 60 * 60);

/// A list in a folder, and a mock.
pub(crate) struct Scene {
    pub(crate) mock: Arc<Mock>,
    pub(crate) folder: TempDir,
    /// Different people in the list.
    pub(crate) people: usize,
    accepted: Arc<Mutex<Vec<String>>>,
    responded: Arc<Condvar>,
}

/// The plain URL of a person.
pub(crate) fn url(n: usize) -> String {
    format!("https://www.linkedin.com/in/person-{n:04}/")
}

impl Scene {
    /// So many people, every third of them twice, and a row that names nobody.
    pub(crate) fn new(people: usize) -> Self {
        Self::with(people, |mock| mock)
    }

    pub(crate) fn with(people: usize, set_up: impl FnOnce(MockConfig) -> MockConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut list = "name,profile\n".to_owned();
        for n in 0..people {
            list += &format!("Person {n},{}\n", url(n));
            if n % 3 == 0 {
                list += &format!("\"Person, {n}\",de.linkedin.com/in/Person-{n:04}?trk=x\n");
            }
        }
        list += "Nobody,nobody\n";
        fs::write(folder.path().join("list.csv"), list).unwrap();
        let timing = JobTiming {
            pending: Duration::from_millis(5),
            processing: Duration::from_millis(15),
        };
        let mock = (0..people).fold(Mock::builder(), |mock, n| mock.profile(url(n)));
        let mut mock = mock.clock(Clock::Real).timing(timing);
        mock.credits = CREDITS;
        mock.event_delay = Duration::ZERO;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let mock = Arc::new(runtime.block_on(set_up(mock).start()).unwrap());
        let accepted: Arc<Mutex<Vec<String>>> = Arc::default();
        let responded = Arc::<Condvar>::default();
        let (log, tell) = (accepted.clone(), responded.clone());
        mock.on_response(move |request, status| {
            let mut log = log.lock().unwrap();
            tell.notify_all();
            if request.method.as_str() == "POST" && status.is_success() {
                let body = request.json().unwrap();
                let urls = body["professional_network_profile_urls"]
                    .as_array()
                    .unwrap();
                let urls = urls.iter().map(|url| url.as_str().unwrap().to_owned());
                log.extend(urls);
            }
        });
        Self {
            mock,
            folder,
            people,
            accepted,
            responded,
        }
    }

    /// Waits until this is so of the requests that the mock has seen.
    pub(crate) fn until(&self, is_so: impl Fn(Stats) -> bool) {
        let guard = self.accepted.lock().unwrap();
        let is_not = |_: &mut Vec<String>| !is_so(self.mock.stats());
        drop(self.responded.wait_while(guard, is_not).unwrap());
    }

    /// Where the mock is.
    pub(crate) fn address(&self) -> SocketAddr {
        let url = self.mock.base_url();
        url.socket_addrs(|| None).unwrap()[0]
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn output(&self) -> PathBuf {
        self.path("out.csv")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path("out.csv.journal")
    }

    /// The command with these arguments, in the list's folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crustdata-bulk"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("CRUSTDATA_API_KEY", MOCK_KEY)
            .env("CRUSTDATA_BASE_URL", self.mock.base_url().as_str())
            .env_remove("CRUSTDATA_BULK_ABORT_AT")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// `enrich` on the list, four people to a job.
    pub(crate) fn enrich(&self) -> Command {
        let fields = "business_email,personal_contact_info";
        let arguments = ["enrich", "list.csv", "--fields", fields, "--yes"];
        let mut command = self.command(&arguments);
        command.args(["-o", "out.csv"]).args(QUICK);
        command
    }

    /// `resume`, as fast.
    pub(crate) fn resume(&self) -> Command {
        let mut command = self.command(&["resume", "-o", "out.csv"]);
        command.args(QUICK);
        command
    }

    /// What was charged so far, by the mock's books.
    pub(crate) fn spent(&self) -> f64 {
        CREDITS - self.mock.balance()
    }

    /// Everybody who was charged for, as often as they were. Jobs may have one id: the first charge is the first job's, and
    /// the last job's are all that come after.
    pub(crate) fn charged(&self) -> Vec<String> {
        let mut jobs: HashMap<_, VecDeque<_>> = HashMap::new();
        for (id, people) in self.mock.jobs() {
            jobs.entry(id).or_default().push_back(people);
        }
        let charges = self.mock.ledger().into_iter();
        let charged = charges.filter(|charge| charge.credits() > 0.0);
        let mut people = Vec::new();
        for id in charged.filter_map(|charge| charge.batch_id) {
            let Some(jobs) = jobs.get_mut(&id) else {
                continue;
            };
            people.extend_from_slice(&jobs[0]);
            if jobs.len() > 1 {
                jobs.pop_front();
            }
        }
        people
    }

    /// The journal, as anybody may look into it.
    pub(crate) fn look(&self) -> Connection {
        Connection::open(self.journal()).unwrap()
    }

    /// Lets [`A_WHILE`] go by at the server, as if this machine had been down so long.
    pub(crate) fn age(&self) {
        self.mock.advance(A_WHILE);
    }

    /// That every person was charged once, every row is answered once, and the journal is whole.
    pub(crate) fn check(&self) {
        self.check_books();
        self.check_output(&self.output());
        let health: String = self
            .look()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(health, "ok");
        let records: i64 = self
            .look()
            .query_row("SELECT count(*) FROM records", [], |row| row.get(0))
            .unwrap();
        assert_eq!(records as usize, self.people, "records");
    }

    /// That every person was charged once.
    pub(crate) fn check_books(&self) {
        let accepted = self.accepted.lock().unwrap();
        let mut times: HashMap<&str, usize> = HashMap::new();
        for url in accepted.iter() {
            *times.entry(url).or_default() += 1;
        }
        let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "submitted more than once: {twice:?}");
        assert_eq!(times.len(), self.people, "people who were submitted");
        assert_eq!(
            self.spent(),
            self.people as f64 * PERSON,
            "credits that were charged"
        );
    }

    /// That every row is answered once, in its place, as it should be.
    pub(crate) fn check_output(&self, output: &Path) {
        let input = rows(&self.path("list.csv"));
        let output = rows(output);
        assert_eq!(output.len(), input.len(), "rows");
        for (row, (given, answered)) in input.iter().zip(&output).enumerate().skip(1) {
            assert_eq!(given[..], answered[..2], "row {row}");
            let outcome = if given[0] == "Nobody" {
                "invalid"
            } else {
                "found"
            };
            assert_eq!(answered[2], outcome, "row {row}: {answered:?}");
        }
    }
}

/// Runs a command to its end.
pub(crate) fn finish(command: &mut Command) -> Output {
    command.spawn().unwrap().wait_with_output().unwrap()
}

/// What a command said on standard error.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command to its end, which must have this code.
#[track_caller]
pub(crate) fn expect(command: &mut Command, code: i32) -> String {
    let output = finish(command);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    said + &String::from_utf8_lossy(&output.stdout)
}

/// Sends a signal to a process.
pub(crate) fn signal(child: &Child, name: &str) {
    let (name, id) = (format!("-{name}"), child.id().to_string());
    let sent = Command::new("kill").args([name, id]).status();
    assert!(sent.unwrap().success());
}

/// Kills a process as nothing can be caught.
pub(crate) fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The cells of a CSV file.
pub(crate) fn rows(path: &Path) -> Vec<Vec<String>> {
    let reader = csv::ReaderBuilder::new().has_headers(false).from_path(path);
    let records = reader.unwrap().into_records();
    records
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

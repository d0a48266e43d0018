//! A Postgres server for the tests, where its programs are installed. As root it runs as another user, since it refuses to be
//! root.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tempfile::TempDir;

/// Quick to start, and alone on its socket. What the tests kill are processes, not the machine, so nothing has to be on the disk.
const SETTINGS: &str = "-c fsync=off -c full_page_writes=off -c listen_addresses= -c max_connections=60 -c shared_buffers=16MB \
    -c max_wal_senders=0 -c wal_level=minimal -c autovacuum=off";

/// A server that is stopped, and whose files are removed, when this is dropped.
pub(crate) struct Server {
    programs: PathBuf,
    user: Option<(u32, u32)>,
    folder: TempDir,
}

/// The server that tests share which run at the same time.
static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
/// Databases that were made.
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database of its own on a server.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) server: Arc<Server>,
    name: String,
}

impl Database {
    /// None, and a word about it, where there is no Postgres.
    pub(crate) fn new() -> Option<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let server = match shared.upgrade() {
            Some(server) => server,
            None => Arc::new(Server::start()?),
        };
        *shared = Arc::downgrade(&server);
        drop(shared);
        Some(Self::on(server))
    }

    /// On a server that no other test uses.
    pub(crate) fn alone() -> Option<Self> {
        Some(Self::on(Arc::new(Server::start()?)))
    }

    fn on(server: Arc<Server>) -> Self {
        let name = format!("journal_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        server.psql("postgres", &format!("CREATE DATABASE {name}"));
        Self { server, name }
    }

    pub(crate) fn url(&self) -> String {
        let socket = self.server.folder.path().to_str().unwrap();
        format!(
            "postgresql://postgres@{}/{}",
            socket.replace('/', "%2F"),
            self.name
        )
    }

    /// Where the server listens.
    pub(crate) fn socket(&self) -> PathBuf {
        self.server.folder.path().join(".s.PGSQL.5432")
    }

    /// The same through a port of this machine.
    pub(crate) fn url_at(&self, port: u16) -> String {
        format!("postgresql://postgres@127.0.0.1:{port}/{}", self.name)
    }

    /// What a query gives, as text.
    #[track_caller]
    pub(crate) fn query(&self, sql: &str) -> String {
        let sql = format!("SET search_path = crustdata_bulk; {sql}");
        self.server.psql(&self.name, &sql)
    }
}

impl Server {
    fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            println!(
                "SKIPPED: Postgres is not installed (initdb, pg_ctl and psql are looked for in PATH and /usr/lib/postgresql)"
            );
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let mut user = None;
        if fs::metadata(folder.path()).unwrap().uid() == 0 {
            let Some((uid, gid)) = other_user() else {
                println!(
                    "SKIPPED: Postgres refuses to be root, and there is neither a user postgres nor nobody"
                );
                return None;
            };
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
            user = Some((uid, gid));
        }
        let server = Self {
            programs,
            user,
            folder,
        };
        let data = server.data();
        server.run(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
        );
        server.control(&["start"]);
        Some(server)
    }

    /// As if it had crashed.
    pub(crate) fn crash_and_restart(&self) {
        self.control(&["restart", "-m", "immediate"]);
    }

    fn control(&self, arguments: &[&str]) {
        let socket = self.folder.path().display();
        let settings = format!("{SETTINGS} -k {socket}");
        let (data, log) = (self.data(), format!("{socket}/log"));
        let mut all = vec!["-D", &data, "-l", &log, "-o", &settings, "-w", "-s"];
        all.extend(arguments);
        self.run("pg_ctl", &all);
    }

    fn data(&self) -> String {
        self.folder.path().join("data").to_str().unwrap().to_owned()
    }

    fn psql(&self, database: &str, sql: &str) -> String {
        let host = self.folder.path().to_str().unwrap();
        let arguments = ["-h", host, "-U", "postgres", "-d", database, "-XAtqc", sql];
        self.run("psql", &arguments)
    }

    #[track_caller]
    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(self.folder.path());
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        // A server that keeps a pipe open would be waited for.
        let said = self.folder.path().join(format!("{program}.said"));
        let output = match program {
            "pg_ctl" => {
                let file = fs::File::create(said).unwrap();
                let status = command
                    .stdin(Stdio::null())
                    .stdout(file.try_clone().unwrap())
                    .stderr(file)
                    .status();
                assert!(status.unwrap().success(), "pg_ctl {arguments:?}");
                return String::new();
            }
            _ => command.output().unwrap(),
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.data();
        let mut command = Command::new(self.programs.join("pg_ctl"));
        command.args(["-D", &data, "-m", "immediate", "-s", "stop"]);
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        drop(
            command
                .current_dir("/")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status(),
        );
    }
}

/// The folder with the programs.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    folders.push("/usr/local/bin".into());
    let has_all = |folder: &Path| {
        let programs = ["initdb", "pg_ctl", "postgres", "psql"];
        programs.iter().all(|program| folder.join(program).exists())
    };
    let real = folders
        .iter()
        .filter_map(|folder| folder.join("initdb").canonicalize().ok());
    real.filter_map(|initdb| Some(initdb.parent()?.to_owned()))
        .find(|folder| has_all(folder))
}

/// A user who is not root.
fn other_user() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|name| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

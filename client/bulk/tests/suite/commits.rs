//! Connections to the database that break in a commit, before it arrives or before its answer does: nobody knows then whether it
//! was made, and the run has to find out.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use fastrand::Rng;

use crate::machines::Machines;
use crate::random::{seed, setting};
use crate::server::Database;
use crate::support::expect;

/// What a client sends to commit.
const COMMIT: &[u8] = b"COMMIT\0";

/// A port of this machine that passes bytes on to a database, but for some commits.
struct Breaker {
    port: u16,
    broken: Arc<AtomicU32>,
}

impl Breaker {
    /// One in so many commits breaks, before it arrives or after.
    fn new(socket: PathBuf, seed: u64, rarity: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (random, broken) = (
            Arc::new(Mutex::new(Rng::with_seed(seed))),
            Arc::<AtomicU32>::default(),
        );
        let count = broken.clone();
        // It ends with the process: what it is for is over before.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = UnixStream::connect(&socket) else {
                    continue;
                };
                let (random, count) = (random.clone(), count.clone());
                std::thread::spawn(move || {
                    let mut decide = || {
                        let mut random = random.lock().unwrap();
                        (random.u64(..rarity) == 0).then(|| random.bool())
                    };
                    if pass(client, server, &mut decide).is_some() {
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        Self { port, broken }
    }
}

/// Passes bytes on in both directions. Gives whether a commit was broken off.
fn pass(
    mut client: TcpStream,
    mut server: UnixStream,
    decide: &mut dyn FnMut() -> Option<bool>,
) -> Option<()> {
    // What the server says goes through here as long as this is open.
    let gate = Arc::new(Mutex::new(true));
    let (mut down, mut to_client) = (server.try_clone().ok()?, client.try_clone().ok()?);
    let is_open = gate.clone();
    let answers = std::thread::spawn(move || {
        let mut buffer = [0; 16 << 10];
        while let Ok(length @ 1..) = down.read(&mut buffer) {
            if !*is_open.lock().unwrap() || to_client.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        drop(to_client.shutdown(Shutdown::Both));
    });
    let mut buffer = [0; 16 << 10];
    let mut broken = None;
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let is_commit = buffer[..length]
            .windows(COMMIT.len())
            .any(|part| part == COMMIT);
        let fate = if is_commit { decide() } else { None };
        if fate.is_some() {
            *gate.lock().unwrap() = false;
            broken = Some(());
        }
        if fate == Some(true) || server.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    // A commit that was passed on is made or not: the server is not hurried.
    drop(server.shutdown(Shutdown::Write));
    drop(answers.join());
    broken
}

#[test]
fn a_commit_that_nobody_knows_of_is_found_out_about() {
    let (seed, cases) = (seed(), setting("CRUSTDATA_BULK_COMMITS").unwrap_or(2));
    println!("CRUSTDATA_BULK_SEED={seed} CRUSTDATA_BULK_COMMITS={cases}");
    let Some(_server) = Database::new() else {
        return;
    };
    let mut broken = 0;
    for case in 0..cases {
        let Some(machines) = Machines::new(10) else {
            return;
        };
        let breaker = Breaker::new(machines.database.socket(), seed.wrapping_add(case), 3);
        let url = machines.database.url_at(breaker.port);
        // Reading a list in is not repeated: its input can't be read twice.
        expect(
            machines
                .enrich_at(0, &machines.database.url())
                .args(["--max-credits", "0"]),
            3,
        );
        expect(&mut machines.enrich_at(1, &url), 0);
        machines.check([1]);
        broken += breaker.broken.load(Ordering::Relaxed);
    }
    println!("{broken} commits were broken off");
    assert!(broken > 0, "no commit was broken off");
}

//! A campaign against the client: a server that misbehaves at random, and what must hold whatever it does.
//!
//! A generated case is a session: one client, some calls, and a server of raw sockets whose faults come from the case's
//! number and the campaign's seed. The server knows which submissions arrived and which of them made a job, so that
//! what the client says of each can be judged. What is judged is in `session` and `judge`, what the server knows and says
//! in `world`, `submission`, `account`, `store` and `bodies`, how its responses go wrong as bytes in `fault` and `head`, the sockets
//! in `sockets`, and how a key that shows is found in `secret`.
//!
//! A fault is a response that no compliant server sends, for its bytes or for what they say, or a connection that is
//! closed without one.
//!
//! - `HOSTILE_CASES`: the number of faults, 20,000 if not set.
//! - `HOSTILE_SEED`: the seed, random if not set. It is printed; a failure names it too.
//! - `HOSTILE_ONLY`: the one case to run again.
//! - `HOSTILE_IN_FLIGHT`: cases at a time on each of the threads.
//!
//! The long run: `HOSTILE_CASES=1000000 HOSTILE_IN_FLIGHT=100 cargo test --release -p crustdata-batch --locked
//! --test suite hostile --
//! --nocapture`.

mod account;
mod bodies;
mod fault;
mod head;
mod judge;
mod secret;
mod session;
mod sockets;
mod store;
mod submission;
mod world;

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use futures_util::FutureExt;
use tokio::task::JoinSet;

use self::sockets::Sockets;

/// Faults of a campaign, unless the environment says otherwise.
const FAULTS: u64 = 20_000;
/// Threads, each with a server of its own.
const THREADS: usize = 2;
/// Cases at a time on each thread, unless the environment says otherwise: most of their time they wait for a time-out,
/// and where there are too many for the machine, all of it.
const IN_FLIGHT: u64 = 24;

/// Violations after which a campaign has shown enough.
const ENOUGH: usize = 20;

/// What all cases share.
#[derive(Debug)]
struct Campaign {
    seed: u64,
    /// The one case to run, if only one is.
    only: Option<u64>,
    wanted: u64,
    in_flight: u64,
    next: AtomicU64,
    faults: AtomicU64,
    calls: Mutex<[u64; session::CALLS.len()]>,
    violations: Mutex<Vec<String>>,
}

impl Campaign {
    fn from_environment() -> Self {
        let number = |name| {
            let text = std::env::var(name).ok()?;
            Some(
                text.parse()
                    .unwrap_or_else(|_| panic!("{name} is no number")),
            )
        };
        Self {
            seed: number("HOSTILE_SEED").unwrap_or_else(|| fastrand::u64(..)),
            only: number("HOSTILE_ONLY"),
            wanted: number("HOSTILE_CASES").unwrap_or(FAULTS),
            in_flight: number("HOSTILE_IN_FLIGHT").unwrap_or(IN_FLIGHT),
            next: AtomicU64::new(0),
            faults: AtomicU64::new(0),
            calls: Mutex::default(),
            violations: Mutex::default(),
        }
    }

    /// The number of the next case, as long as there are to be more.
    fn next(&self) -> Option<u64> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        match self.only {
            Some(only) => (number == 0).then_some(only),
            None => (self.faults.load(Ordering::Relaxed) < self.wanted
                && self.violations.lock().unwrap().len() < ENOUGH)
                .then_some(number),
        }
    }

    /// Randomness that depends on the seed and the case only; `part` keeps the server's and the caller's apart.
    fn random(&self, case: u64, part: u64) -> fastrand::Rng {
        let mut seeds = fastrand::Rng::with_seed(self.seed);
        let mixed = seeds.u64(..) ^ case.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ part.rotate_right(8);
        fastrand::Rng::with_seed(mixed)
    }

    fn count_fault(&self) {
        self.faults.fetch_add(1, Ordering::Relaxed);
    }

    fn violation(&self, case: u64, what: &str) {
        let mut violations = self.violations.lock().unwrap();
        violations.push(format!("case {case}: {what}"));
    }
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "a failure that nobody can repeat is worth little"
)]
fn what_is_promised_holds_whatever_a_server_does() {
    let campaign = Arc::new(Campaign::from_environment());
    let seed = campaign.seed;
    eprintln!("HOSTILE_SEED={seed} HOSTILE_CASES={}", campaign.wanted);
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let campaign = Arc::clone(&campaign);
            thread::spawn(move || run(&campaign))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let faults = campaign.faults.load(Ordering::Relaxed);
    let calls = campaign.calls.lock().unwrap();
    eprintln!("{faults} faults; calls: {:?} {calls:?}", session::CALLS);
    let violations = campaign.violations.lock().unwrap();
    assert!(
        violations.is_empty(),
        "HOSTILE_SEED={seed} shows {} violations; HOSTILE_ONLY repeats one case:\n{}",
        violations.len(),
        violations.join("\n")
    );
    if campaign.only.is_none() {
        assert!(calls.iter().all(|count| *count > 0), "{calls:?}");
    }
}

/// One thread's cases. What is said on it, by whatever crate, is looked through for the key.
fn run(campaign: &Arc<Campaign>) {
    let _guard = secret::listen(campaign);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let sockets = Arc::new(Sockets::open(campaign).await);
        let mut cases = JoinSet::new();
        loop {
            while (cases.len() as u64) < campaign.in_flight
                && let Some(number) = campaign.next()
            {
                let case = session::run(Arc::clone(campaign), Arc::clone(&sockets), number);
                let campaign = Arc::clone(campaign);
                cases.spawn(async move {
                    if AssertUnwindSafe(case).catch_unwind().await.is_err() {
                        campaign.violation(number, "a panic");
                    }
                });
            }
            match cases.join_next().await {
                Some(case) => case.unwrap(),
                None => break,
            }
        }
    });
}

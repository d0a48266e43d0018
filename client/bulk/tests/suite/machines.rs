//! Several processes that share a list on a journal in Postgres, as several machines do: killed, paused past their leases and
//! resumed, with a database that restarts and connections that break in a commit. The mock's books are the judge.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::random::{seed, setting};
use crate::server::Database;
use crate::support::{QUICK, Scene, finish, kill, said, signal};
use crustdata_bulk::{Postgres, Step};

/// Seconds of the lease of a process that is to be killed or paused: short, so that it is soon taken over. The others have the
/// usual one, which a busy machine does not lose.
const LEASE: &str = "1";
/// Most runs that it takes to find out about what was in doubt: on a busy machine a lease may be lost again.
const RUNS: usize = 20;
/// The variable that makes a large campaign, and says how many kills.
const MACHINE_KILLS: &str = "CRUSTDATA_BULK_MACHINE_KILLS";
/// Not reached without a submission from before, or before there is a run.
const IS_RARE: [Step; 2] = [Step::Imported, Step::Reconciled];
/// Kills at random, unless the environment says how many.
const KILLS: u64 = 4;

/// A list, a mock, and a database.
pub(crate) struct Machines {
    pub(crate) scene: Scene,
    pub(crate) database: Database,
}

impl Machines {
    /// None where there is no Postgres, which is said.
    pub(crate) fn new(people: usize) -> Option<Self> {
        let database = Database::new()?;
        let scene = Scene::new(people);
        Some(Self { scene, database })
    }

    fn output(&self, machine: usize) -> PathBuf {
        self.scene.path(&format!("out-{machine}.csv"))
    }

    /// `enrich` on a machine, four people to a job.
    pub(crate) fn enrich(&self, machine: usize) -> Command {
        self.enrich_at(machine, &self.database.url())
    }

    pub(crate) fn enrich_at(&self, machine: usize, url: &str) -> Command {
        let output = self.output(machine);
        let fields = "business_email,personal_contact_info";
        #[rustfmt::skip]
        let arguments = [
            "enrich", "list.csv", "--fields", fields, "--yes", "--journal", url, "-o", output.to_str().unwrap(),
        ];
        let mut command = self.scene.command(&arguments);
        command.args(QUICK);
        command
    }

    /// The same for a process that does not live long.
    fn mortal(&self, machine: usize) -> Command {
        let mut command = self.enrich(machine);
        command.env("CRUSTDATA_BULK_LEASE", LEASE);
        command
    }

    /// That everybody was charged once, and every row is answered once: in the journal and in these outputs.
    pub(crate) fn check(&self, machines: impl IntoIterator<Item = usize>) {
        self.scene.check_books();
        for machine in machines {
            self.scene.check_output(&self.output(machine));
        }
        let records = self.database.query("SELECT count(*) FROM records");
        assert_eq!(records, self.scene.people.to_string(), "records");
        let damage = "SELECT (SELECT count(*) FROM people WHERE state <> 'found')
            + (SELECT count(*) FROM chunks WHERE state NOT IN ('read', 'returned'))
            + (SELECT count(*) FROM jobs WHERE state <> 'read')
            + (SELECT count(*) FROM submissions WHERE outcome IS NULL OR outcome = 'unknown')";
        assert_eq!(self.database.query(damage), "0", "what is not done");
    }

    /// Ends what goes on, then lets one machine finish what was in doubt, and checks it all.
    fn conclude(&self, children: impl IntoIterator<Item = Child>) {
        for child in children {
            let output = child.wait_with_output().unwrap();
            let code = output.status.code();
            // One that set something aside too soon may leave it to the next run.
            assert!(matches!(code, Some(0 | 1)), "{code:?}: {}", said(&output));
        }
        let is_done = (0..RUNS).any(|_| {
            self.scene.age();
            finish(&mut self.enrich(0)).status.code() == Some(0)
        });
        assert!(is_done, "it ends with every row answered");
        self.check([0]);
    }
}

#[test]
fn machines_share_a_list() {
    let Some(machines) = Machines::new(30) else {
        return;
    };
    let children: Vec<_> = (0..3)
        .map(|n| machines.enrich(n).spawn().unwrap())
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    // All of them have the whole output.
    machines.check(0..3);
    assert_eq!(machines.database.query("SELECT count(*) FROM lists"), "1");
    assert_eq!(
        machines
            .database
            .query("SELECT count(*) FROM workers WHERE ended_at IS NULL"),
        "0"
    );
}

#[test]
fn ended_at_a_step_another_machine_goes_on() {
    let Some(_server) = Database::new() else {
        return;
    };
    let seed = seed();
    let is_campaign = setting(MACHINE_KILLS).is_some();
    println!("CRUSTDATA_BULK_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let mut ended = 0;
    for step in Step::ALL {
        // Each of them in a campaign; here some, of those that are between two others.
        if !is_campaign && random.u8(..5) > 0 {
            continue;
        }
        for count in [2, 5].into_iter().take(if is_campaign { 2 } else { 1 }) {
            let Some(machines) = Machines::new(10) else {
                return;
            };
            let mut first = machines.mortal(0);
            first.env("CRUSTDATA_BULK_ABORT_AT", format!("{step:?}:1"));
            let first = first.spawn().unwrap();
            let others: Vec<_> = (1..count)
                .map(|n| machines.enrich(n).spawn().unwrap())
                .collect();
            let first = first.wait_with_output().unwrap();
            let code = first.status.code();
            // The others may have been faster, and left nothing for a step, or have taken over what it looked for.
            let is_right = matches!(code, None | Some(0 | 1));
            assert!(is_right, "{step:?}: {}", said(&first));
            ended += u32::from(code.is_none());
            machines.conclude(others);
        }
    }
    println!("{ended} were ended");
}

#[test]
fn paused_past_its_lease_and_resumed_it_sends_nothing() {
    let Some(_server) = Database::new() else {
        return;
    };
    let few = [Step::Intended, Step::RecordsRead];
    let is_campaign = setting(MACHINE_KILLS).is_some();
    let steps = if is_campaign { &Step::ALL[..] } else { &few };
    for step in steps.iter().copied().filter(|step| !IS_RARE.contains(step)) {
        let Some(machines) = Machines::new(10) else {
            return;
        };
        let mut first = machines.mortal(0);
        first.env("CRUSTDATA_BULK_PAUSE_AT", format!("{step:?}:1"));
        let first = first.spawn().unwrap();
        wait_until_paused(&first);
        machines.scene.age();
        // It is not over before the first one is taken over.
        let output = finish(&mut machines.enrich(1));
        assert_eq!(output.status.code(), Some(0), "{step:?}: {}", said(&output));
        machines.check([1]);
        signal(&first, "CONT");
        let output = first.wait_with_output().unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(0), "{step:?}: {said}");
        // What comes next writes into the journal; after the other steps there may be nothing left to write.
        let writes = [
            Step::Intended,
            Step::Responded,
            Step::Polled,
            Step::RecordsRead,
            Step::FileRead,
        ];
        assert!(
            !writes.contains(&step) || said.contains("others take over"),
            "{step:?}: {said}"
        );
        machines.check([0, 1]);
    }
}

#[test]
fn killed_at_random_on_machines_nobody_is_paid_for_twice() {
    campaign(|machines, child, random| {
        // Most are killed; in a large campaign, others are paused past their leases at any point.
        if setting("CRUSTDATA_BULK_MACHINE_PAUSES").is_none() || random.u8(..4) > 0 {
            kill(child);
            return None;
        }
        signal(&child, "STOP");
        let name = format!(", process {}", child.id());
        let taken_over =
            format!("SELECT count(*) FROM workers WHERE name LIKE '%{name}' AND ended_at IS NULL");
        let deadline = Instant::now() + Duration::from_secs(5);
        while machines.database.query(&taken_over) != "0" && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        signal(&child, "CONT");
        Some(child)
    });
}

/// Rounds of two and five machines, of which some are hit at random points, until there were so many hits.
fn campaign(mut hit: impl FnMut(&Machines, Child, &mut Rng) -> Option<Child>) {
    let (seed, points) = (seed(), setting(MACHINE_KILLS).unwrap_or(KILLS));
    println!("CRUSTDATA_BULK_SEED={seed} {MACHINE_KILLS}={points}");
    let Some(_server) = Database::new() else {
        return;
    };
    let mut random = Rng::with_seed(seed);
    let mut longest = Duration::from_millis(500);
    let is_large = points > 100;
    let mut hits = 0;
    while hits < points {
        let Some(machines) = Machines::new(if is_large { 50 } else { 14 }) else {
            return;
        };
        // So that there are tables to look into from the start.
        drop(Postgres::open(&machines.database.url()).unwrap());
        let count = [2, 5][random.usize(..2)];
        let begin = Instant::now();
        let mut children: Vec<_> = (0..count)
            .map(|n| Some(machines.mortal(n).spawn().unwrap()))
            .collect();
        for _ in 0..=random.u8(..if is_large { 12 } else { 4 }) {
            let after = random.u64(..longest.as_micros() as u64);
            std::thread::sleep(Duration::from_micros(after));
            let victim = random.usize(..count);
            let Some(mut child) = children[victim].take() else {
                continue;
            };
            if child.try_wait().unwrap().is_some() {
                // It was done already, which is no hit.
                children[victim] = Some(child);
                continue;
            }
            let left = hit(&machines, child, &mut random);
            machines.scene.age();
            hits += 1;
            children[victim] = left.or_else(|| machines.mortal(victim).spawn().ok());
        }
        machines.conclude(children.into_iter().flatten());
        longest = longest.max(begin.elapsed() / 3).min(Duration::from_secs(2));
        if is_large {
            println!("{hits} hits");
        }
    }
    println!("{hits} hits, and nobody was paid for twice");
}

#[test]
fn a_database_that_crashes_is_waited_for() {
    let Some(database) = Database::alone() else {
        return;
    };
    let scene = Scene::new(20);
    let machines = Machines { scene, database };
    let children: Vec<_> = (0..2)
        .map(|n| machines.enrich(n).spawn().unwrap())
        .collect();
    for _ in 0..2 {
        machines.database.server.crash_and_restart();
    }
    machines.conclude(children);
}

/// Waits for a process that stops itself.
pub(crate) fn wait_until_paused(child: &Child) {
    let process = child.id().to_string();
    let state = || {
        let ps = Command::new("ps")
            .args(["-o", "state=", "-p", &process])
            .output();
        ps.unwrap().stdout.first().copied()
    };
    loop {
        match state() {
            Some(b'T') => return,
            Some(b'Z') | None => panic!("it ended, and never paused"),
            Some(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

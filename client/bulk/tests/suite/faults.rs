//! Servers that break the contract, connections that break, and responses that go wrong: whatever comes, nobody is charged
//! twice, every row is answered once, nobody gets another's contacts, and the journal is whole. The mock's books are the judge.
//!
//! - `CRUSTDATA_BULK_CASES`: the number of cases, each with a seed of its own.
//! - `CRUSTDATA_BULK_SEED`: the campaign's seed, random if not set. It is printed; a failure names it too.
//! - `CRUSTDATA_BULK_ONLY`: the one case to run again.
//! - `CRUSTDATA_BULK_IN_FLIGHT`: cases at a time: most of their time they wait.
//! - `CRUSTDATA_BULK_FAULTS`: the number of the mock's faults that are gone through one by one.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crustdata_batch::{ApiKey, Client, ContactField};
use crustdata_bulk::{
    Answer, Ask, Bulk, Error, Event, ListSpec, Outcome, Person, Report, Row, Sink, Source, Sqlite,
};
use crustdata_mock::{Fault, MOCK_KEY};
use fastrand::Rng;

use crate::between::{Between, Harm};
use crate::random::{seed, setting};
use crate::support::{PERSON, Scene, url};

/// Faults and variants of the mock, chosen at random, unless the environment says how many.
const FAULTS: u64 = 24;
/// Cases, unless the environment says how many.
const CASES: u64 = 24;
/// Cases at a time, unless the environment says how many.
const IN_FLIGHT: u64 = 4;
/// The client's time for a call: longer than a busy machine takes for most of them, or for all.
const SHORT: Duration = Duration::from_millis(500);
const LONG: Duration = Duration::from_secs(30);
/// Waits after which a run that goes on for ever is stopped.
const WAITS: u32 = 60;

/// People by their numbers.
struct People(std::ops::Range<usize>);

impl Source for People {
    fn name(&self) -> String {
        "people".to_owned()
    }
    fn header(&self) -> Vec<String> {
        vec!["url".to_owned()]
    }
    fn next(&mut self) -> Result<Option<Row>, Error> {
        Ok(self.0.next().map(|n| Row {
            value: url(n),
            content: vec![url(n)].into(),
        }))
    }
}

#[derive(Default)]
struct Answers(Vec<Answer>);

impl Sink for Answers {
    fn begin(&mut self, _: &[String]) -> Result<(), Error> {
        self.0.clear();
        Ok(())
    }
    fn answer(&mut self, answer: &Answer) -> Result<(), Error> {
        self.0.push(answer.clone());
        Ok(())
    }
    fn finish(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// One run, through this port. One without patience for unknown outcomes is hasty in all.
fn run(scene: &Scene, port: SocketAddr, patience: Duration) -> (Result<Report, Error>, Answers) {
    let timeout = if patience.is_zero() { SHORT } else { LONG };
    let client = Client::builder()
        .api_key(ApiKey::new(MOCK_KEY).unwrap())
        .base_url(format!("http://{port}"))
        .requests_per_minute(None)
        .longest_wait(Duration::from_millis(5))
        .download_attempts(NonZeroU32::MIN)
        .timeout(timeout)
        .download_idle_timeout(timeout)
        .no_proxy()
        .build()
        .unwrap();
    let spec = ListSpec {
        ask: Ask::new(
            [
                ContactField::BusinessEmail,
                ContactField::PersonalContactInfo,
            ],
            false,
        ),
        output: None,
        max_age: None,
    };
    let mut answers = Answers::default();
    let mut bulk = Bulk::new(client)
        .journal(Sqlite::open(scene.journal()).unwrap())
        .people_per_job(3)
        .interval(Duration::from_millis(2))
        .unknown_patience(patience)
        .outage_patience(Duration::from_millis(200));
    let stopper = bulk.stopper();
    let waits = Arc::new(Mutex::new(0));
    let mut bulk = bulk.on_event(move |event| {
        if let Event::Waiting { .. } = event {
            let mut waits = waits.lock().unwrap();
            *waits += 1;
            if *waits == WAITS && patience.is_zero() {
                stopper.stop();
            }
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut people = People(0..scene.people);
    let result = runtime.block_on(bulk.run(&spec, &mut people, &mut answers));
    (result, answers)
}

/// The mock's faults and mishaps, but for faults in its own books, which are the judge.
fn honest() -> impl Iterator<Item = &'static Fault> {
    let is_of_books =
        |clause: &&str| clause.starts_with("usage.") || clause.starts_with("account.");
    let faults = crustdata_mock::faults();
    let faults = faults.filter(move |fault| !fault.breaks.iter().any(is_of_books));
    faults.chain(crustdata_mock::mishaps())
}

/// That nobody was paid for twice, and every row has its own answer.
fn check(scene: &Scene, case: &str, result: &Result<Report, Error>, answers: &Answers) {
    let most = scene.people as f64 * PERSON;
    assert!(
        scene.spent() <= most,
        "{case}: {} credits for {} people",
        scene.spent(),
        scene.people
    );
    let mut charged: HashMap<String, u32> = HashMap::new();
    for person in scene.charged() {
        *charged
            .entry(Person::read(&person).unwrap().key)
            .or_default() += 1;
    }
    let twice: Vec<_> = charged.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{case}: charged twice: {twice:?}");
    let health = "PRAGMA integrity_check";
    let health = scene
        .look()
        .query_row(health, [], |row| row.get::<_, String>(0));
    assert_eq!(health.unwrap(), "ok", "{case}");
    let Ok(report) = result else {
        return;
    };
    assert_eq!(report.tally.rows() as usize, scene.people, "{case}");
    if report.is_stopped {
        return;
    }
    assert_eq!(report.tally.of(Outcome::Pending), 0, "{case}");
    assert_eq!(answers.0.len(), scene.people, "{case}");
    for (n, answer) in answers.0.iter().enumerate() {
        assert_eq!(answer.content[0], *url(n), "{case}");
        if let Some(record) = &answer.record {
            let whose = record["original_identifier"].as_str().unwrap();
            let key = |url: &str| Person::read(url).unwrap().key;
            assert_eq!(key(whose), key(&url(n)), "{case}");
        }
    }
}

/// What the journal says of submissions.
fn told(scene: &Scene) -> String {
    let db = scene.look();
    let mut query = db
        .prepare("SELECT printf('%s %s %s', id, outcome, evidence) FROM submissions")
        .unwrap();
    let lines = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    lines.map(|line| line.unwrap() + "\n").collect()
}

#[test]
fn whatever_a_server_breaks_nobody_is_paid_for_twice() {
    let seed = seed();
    let wanted = setting("CRUSTDATA_BULK_FAULTS").unwrap_or(FAULTS);
    println!("CRUSTDATA_BULK_SEED={seed} CRUSTDATA_BULK_FAULTS={wanted}");
    let mut random = Rng::with_seed(seed);
    let mut all: Vec<_> = honest().chain(crustdata_mock::variants()).collect();
    random.shuffle(&mut all);
    let mut ends = BTreeMap::<&str, usize>::new();
    for fault in all.into_iter().take(wanted as usize) {
        let scene = Scene::with(7, |mock| mock.fault(fault.name).unwrap());
        for _ in 0..2 {
            let (result, answers) = run(&scene, scene.address(), Duration::ZERO);
            check(&scene, fault.name, &result, &answers);
            let end = match &result {
                Ok(report) if report.is_stopped => "stopped",
                Ok(report) if report.is_whole() => "whole",
                Ok(_) => "in part",
                Err(_) => "can't go on",
            };
            *ends.entry(end).or_default() += 1;
            scene.age();
        }
    }
    println!("{ends:?}");
}

#[test]
fn whatever_happens_nobody_is_paid_for_twice() {
    let seed = seed();
    let only = setting("CRUSTDATA_BULK_ONLY");
    let cases = only.map_or(setting("CRUSTDATA_BULK_CASES").unwrap_or(CASES), |_| 1);
    println!("CRUSTDATA_BULK_SEED={seed} CRUSTDATA_BULK_CASES={cases}");
    let (next, found) = (AtomicU64::new(0), Mutex::new(BTreeMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..setting("CRUSTDATA_BULK_IN_FLIGHT").unwrap_or(IN_FLIGHT) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= cases {
                        break;
                    }
                    let ends = case(seed, only.unwrap_or(number));
                    for (end, times) in ends {
                        *found.lock().unwrap().entry(end).or_insert(0) += times;
                    }
                    if number % 100 == 99 {
                        println!("{} cases", number + 1);
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    println!("{cases} cases: {found:?}");
    let shown = ["outcomes that were unknown", "runs that were cut short"];
    for shown in shown.into_iter().filter(|_| cases >= CASES) {
        assert!(
            found.contains_key(shown),
            "no {shown}: the test shows little"
        );
    }
}

/// Two runs through a server that harms what it passes on, and a last one without it. Gives what happened, and how often.
fn case(seed: u64, number: u64) -> Vec<(&'static str, i64)> {
    let mut random = Rng::with_seed(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    // Where a job that was accepted may not be listed, a list that shows nothing is no proof.
    let lists: Vec<_> = honest()
        .filter(|fault| fault.name.starts_with("list-"))
        .collect();
    let all: Vec<_> = honest().chain(crustdata_mock::variants()).collect();
    let mut any = |of: &[&'static Fault]| of[random.usize(..of.len())];
    let fault = match number % 4 {
        0 => Some(any(&lists)),
        1 => Some(any(&all)),
        _ => None,
    };
    let harm = match random.u8(..2) {
        0 => Harm::Cut,
        _ => Harm::Garbled,
    };
    let fault_name = fault.map(|fault| fault.name);
    let name = format!(
        "CRUSTDATA_BULK_SEED={seed} CRUSTDATA_BULK_ONLY={number}, {harm:?}, {fault_name:?}"
    );
    let people = 1 + random.usize(..20);
    let scene = Scene::with(people, |mock| match fault {
        Some(fault) => mock.fault(fault.name).unwrap(),
        None => mock,
    });
    let between = Between::new(scene.address(), harm, random.u64(..));
    let (mut unknown, mut short) = (0, 0);
    for _ in 0..2 {
        let (result, answers) = run(&scene, between.address, Duration::ZERO);
        check(&scene, &name, &result, &answers);
        let count = "SELECT count(*) FROM submissions WHERE outcome = 'unknown'";
        let count = scene
            .look()
            .query_row(count, [], |row| row.get::<_, i64>(0));
        unknown += count.unwrap();
        short += i64::from(!result.is_ok_and(|report| report.is_whole()));
        // Now and then at once, so that what was sent is not old.
        if random.bool() {
            scene.age();
        }
    }
    scene.age();
    let ends = vec![
        (fault.map_or("without a fault", |_| "with a fault"), 1),
        ("outcomes that were unknown", unknown),
        ("runs that were cut short", short),
    ];
    if fault.is_some() {
        let (result, answers) = run(&scene, scene.address(), Duration::ZERO);
        check(&scene, &name, &result, &answers);
        return ends;
    }
    let (result, answers) = run(&scene, scene.address(), LONG);
    check(&scene, &name, &result, &answers);
    let report = result.unwrap_or_else(|error| panic!("{name}: {error}"));
    let reasons: Vec<_> = answers.0.iter().map(|answer| &answer.reason).collect();
    let told = told(&scene);
    assert!(report.is_whole(), "{name}: {reasons:?}\n{told}");
    assert_eq!(scene.spent(), scene.people as f64 * PERSON, "{name}");
    ends
}

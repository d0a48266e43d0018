//! Servers that break the contract, and connections that break: whatever comes, nobody is submitted in two jobs, every row is
//! answered, and nobody gets another's contacts.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crustdata_batch::{ApiKey, Client, ContactField};
use crustdata_bulk::{
    Answer, Ask, Bulk, Error, Event, ListSpec, Outcome, Person, Report, Row, Sink, Source, Sqlite,
};
use crustdata_mock::{Fault, MOCK_KEY};

use crate::cut::Cut;
use crate::random::{Random, seed, setting};
use crate::support::{PERSON, Scene, url};

/// Faults and variants of the mock, chosen at random, unless the environment says how many.
const FAULTS: u64 = 24;
/// Cases with connections that break, unless the environment says how many.
const CASES: u64 = 24;
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

/// One run, through this port.
fn run(scene: &Scene, port: SocketAddr, patience: Duration) -> (Result<Report, Error>, Answers) {
    let client = Client::builder()
        .api_key(ApiKey::new(MOCK_KEY).unwrap())
        .base_url(format!("http://{port}"))
        .requests_per_minute(None)
        .longest_wait(Duration::from_millis(5))
        .download_attempts(NonZeroU32::MIN)
        .timeout(Duration::from_secs(5))
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

/// The mock's faults, but for those in its own books, which are the judge.
fn honest() -> impl Iterator<Item = &'static Fault> {
    let is_of_books =
        |clause: &&str| clause.starts_with("usage.") || clause.starts_with("account.");
    crustdata_mock::faults().filter(move |fault| !fault.breaks.iter().any(is_of_books))
}

fn port(scene: &Scene) -> SocketAddr {
    let url = scene.mock.base_url();
    url.socket_addrs(|| None).unwrap()[0]
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
    let mut random = Random::new(seed);
    let mut all: Vec<_> = honest().chain(crustdata_mock::variants()).collect();
    all.sort_by_cached_key(|_| random.below(u64::MAX));
    let mut ends = std::collections::BTreeMap::<&str, usize>::new();
    for fault in all.into_iter().take(wanted as usize) {
        let scene = Scene::with(7, |mock| mock.fault(fault.name).unwrap());
        for _ in 0..2 {
            let (result, answers) = run(&scene, port(&scene), Duration::ZERO);
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
fn over_connections_that_break_nobody_is_paid_for_twice() {
    let seed = seed();
    let cases = setting("CRUSTDATA_BULK_CASES").unwrap_or(CASES);
    println!("CRUSTDATA_BULK_SEED={seed} CRUSTDATA_BULK_CASES={cases}");
    let mut random = Random::new(seed);
    let mut unknown = 0;
    let faults: Vec<_> = honest().collect();
    // Where a job that was accepted may not be listed, a list that shows nothing is no proof.
    let lists: Vec<_> = faults
        .iter()
        .filter(|fault| fault.name.starts_with("list-"))
        .collect();
    for case in 0..cases {
        let fault = match random.below(4) {
            0 => Some(*lists[random.below(lists.len() as u64) as usize]),
            1 => Some(faults[random.below(faults.len() as u64) as usize]),
            _ => None,
        };
        let name = format!("case {case}, {:?}", fault.map(|fault| fault.name));
        let people = 1 + random.below(20) as usize;
        let scene = Scene::with(people, |mock| match fault {
            Some(fault) => mock.fault(fault.name).unwrap(),
            None => mock,
        });
        let cut = Cut::new(port(&scene), random.below(u64::MAX));
        for _ in 0..2 {
            let (result, answers) = run(&scene, cut.address, Duration::ZERO);
            check(&scene, &name, &result, &answers);
            let count = "SELECT count(*) FROM submissions WHERE outcome = 'unknown'";
            let count = scene
                .look()
                .query_row(count, [], |row| row.get::<_, i64>(0));
            unknown += count.unwrap();
            // Now and then at once, so that what was sent is not old.
            if random.below(2) == 0 {
                scene.age();
            }
        }
        scene.age();
        if fault.is_some() {
            let (result, answers) = run(&scene, port(&scene), Duration::ZERO);
            check(&scene, &name, &result, &answers);
            continue;
        }
        let (result, answers) = run(&scene, port(&scene), Duration::from_secs(30));
        check(&scene, &name, &result, &answers);
        let report = result.unwrap();
        let reasons: Vec<_> = answers.0.iter().map(|answer| &answer.reason).collect();
        let told = told(&scene);
        assert_eq!(
            report.tally.of(Outcome::Failed),
            0,
            "{name}: {reasons:?}\n{told}"
        );
        assert!(report.is_whole(), "{name}: {reasons:?}\n{told}");
        assert_eq!(scene.spent(), scene.people as f64 * PERSON, "{name}");
    }
    println!("{unknown} outcomes were unknown");
    assert!(
        unknown > 0 || cases < CASES,
        "no response was lost: the test shows nothing"
    );
}

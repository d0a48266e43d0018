//! The library's own face: what a run tells while it goes on, and what it comes to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crustdata_batch::{ApiKey, Client, ContactField};
use crustdata_bulk::table::{self, FileSink, OutputFormat};
use crustdata_bulk::{Ask, Bulk, Event, ListSpec, Outcome, Sqlite};
use crustdata_mock::MOCK_KEY;

use crate::support::{PERSON, Scene};

/// A client of the scene's mock.
fn client(scene: &Scene) -> Client {
    let builder = Client::builder().api_key(ApiKey::new(MOCK_KEY).unwrap());
    builder.base_url(scene.mock.base_url()).build().unwrap()
}

/// A list of whose people two kinds are asked for.
fn spec() -> ListSpec {
    let fields = [
        ContactField::BusinessEmail,
        ContactField::PersonalContactInfo,
    ];
    ListSpec {
        ask: Ask::new(fields, false),
        output: None,
        max_age: None,
    }
}

#[test]
fn a_run_tells_what_it_intends_and_what_comes_of_it() {
    let scene = Scene::new(6);
    let (client, spec) = (client(&scene), spec());
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let log = events.clone();
    let mut bulk = Bulk::new(client)
        .journal(Sqlite::open(scene.journal()).unwrap())
        .people_per_job(4)
        .interval(Duration::from_millis(10))
        .on_event(move |event| log.lock().unwrap().push(event.clone()));
    let list = || table::open(&scene.path("list.csv"), None).unwrap();
    let plan = bulk.plan(&spec, &mut *list()).unwrap();
    assert_eq!((plan.rows, plan.invalid, plan.waiting), (9, 1, 6));
    let mut sink = FileSink::new(scene.output(), OutputFormat::Csv);
    let report = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(bulk.run(&spec, &mut *list(), &mut sink))
        .unwrap();
    scene.check();

    let events = events.lock().unwrap();
    let intended: Vec<(u64, f64)> = events
        .iter()
        .filter_map(|event| match event {
            Event::Intended {
                people, worst_case, ..
            } => Some((*people, *worst_case)),
            _ => None,
        })
        .collect();
    assert_eq!(intended, [(4, 4.0 * PERSON), (2, 2.0 * PERSON)]);
    let answered = events.iter().filter_map(|event| match event {
        Event::Answered { people, .. } => Some(*people),
        _ => None,
    });
    assert_eq!(answered.sum::<u64>(), 6);
    let ended = events
        .iter()
        .filter(|event| matches!(event, Event::JobEnded { failure: None, .. }));
    assert_eq!(ended.count(), 2);
    assert_eq!(report.worst_case, 6.0 * PERSON);
    assert_eq!(report.list.rows, 9);
    assert!(report.list.source.ends_with("list.csv"));
    assert_eq!(report.tally.of(Outcome::Found), 8);
    assert_eq!(report.tally.of(Outcome::Invalid), 1);
    // Nobody is answered, for one row is no profile.
    assert!(report.is_whole() && !report.is_stopped);
}

/// A service spawns it, on a runtime of several threads.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_can_be_spawned() {
    let scene = tokio::task::spawn_blocking(|| Scene::new(6)).await.unwrap();
    let (client, spec) = (client(&scene), spec());
    let mut source = table::open(&scene.path("list.csv"), None).unwrap();
    let mut sink = FileSink::new(scene.output(), OutputFormat::Csv);
    let mut bulk = Bulk::new(client)
        .journal(Sqlite::open(scene.journal()).unwrap())
        .interval(Duration::from_millis(10));
    let run = async move { bulk.run(&spec, &mut *source, &mut sink).await };
    assert!(tokio::spawn(run).await.unwrap().unwrap().is_whole());
    scene.check();
}

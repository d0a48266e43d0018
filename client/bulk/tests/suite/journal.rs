//! What the journal in Postgres keeps and refuses: the fence, shared looks and rests, the verbs of the command, and databases that
//! are none.

use std::time::Duration;

use crate::machines::Machines;
use crate::server::Database;
use crate::support::{PERSON, expect};
use crustdata_batch::{ApiKey, Client, ContactField, Uuid};
use crustdata_bulk::{
    Ask, Changed, Error, Journal, List, ListSpec, Postgres, Rest, Row, Settlement, Source,
    Standing, table,
};

const LIST: &str =
    "https://www.linkedin.com/in/a\nhttps://www.linkedin.com/in/b\nhttps://www.linkedin.com/in/c\n";

/// A run that has read a list in; boxed, as the command has it.
fn joined(database: &Database) -> (Box<dyn Journal>, List) {
    let mut journal: Box<dyn Journal> = Box::new(Postgres::open(&database.url()).unwrap());
    let spec = ListSpec {
        ask: Ask::new([ContactField::BusinessEmail], false),
        output: None,
        max_age: None,
    };
    let mut source = table::from_reader("a list", LIST.as_bytes(), None).unwrap();
    let (list, _) = journal
        .import(&spec, &mut *source, Changed::Refuse, true)
        .unwrap();
    (journal, list)
}

#[test]
fn a_cell_of_any_length_is_read_in() {
    let Some(database) = Database::new() else {
        return;
    };
    let (mut journal, list) = joined(&database);
    let spec = ListSpec {
        ask: list.ask.clone(),
        output: None,
        max_age: None,
    };
    // As it can't be packed.
    let mut random = fastrand::Rng::with_seed(1);
    let long: String = std::iter::repeat_with(|| random.alphanumeric())
        .take(9999)
        .collect();
    let text = format!("https://www.linkedin.com/in/d\nhttps://example.com/a?q={long}\n");
    let mut source = table::from_reader("another", std::io::Cursor::new(text), None).unwrap();
    let imported = journal.import(&spec, &mut *source, Changed::Refuse, true);
    let plan = imported.unwrap().1;
    assert_eq!((plan.rows, plan.people, plan.invalid), (2, 1, 1));
}

/// Takes people as `most` says, without sending anything.
fn intend(
    journal: &mut dyn Journal,
    list: &List,
    most: impl Fn(&Standing) -> usize,
) -> Result<Option<i64>, Error> {
    let client = Client::builder()
        .api_key(ApiKey::new("k").unwrap())
        .build()
        .unwrap();
    let intent = journal.intend(list, &mut |standing| most(standing), &mut |ask, people| {
        Ok(client.submission(&ask.request(people)?))
    })?;
    Ok(intent.map(|intent| intent.submission))
}

/// A list of the same people, and of one with a NUL in the name, that is being read in while another run submits.
struct Beside<'a>(u64, &'a mut (dyn FnMut() + Send));

impl Source for Beside<'_> {
    fn name(&self) -> String {
        "another list".to_owned()
    }
    fn header(&self) -> Vec<String> {
        vec!["url".to_owned()]
    }
    fn next(&mut self) -> Result<Option<Row>, Error> {
        self.0 += 1;
        // As many as are written at a time, and some more.
        if self.0 == 1500 {
            (self.1)();
        }
        let name = ["a", "b", "c", "a%00"][self.0 as usize % 4];
        let value = format!("https://www.linkedin.com/in/{name}");
        let content = vec![value.as_str()].into();
        Ok((self.0 < 1600).then_some(Row { value, content }))
    }
}

#[test]
fn a_list_that_is_read_in_holds_nobody_up() {
    let Some(database) = Database::new() else {
        return;
    };
    let (mut journal, list) = joined(&database);
    let mut people = 0;
    let mut submit = || {
        let all = |standing: &Standing| 3 - standing.active as usize;
        intend(&mut journal, &list, all).unwrap().unwrap();
        let count = database.query("SELECT count(*) FROM people WHERE state = 'submitted'");
        people = count.trim().parse().unwrap();
    };
    let spec = ListSpec {
        ask: Ask::new([ContactField::BusinessEmail], false),
        output: None,
        max_age: Some(u64::MAX),
    };
    let mut other = Postgres::open(&database.url()).unwrap();
    let planned = other.import(&spec, &mut Beside(0, &mut submit), Changed::Accept, true);
    let plan = planned.unwrap().1;
    assert_eq!((plan.rows, plan.people, plan.invalid), (1599, 3, 400));
    assert_eq!(people, 3);
}

#[test]
fn who_is_taken_over_can_write_nothing() {
    let Some(database) = Database::new() else {
        return;
    };
    let (mut old, list) = joined(&database);
    let submission = intend(&mut old, &list, |_| 1).unwrap().unwrap();
    let mut new = Postgres::open(&database.url()).unwrap();
    new.take_over().unwrap();
    assert!(
        !new.unresolved().unwrap()[0].is_own,
        "it is still the first one's"
    );
    database.query("UPDATE workers SET expires_at = now() WHERE id = 1");
    let job = Uuid::from_u128(1);
    let no = Settlement::NotAccepted {
        reason: "no".to_owned(),
    };
    let refused = |outcome: Result<(), Error>| {
        assert!(matches!(outcome, Err(Error::LeaseLost)), "{outcome:?}");
    };
    // Refused before anybody takes over, and after.
    for _ in 0..2 {
        refused(intend(&mut old, &list, |_| 1).map(drop));
        refused(old.settle(submission, &no));
        refused(old.job_ended(job, None));
        refused(old.keep_records(job, &[], 1).map(drop));
        refused(old.job_read(job, &Rest::Empty).map(drop));
        refused(old.take_over());
        refused(old.reopen());
        refused(old.finish(list.id));
        assert!(!old.is_poll_due(Duration::ZERO).unwrap());
        new.take_over().unwrap();
        assert!(new.unresolved().unwrap()[0].is_own);
    }
    // As a new run it may, and what it had is the other one's.
    old.rejoin().unwrap();
    assert!(!old.unresolved().unwrap()[0].is_own);
    refused(old.settle(submission, &no));
    new.settle(submission, &no).unwrap();
    assert!(intend(&mut old, &list, |_| 3).unwrap().is_some());
    let plan = new.plan(&list).unwrap();
    assert_eq!(plan.submitted, 3);
    assert_eq!(old.plan(&list).unwrap(), plan);
}

#[test]
fn runs_share_places_looks_and_rests() {
    let Some(database) = Database::new() else {
        return;
    };
    let (mut one, list) = joined(&database);
    let mut two = Postgres::open(&database.url()).unwrap();
    // What one sends, the other counts: as taken, and as perhaps charged.
    one.polled(3).unwrap();
    intend(&mut one, &list, |_| 2).unwrap().unwrap();
    let standing = two.standing(list.id).unwrap();
    assert_eq!(
        (standing.active, standing.committed, standing.under_way),
        (4, 2.0 * PERSON, 2.0 * PERSON)
    );
    assert_eq!(one.committed(list.id).unwrap(), 2.0 * PERSON);
    let one_place = |standing: &Standing| usize::from(standing.active < 4);
    assert!(intend(&mut two, &list, one_place).unwrap().is_none());
    assert!(
        two.others_at_work(list.id, true)
            .is_ok_and(|at_work| !at_work),
        "it works on no list yet"
    );
    assert!(!one.others_at_work(list.id, false).unwrap());
    assert!(two.others_at_work(list.id, true).unwrap());
    let hour = Duration::from_secs(60 * 60);
    assert!(one.is_poll_due(hour).unwrap());
    assert!(!two.is_poll_due(hour).unwrap());
    assert_eq!(two.rest(None).unwrap(), None);
    one.rest(Some(hour)).unwrap();
    assert!(two.rest(None).unwrap().unwrap() > hour / 2);
    // A run that ends by itself leaves what it has at once.
    drop(one);
    two.take_over().unwrap();
    assert!(two.unresolved().unwrap()[0].is_own);
    assert!(!two.others_at_work(list.id, false).unwrap());
}

#[test]
fn a_lease_is_half_a_minute_by_the_clock_of_the_database() {
    let Some(database) = Database::new() else {
        return;
    };
    let journal = Postgres::open(&database.url()).unwrap();
    assert!(journal.is_held());
    let length = "SELECT bool_and(expires_at - started_at BETWEEN interval '29 s' AND interval '41 s') FROM workers";
    assert_eq!(database.query(length), "t");
}

#[test]
fn the_verbs_work_on_it() {
    let Some(machines) = Machines::new(4) else {
        return;
    };
    let url = machines.database.url();
    let verb = |arguments: &[&str], code| {
        let mut command = machines.scene.command(arguments);
        expect(command.args(["--journal", &url]), code)
    };
    let nothing = verb(&["status"], 3);
    assert!(nothing.contains("it has no journal in it"), "{nothing}");
    let mut first = machines.enrich(0);
    expect(first.args(["--max-credits", "0"]), 3);
    let fields = ["--fields", "business_email,personal_contact_info"];
    let plan = verb(&["plan", "list.csv", fields[0], fields[1]], 0);
    assert!(plan.contains("to submit       4"), "{plan}");
    verb(&["resume", "-o", "resumed.csv", "--interval", "0.01"], 0);
    machines.scene.check_books();
    machines
        .scene
        .check_output(&machines.scene.path("resumed.csv"));
    let status = verb(&["status"], 0);
    assert!(status.contains("found          6"), "{status}");
    let history = verb(&["explain", "1"], 0);
    for part in ["submission 1 accepted", "by run", "answered: found"] {
        assert!(history.contains(part), "{history}");
    }
    verb(&["export", "--to", "again.csv"], 0);
    machines
        .scene
        .check_output(&machines.scene.path("again.csv"));
    let known = verb(&["decide", "1", "not-accepted"], 2);
    assert!(known.contains("it is known to be accepted"), "{known}");
}

#[test]
fn a_word_decides_unless_somebody_is_finding_out() {
    let Some(database) = Database::new() else {
        return;
    };
    let (mut run, list) = joined(&database);
    let submission = intend(&mut run, &list, |_| 3).unwrap().unwrap();
    let mut somebody = Postgres::look(&database.url()).unwrap();
    let early = somebody.decide(submission, None).unwrap_err().to_string();
    assert!(early.contains("a run is finding out about it"), "{early}");
    drop(run);
    // A slip may be mended.
    for job in [1, 2] {
        let job = Uuid::from_u128(job);
        somebody.decide(submission, Some(job)).unwrap();
        assert_eq!(somebody.known_jobs().unwrap(), [job]);
        assert_eq!(somebody.plan(&list).unwrap().submitted, 3);
    }
    let accepted = somebody.decide(submission, None).unwrap_err().to_string();
    assert!(
        accepted.contains("it is known to be accepted"),
        "{accepted}"
    );
    let undecided = "UPDATE submissions SET outcome = 'unknown', evidence = NULL";
    database.query(undecided);
    somebody.decide(submission, None).unwrap();
    assert_eq!(somebody.plan(&list).unwrap().waiting, 3);
    let late = somebody.decide(submission, None).unwrap_err().to_string();
    assert!(late.contains("it is known to be not accepted"), "{late}");
}

#[test]
fn it_refuses_what_it_does_not_know() {
    let Some(database) = Database::new() else {
        return;
    };
    drop(joined(&database));
    database.query("UPDATE version SET version = 99");
    let later = Postgres::open(&database.url()).unwrap_err().to_string();
    assert!(later.contains("has schema version 99"), "{later}");
    for (end, reason) in [(":abc/x", "port"), ("/x?sslmode=verify-full", "sslmode")] {
        let url = format!("postgres://me:secret@localhost{end}");
        let unreadable = Postgres::open(&url).unwrap_err().to_string();
        let is_told = unreadable.contains("URL can't be used") && unreadable.contains(reason);
        assert!(is_told && !unreadable.contains("secret"), "{unreadable}");
    }
}

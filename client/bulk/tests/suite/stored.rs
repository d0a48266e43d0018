//! What the journal in a file keeps and says: which list and which ask it is, what is under way, and whom it gives to submit
//! after a refusal.

use std::time::Duration;

use crate::support::PERSON;
use crustdata_batch::{ApiKey, Client, ContactField, Uuid};
use crustdata_bulk::{
    Ask, Changed, Error, Journal, List, ListSpec, Outcome, Postgres, Rest, Row, Settlement, Source,
    Sqlite, table,
};

/// A journal with a list of so many people.
fn journal(people: usize) -> (Sqlite, List) {
    let mut journal = Sqlite::in_memory().unwrap();
    let list = import(&mut journal, people);
    (journal, list)
}

fn import(journal: &mut dyn Journal, people: usize) -> List {
    import_for(journal, people, &[ContactField::BusinessEmail])
}

fn import_for(journal: &mut dyn Journal, people: usize, fields: &[ContactField]) -> List {
    let spec = ListSpec {
        ask: Ask::new(fields.iter().copied(), false),
        output: None,
        max_age: None,
    };
    let urls = (0..people).map(|n| format!("https://www.linkedin.com/in/p{n}\n"));
    let urls: String = urls.collect();
    let mut source = table::from_reader("a list", std::io::Cursor::new(urls), None).unwrap();
    let imported = journal.import(&spec, &mut *source, Changed::Refuse, true);
    imported.unwrap().0
}

/// Takes at most so many people, without sending anything: the number of the submission, and how many they are.
fn intend(journal: &mut dyn Journal, list: &List, most: usize) -> Option<(i64, usize)> {
    let client = Client::builder()
        .api_key(ApiKey::new("k").unwrap())
        .build()
        .unwrap();
    let intent = journal.intend(list, &mut |_| most, &mut |ask, people| {
        Ok(client.submission(&ask.request(people)?))
    });
    let intent = intent.unwrap()?;
    Some((intent.submission, intent.identifiers.len()))
}

/// What becomes of a submission that is this job.
fn accepted(batch_id: Uuid) -> Settlement {
    Settlement::Accepted {
        batch_id,
        request_id: None,
        credits: None,
        evidence: None,
    }
}

/// A paid answer is good for whoever asks for no more, and asks as carefully.
#[test]
fn a_wider_ask_covers_a_narrower_one() {
    use ContactField::{BusinessEmail, PersonalContactInfo, PersonalContactInfoPhoneNumbers};
    let all = Ask::new([BusinessEmail, PersonalContactInfo], false);
    let phones = Ask::new([PersonalContactInfoPhoneNumbers], false);
    let verified = Ask::new([BusinessEmail], true);
    assert!(all.covers(&all) && all.covers(&phones) && !phones.covers(&all));
    assert!(!all.covers(&verified) && !verified.covers(&Ask::new([BusinessEmail], false)));
    // As the journal has them.
    for ask in [all, phones, verified] {
        let kept = Ask::parse(&ask.to_string()).unwrap();
        assert!(kept.covers(&ask) && ask.covers(&kept));
    }
    assert_eq!(Ask::parse("shoe_size"), None);
}

#[test]
fn lists_share_the_people_of_those_that_ask_for_as_much() {
    use ContactField::{BusinessEmail, PersonalContactInfo, PersonalContactInfoPhoneNumbers};
    let mut journal = Sqlite::in_memory().unwrap();
    let emails = import_for(&mut journal, 2, &[BusinessEmail]);
    assert_eq!(intend(&mut journal, &emails, 9).unwrap().1, 2);
    let all = import_for(&mut journal, 2, &[BusinessEmail, PersonalContactInfo]);
    assert!(journal.has_waiting(all.id).unwrap());
    assert_eq!(intend(&mut journal, &all, 9).unwrap().1, 2);
    let phones = import_for(&mut journal, 2, &[PersonalContactInfoPhoneNumbers]);
    assert!(!journal.has_waiting(phones.id).unwrap());
}

/// Whoever asked for less, and failed or waits, has that answer, too.
#[test]
fn an_answer_that_is_there_is_taken_whoever_paid_for_it() {
    take_answers_that_are_there(&mut Sqlite::in_memory().unwrap());
    #[cfg(unix)]
    if let Some(database) = crate::server::Database::new() {
        take_answers_that_are_there(&mut Postgres::open(&database.url()).unwrap());
    }
}

fn take_answers_that_are_there(journal: &mut dyn Journal) {
    use ContactField::{BusinessEmail, PersonalContactInfo};
    let emails = import_for(journal, 3, &[BusinessEmail]);
    intend(journal, &emails, 1);
    let failed = Uuid::from_u128(1);
    journal.settle(1, &accepted(failed)).unwrap();
    journal.job_ended(failed, Some("it failed")).unwrap();
    let all = import_for(journal, 3, &[BusinessEmail, PersonalContactInfo]);
    assert_eq!(intend(journal, &all, 9), Some((2, 3)));
    // The next run of the first list waits for them, too.
    journal.reopen().unwrap();
    assert!(!journal.has_waiting(emails.id).unwrap());
    let answered = Uuid::from_u128(2);
    journal.settle(2, &accepted(answered)).unwrap();
    journal.job_read(answered, &Rest::Empty).unwrap();
    let tally = journal.tally(emails.id).unwrap();
    assert_eq!(
        (tally.of(Outcome::Failed), tally.of(Outcome::Empty)),
        (1, 2)
    );
    // A new list takes the answer rather than the failure.
    journal.finish(emails.id).unwrap();
    let again = import_for(journal, 3, &[BusinessEmail]);
    assert_eq!(journal.tally(again.id).unwrap().of(Outcome::Empty), 3);
}

/// Two runs beside each other, each with a list of its own.
#[cfg(unix)]
#[test]
fn whom_another_run_has_submitted_for_more_is_not_submitted_for_less() {
    use ContactField::{BusinessEmail, PersonalContactInfo};
    let Some(database) = crate::server::Database::new() else {
        return;
    };
    let mut less = Postgres::open(&database.url()).unwrap();
    let mut more = Postgres::open(&database.url()).unwrap();
    let emails = import_for(&mut less, 4, &[BusinessEmail]);
    let all = import_for(&mut more, 3, &[BusinessEmail, PersonalContactInfo]);
    less.reopen().unwrap();
    assert_eq!(intend(&mut more, &all, 2), Some((1, 2)));
    assert_eq!(intend(&mut less, &emails, 2), Some((2, 2)));
    assert!(!less.has_waiting(emails.id).unwrap());
    // Nobody pays for this one but who asks for more.
    assert_eq!(intend(&mut more, &all, 2), Some((3, 1)));
    assert_eq!(less.plan(&emails).unwrap().submitted, 4);
}

/// Without it, a run goes through all people for each one of them.
#[cfg(unix)]
#[test]
fn a_database_knows_how_long_a_list_is() {
    let Some(database) = crate::server::Database::new() else {
        return;
    };
    import(&mut Postgres::open(&database.url()).unwrap(), 123);
    for table in ["people", "rows"] {
        let count = format!("SELECT reltuples FROM pg_class WHERE relname = '{table}'");
        assert_eq!(database.query(&count).trim(), "123", "{table}");
    }
}

/// Rows that are planned, while something else writes into the journal at each.
struct Beside(usize, rusqlite::Connection);

impl Source for Beside {
    fn name(&self) -> String {
        "a list".to_owned()
    }
    fn header(&self) -> Vec<String> {
        vec!["url".to_owned()]
    }
    fn next(&mut self) -> Result<Option<Row>, Error> {
        self.1.execute("UPDATE lists SET output = 'x'", []).unwrap();
        self.0 += 1;
        let value = format!("https://www.linkedin.com/in/p{}", self.0 / 2);
        let content = vec![value.as_str()].into();
        Ok((self.0 < 10).then_some(Row { value, content }))
    }
}

#[test]
fn a_plan_holds_up_no_run_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut journal = Sqlite::open(&path).unwrap();
    let list = import(&mut journal, 4);
    let first = intend(&mut journal, &list, 1);
    assert_eq!(first, Some((1, 1)));
    let writer = rusqlite::Connection::open(&path).unwrap();
    writer.busy_timeout(Duration::ZERO).unwrap();
    let spec = ListSpec {
        ask: list.ask.clone(),
        output: None,
        max_age: None,
    };
    let mut look = Sqlite::look(&path).unwrap();
    let planned = look.import(&spec, &mut Beside(0, writer), Changed::Accept, false);
    let plan = planned.unwrap().1;
    // p0 is submitted, p1 to p3 wait, and p4 is new.
    assert_eq!((plan.rows, plan.people, plan.invalid), (9, 5, 0));
    assert_eq!((plan.submitted, plan.waiting, plan.known), (1, 4, 0));
    assert_eq!(journal.lists().unwrap().len(), 1);
}

#[test]
fn no_answer_is_too_old_for_whoever_takes_any() {
    let (mut journal, list) = journal(2);
    intend(&mut journal, &list, 2);
    let batch_id = Uuid::from_u128(1);
    journal.settle(1, &accepted(batch_id)).unwrap();
    journal.job_read(batch_id, &Rest::Empty).unwrap();
    let spec = ListSpec {
        ask: list.ask.clone(),
        output: None,
        max_age: Some(u64::MAX),
    };
    let urls = "https://www.linkedin.com/in/p0\nhttps://www.linkedin.com/in/p1\nnobody\n";
    let mut source = table::from_reader("others", urls.as_bytes(), None).unwrap();
    let planned = journal.import(&spec, &mut *source, Changed::Refuse, true);
    assert_eq!(planned.unwrap().1.known, 2);
}

/// A list is found again by all versions of the program.
#[test]
fn the_fingerprint_of_a_list_stays_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut journal = Sqlite::open(&path).unwrap();
    import(&mut journal, 2);
    let fingerprint = "SELECT fingerprint FROM lists";
    let look = rusqlite::Connection::open(&path).unwrap();
    let text = |query: &str| look.query_row(query, [], |row| row.get::<_, String>(0));
    let fingerprint = text(fingerprint).unwrap();
    // It can be read while it is written.
    assert_eq!(text("PRAGMA journal_mode").unwrap(), "wal");
    assert_eq!(fingerprint, "bb51c3f37ed0d574c110f450e66827f6");
}

/// Otherwise two runs would use it, and each take the other's submissions for those of one that has ended.
#[cfg(unix)]
#[test]
fn a_link_to_a_journal_that_is_yet_to_be_made_is_that_journal() {
    let folder = tempfile::tempdir().unwrap();
    let [link, journal] = ["link", "journal"].map(|name| folder.path().join(name));
    std::os::unix::fs::symlink(&journal, &link).unwrap();
    let _run = Sqlite::open(&link).unwrap();
    for path in [link, journal] {
        let error = Sqlite::open(path).unwrap_err();
        assert!(matches!(error, Error::JournalInUse { .. }), "{error}");
    }
}

#[test]
fn places_and_credits_are_those_of_everything_under_way() {
    let (mut journal, list) = journal(5);
    journal.polled(2).unwrap();
    let (first, _) = intend(&mut journal, &list, 2).unwrap();
    let batch_id = Uuid::from_u128(1);
    journal.settle(first, &accepted(batch_id)).unwrap();
    let (second, _) = intend(&mut journal, &list, 1).unwrap();
    let taken = journal.decide(second, Some(batch_id)).unwrap_err();
    let reason = "is another submission's";
    assert!(taken.to_string().contains(reason), "{taken}");
    let standing = journal.standing(list.id).unwrap();
    // The job and two of somebody else; the job's two people, and one of whom nobody knows yet.
    assert_eq!(standing.active, 3);
    assert_eq!(
        (standing.committed, standing.under_way),
        (3.0 * PERSON, 3.0 * PERSON)
    );
    let plan = journal.plan(&list).unwrap();
    assert_eq!((plan.rows, plan.people, plan.invalid), (5, 5, 0));
    assert_eq!((plan.submitted, plan.waiting, plan.known), (3, 2, 0));
    journal.job_ended(batch_id, None).unwrap();
    let standing = journal.standing(list.id).unwrap();
    assert_eq!((standing.active, standing.under_way), (2, PERSON));
}

/// Until the one whom the refusal is about is alone.
#[test]
fn who_is_refused_is_submitted_again_by_halves() {
    let (mut journal, list) = journal(7);
    let refused = Settlement::Refused {
        reason: "one of them is no good".to_owned(),
    };
    let mut sizes = Vec::new();
    for _ in 0..13 {
        let (submission, people) = intend(&mut journal, &list, 5).unwrap();
        sizes.push(people);
        journal.settle(submission, &refused).unwrap();
    }
    // Whoever was refused with others is with fewer of them the next time.
    assert_eq!(sizes, [5, 3, 2, 1, 1, 2, 1, 1, 3, 2, 1, 1, 1]);
    assert!(!journal.has_waiting(list.id).unwrap());
}

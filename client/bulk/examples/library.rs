//! The library with a source, a sink and events of one's own, on a mock server inside the process: no key, no bill.
//! `cargo run -p crustdata-bulk --example library`.
//!
//! Files are one source and one sink among others. Here contacts come from a map, as from somebody's own database, and go
//! back into it.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use crustdata_batch::{ApiKey, Client, ContactField};
use crustdata_bulk::{
    Answer, Ask, Bulk, Error, Event, ListSpec, Outcome, Row, Sink, Source, Sqlite,
};
use crustdata_mock::{Clock, JobTiming, MOCK_KEY, Mock};
use serde_json::json;

/// What is known of each contact, by its number in the database.
type Contacts = BTreeMap<u64, Contact>;

#[derive(Default)]
struct Contact {
    profile: String,
    emails: Vec<String>,
}

/// Reads contacts in the order of their numbers.
struct FromContacts(std::vec::IntoIter<(u64, String)>);

impl Source for FromContacts {
    fn name(&self) -> String {
        "contacts of the database".to_owned()
    }

    fn header(&self) -> Vec<String> {
        vec!["number".to_owned(), "profile".to_owned()]
    }

    fn next(&mut self) -> Result<Option<Row>, Error> {
        Ok(self.0.next().map(|(number, profile)| Row {
            // Comes back with the answer, so that the sink knows whose it is.
            content: json!([number, profile]),
            value: profile,
        }))
    }
}

/// Writes e-mails to the contacts, all at once when all of them are there.
struct ToContacts<'a> {
    contacts: &'a mut Contacts,
    found: Vec<(u64, Vec<String>)>,
}

impl Sink for ToContacts<'_> {
    fn begin(&mut self, _: &[String]) -> Result<(), Error> {
        self.found.clear();
        Ok(())
    }

    fn answer(&mut self, answer: &Answer) -> Result<(), Error> {
        if answer.outcome != Outcome::Found {
            return Ok(());
        }
        let number = answer.content[0].as_u64().unwrap_or_default();
        let record = answer.record.as_ref();
        let emails = record.and_then(|record| record["data"]["business_email"].as_array());
        let emails = emails.into_iter().flatten();
        let emails = emails.filter_map(|email| Some(email["email"].as_str()?.to_owned()));
        self.found.push((number, emails.collect()));
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Error> {
        for (number, emails) in self.found.drain(..) {
            self.contacts.entry(number).or_default().emails = emails;
        }
        Ok(())
    }
}

#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let profile = |name: &str| format!("https://www.linkedin.com/in/{name}/");
    let mut contacts: Contacts = [(7, "example-person-one"), (9, "example-person-two")]
        .map(|(number, name)| {
            let profile = profile(name);
            (
                number,
                Contact {
                    profile,
                    ..Contact::default()
                },
            )
        })
        .into();

    let timing = JobTiming {
        pending: std::time::Duration::from_millis(5),
        processing: std::time::Duration::from_millis(5),
    };
    let mock = Mock::builder().clock(Clock::Real).timing(timing);
    let mock = mock.start().await?;
    let client = Client::builder()
        .api_key(ApiKey::new(MOCK_KEY)?)
        .base_url(mock.base_url())
        .build()?;

    let people: Vec<_> = contacts
        .iter()
        .map(|(number, contact)| (*number, contact.profile.clone()))
        .collect();
    let mut source = FromContacts(people.into_iter());
    let mut sink = ToContacts {
        contacts: &mut contacts,
        found: Vec::new(),
    };
    let spec = ListSpec {
        ask: Ask::new([ContactField::BusinessEmail], false),
        output: None,
        max_age: None,
    };
    // In a program that matters: `Sqlite::open`, with a file that is kept.
    let report = Bulk::new(client)
        .journal(Sqlite::in_memory()?)
        .interval(std::time::Duration::from_millis(20))
        .on_event(|event| match event {
            Event::Intended { people, .. } => println!("{people} people are to be submitted"),
            Event::Accepted { batch_id, .. } => println!("they are job {batch_id}"),
            Event::Answered { people, .. } => println!("{people} people are answered"),
            _ => {}
        })
        .run(&spec, &mut source, &mut sink)
        .await?;
    mock.stop().await;
    if !report.is_whole() {
        return Err(format!("{:?}", report.tally).into());
    }
    for (number, contact) in &contacts {
        if contact.emails.is_empty() {
            return Err(format!("nothing was found for contact {number}").into());
        }
        println!("contact {number}: {}", contact.emails.join(", "));
    }
    Ok(())
}

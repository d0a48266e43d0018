//! Reading the results of jobs that have ended, into the journal: where an earlier run stopped, and each person's record once.
//! A file that lacks people is read by its parts, too.

use std::collections::HashMap;

use crustdata_batch::{BatchJob, ContactData, ContactRecord, Uuid};

use super::Engine;
use super::outage::ASKING;
use crate::error::Error;
use crate::event::{Event, Step};
use crate::journal::{Kept, OpenJob, Rest, Submitted};
use crate::person::Person;

/// Records that are kept at a time.
const KEPT_AT_ONCE: usize = 100;
/// Failed attempts at a file, after which its people are answered without it.
const ATTEMPTS: u32 = 5;

/// Lines that a file may have for each person: it should have one.
const LINES_EACH: u64 = 100;

/// How far a file was read.
enum Reading {
    /// To its end.
    Whole(File),
    /// Not now.
    Later,
    /// The job has failed all the same.
    Failed(String),
}

/// What a file was.
#[derive(Default)]
struct File {
    lines: u64,
    problems: Vec<String>,
}

impl Engine<'_> {
    /// Reads the results of each job that has ended.
    pub(super) async fn read(&mut self) -> Result<(), Error> {
        for job in self.journal.open_jobs()? {
            if self.is_stopped() {
                break;
            }
            if job.has_ended
                && self.progress.rest.is_none()
                && let Some(job) = self.journal.claim(&job)?
            {
                self.read_job(&job).await?;
            }
        }
        Ok(())
    }

    async fn read_job(&mut self, open: &OpenJob) -> Result<(), Error> {
        let batch_id = open.batch_id;
        let job = match self.progress.ended.remove(&batch_id) {
            // A list has no links.
            Some(job) if job.download_url.is_some() => job,
            _ => match self.client.job(batch_id).await {
                Ok(job) => job,
                Err(error) => return self.put_off(batch_id, error),
            },
        };
        // A count of zero may be one that is left out: whether there is a file, its link tells.
        let mut linked = job.clone();
        linked.result_count = job.result_count.filter(|count| *count > 0);
        let mut reading = self.read_file(&linked, open.lines_read).await?;
        let mut missing = self.missing(batch_id)?;
        if let Reading::Whole(file) = &mut reading
            && missing > 0
            && !file.is_of_nobody(&job)
        {
            // The file may not be the one that the lines were counted in.
            if open.lines_read > 0
                && let Reading::Whole(again) = self.read_file(&linked, 0).await?
            {
                *file = again;
            }
            for link in job.download_urls.iter().flatten() {
                let mut part = job.clone();
                part.download_url = Some(link.clone());
                part.result_count = None;
                self.read_file(&part, 0).await?;
            }
            missing = self.missing(batch_id)?;
        }
        let rest = match reading {
            Reading::Later => return Ok(()),
            Reading::Failed(reason) => Rest::Missing(reason),
            Reading::Whole(file) if missing == 0 || file.is_of_nobody(&job) => Rest::Empty,
            Reading::Whole(File { problems, .. }) => {
                let mut reason = "the job's results have no record of this person".to_owned();
                for problem in problems.iter().take(3) {
                    reason += &format!("; {problem}");
                }
                self.tell(&Event::Problem(format!(
                    "job {batch_id}: no record of {missing} people"
                )));
                Rest::Missing(reason)
            }
        };
        self.finish(batch_id, &rest)
    }

    pub(super) fn finish(&mut self, batch_id: Uuid, rest: &Rest) -> Result<(), Error> {
        self.step(Step::FileRead);
        let people = self.journal.job_read(batch_id, rest)?;
        self.step(Step::FileKept);
        self.tell(&Event::Answered { batch_id, people });
        Ok(())
    }

    /// Reads a file of a job, without its first lines.
    async fn read_file(&mut self, job: &BatchJob, lines_read: u64) -> Result<Reading, Error> {
        let batch_id = job.batch_id;
        let people = People::new(self.journal.people(batch_id)?);
        let mut results = self.client.results(job).skip(lines_read);
        let mut lines = lines_read;
        let mut problems = Vec::new();
        let mut records = Vec::new();
        let reading = loop {
            if lines > people.most_lines() {
                problems.insert(0, "it has far more lines than people".to_owned());
                break Reading::Whole(File { lines, problems });
            }
            match results.next().await {
                Some(Ok(record)) => {
                    lines += 1;
                    match people.kept(&record) {
                        Some(kept) => records.push(kept),
                        None => problems.push("a record is of nobody in the job".to_owned()),
                    }
                }
                Some(Err(error)) if error.is_unreadable_line() => {
                    lines += 1;
                    problems.push(error.to_string());
                }
                Some(Err(error)) if error.is_count_mismatch() || error.is_unreadable_file() => {
                    problems.push(error.to_string());
                }
                // The list may be ahead of the job.
                Some(Err(error))
                    if error.is_not_completed() && self.is_tolerated(batch_id, &error) =>
                {
                    break Reading::Later;
                }
                Some(Err(error)) if error.is_job_failed() => {
                    break Reading::Failed(error.to_string());
                }
                Some(Err(error)) => {
                    let attempts = self.progress.failed_reads.entry(batch_id).or_default();
                    *attempts += 1;
                    if error.is_transient() && *attempts < ATTEMPTS {
                        self.tell(&Event::Problem(format!("job {batch_id}: {error}")));
                        break Reading::Later;
                    }
                    problems.push(error.to_string());
                }
                None => break Reading::Whole(File { lines, problems }),
            }
            if records.len() >= KEPT_AT_ONCE {
                self.keep(batch_id, &mut records, lines)?;
            }
        };
        self.keep(batch_id, &mut records, lines)?;
        Ok(reading)
    }

    fn keep(&mut self, batch_id: Uuid, records: &mut Vec<Kept>, lines: u64) -> Result<(), Error> {
        self.step(Step::RecordsRead);
        let people = self.journal.keep_records(batch_id, records, lines)?;
        self.step(Step::RecordsKept);
        records.clear();
        self.tell(&Event::Answered { batch_id, people });
        Ok(())
    }

    fn missing(&mut self, batch_id: Uuid) -> Result<usize, Error> {
        let people = self.journal.people(batch_id)?;
        Ok(people.iter().filter(|person| !person.has_record).count())
    }

    /// A job that has ended and can't be asked for.
    fn put_off(&mut self, batch_id: Uuid, error: crustdata_batch::Error) -> Result<(), Error> {
        if error.is_unauthorized() {
            return self.failed(ASKING, error);
        }
        match self.is_tolerated(batch_id, &error) {
            true => Ok(()),
            false => self.finish(batch_id, &Rest::Missing(error.to_string())),
        }
    }
}

impl File {
    /// Whether there are no records because the job found nobody. The file of a job that says so may never have been written.
    fn is_of_nobody(&self, job: &BatchJob) -> bool {
        let is_zero = |count: Option<u64>| count.unwrap_or(0) == 0;
        let says_so = is_zero(job.result_count) && is_zero(job.entities_fulfilled);
        says_so && self.lines == 0 && (self.problems.is_empty() || job.result_count.is_some())
    }
}

/// The people of a job, by what records call them.
struct People {
    by_identifier: HashMap<String, i64>,
    by_key: HashMap<String, i64>,
}

impl People {
    fn new(people: Vec<Submitted>) -> Self {
        let by_key = people.iter().map(|person| (person.key.clone(), person.id));
        Self {
            by_key: by_key.collect(),
            by_identifier: people
                .into_iter()
                .map(|person| (person.identifier, person.id))
                .collect(),
        }
    }

    /// More lines are not read: a file without end would never be.
    fn most_lines(&self) -> u64 {
        LINES_EACH * self.by_identifier.len() as u64
    }

    /// The record as it is kept; none, if it is nobody's.
    fn kept(&self, record: &ContactRecord) -> Option<Kept> {
        let identifier = &record.original_identifier;
        let by_key = || self.by_key.get(&Person::read(identifier).ok()?.key);
        let person = self.by_identifier.get(identifier).or_else(by_key)?;
        Some(Kept {
            person: *person,
            record: serde_json::to_string(record).ok()?,
            is_found: has_contact(&record.data),
        })
    }
}

fn has_contact(data: &ContactData) -> bool {
    let personal = data.personal_contact_info.as_ref();
    let emails = personal.and_then(|personal| personal.personal_emails.as_ref());
    let phones = personal.and_then(|personal| personal.phone_numbers.as_ref());
    let mut emails = data.business_email.iter().chain(emails).flatten();
    // One without anything in it is none.
    emails.any(|email| !email.email.trim().is_empty())
        || phones.is_some_and(|phones| phones.iter().any(|phone| !phone.trim().is_empty()))
}

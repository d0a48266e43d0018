//! How the reference client goes about its task: job by job, each submitted once, waited for and read.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Mistake;
use super::api::{Answer, Api, Failed};
use super::read::Reading;
use super::state::{failed, path};
use crate::generated::contract::job::status;
use crate::generated::contract::submit::{self, accepted, chunk_size, identifiers};
use crate::generated::contract::{job, list};

/// Seconds between two polls.
const POLL: f64 = 2.0;

pub(super) struct Work<'a> {
    pub(super) api: Api<'a>,
}

/// What became of a submission.
enum Submitted {
    /// A job, with its id and the answer.
    Job(String, Value),
    /// Nothing that the client cares for.
    Skipped,
}

impl Work<'_> {
    fn makes(&self, mistake: Mistake) -> bool {
        self.api.makes(mistake)
    }

    pub(super) async fn run(&self) -> Result<(), Failed> {
        let (mut output, mut known, mut open) = (String::new(), Vec::new(), Vec::new());
        for chunk in self.chunks() {
            let Submitted::Job(id, answer) = self.submit(&chunk, &known).await? else {
                continue;
            };
            known.push(id.clone());
            if self.makes(Mistake::EachJobTwice)
                && !answer.is_null()
                && let Submitted::Job(again, _) = self.submit(&chunk, &known).await?
            {
                known.push(again);
            }
            open.push((id, answer, chunk));
            if !self.makes(Mistake::AllAtOnce) {
                self.finish(&mut open, &mut output).await?;
            }
        }
        self.finish(&mut open, &mut output).await?;
        std::fs::write(&self.api.task.output, output).map_err(|error| Failed(error.to_string()))
    }

    fn chunks(&self) -> Vec<Vec<String>> {
        let given = &self.api.task.identifiers;
        let size = identifiers::MAX + usize::from(self.makes(Mistake::OneTooMany));
        let mut chunks: Vec<Vec<String>> = given.chunks(size).map(<[_]>::to_vec).collect();
        if self.makes(Mistake::NoRemainder) && chunks.len() > 1 {
            chunks.pop();
        }
        if self.makes(Mistake::ChunksOverlap) {
            for place in 1..chunks.len() {
                let before = chunks
                    .get(place - 1)
                    .and_then(|chunk| chunk.last())
                    .cloned();
                if let Some(chunk) = chunks.get_mut(place).filter(|chunk| chunk.len() < size) {
                    chunk.extend(before);
                }
            }
        }
        chunks
    }

    async fn submit(&self, chunk: &[String], known: &[String]) -> Result<Submitted, Failed> {
        let mut fields = self.api.task.fields.to_vec();
        if self.makes(Mistake::SisterField) {
            fields.push("contact.business_emails");
        }
        let mut body = json!({identifiers::KEY: chunk, "fields": fields});
        if self.makes(Mistake::SmallChunks) {
            body["chunk_size"] = json!(chunk_size::MIN / 2);
        }
        let send = async || self.api.call(Method::POST, submit::PATH, Some(&body)).await;
        let mut answer = send().await?;
        let retries = match &answer {
            None => self.makes(Mistake::RetriesCut),
            Some(answer) if answer.status.is_server_error() => {
                self.makes(Mistake::RetriesServerErrors)
            }
            Some(answer) => {
                let unread = answer.status.is_success() && id_of(answer).is_none();
                unread && self.makes(Mistake::RetriesGarbage)
            }
        };
        if retries {
            answer = send().await?;
        }
        match &answer {
            Some(answer) if answer.status.is_success() => {
                if self.makes(Mistake::OnlyOk) && answer.status != StatusCode::OK {
                    return failed(answer.status.to_string());
                }
                if let Some((id, job)) = id_of(answer) {
                    self.api
                        .keys(&job, accepted::REQUIRED.iter().map(|(key, _)| *key))?;
                    return Ok(Submitted::Job(id, job));
                }
            }
            Some(answer) if !answer.status.is_server_error() => return self.refused(answer),
            _ => {}
        }
        if self.makes(Mistake::DropsUnknown) {
            return Ok(Submitted::Skipped);
        }
        let Some(found) = self.look_for(chunk.len(), known).await? else {
            return failed("it is not known whether a job was made");
        };
        if self.makes(Mistake::DropsFound) {
            return Ok(Submitted::Skipped);
        }
        if self.makes(Mistake::RetriesFound)
            && let Some((id, job)) = send().await?.as_ref().and_then(id_of)
        {
            return Ok(Submitted::Job(id, job));
        }
        Ok(Submitted::Job(found, Value::Null))
    }

    fn refused(&self, answer: &Answer) -> Result<Submitted, Failed> {
        let unpaid = answer.status == StatusCode::PAYMENT_REQUIRED;
        if answer.status.is_client_error()
            && (self.makes(Mistake::RefusedIsDone) || unpaid && self.makes(Mistake::UnpaidIsDone))
        {
            return Ok(Submitted::Skipped);
        }
        failed(format!("refused: {}", answer.status))
    }

    /// The newest job in the list that is not known, and has as many identifiers.
    async fn look_for(&self, count: usize, known: &[String]) -> Result<Option<String>, Failed> {
        let answer = self.api.call(Method::GET, list::PATH, None).await?;
        let page = answer.and_then(|answer| answer.json()).unwrap_or_default();
        let jobs = page["jobs"].as_array().cloned().unwrap_or_default();
        let is_known = |job: &Value| {
            let action = job["action"].as_str().unwrap_or_default();
            submit::action::VALUES.contains(&action)
        };
        if self.makes(Mistake::KnownActions) && !jobs.iter().all(is_known) {
            return failed("an unknown action");
        }
        let mut ids = jobs.iter().filter(|job| job["identifier_count"] == count);
        let found = ids.find_map(|job| job[job::ID_KEY].as_str().map(str::to_owned));
        Ok(found.filter(|id| !known.contains(id)))
    }

    /// Waits for jobs and reads them.
    async fn finish(
        &self,
        open: &mut Vec<(String, Value, Vec<String>)>,
        output: &mut String,
    ) -> Result<(), Failed> {
        if self.makes(Mistake::AllAtOnce) && open.len() > 1 {
            for (id, answer, _) in open.iter_mut() {
                // What is over already is not waited for again.
                *answer = self.api.poll(&path(id)).await?;
            }
            self.api.pause(POLL).await;
        }
        for (id, answer, chunk) in open.drain(..) {
            let Some(job) = self.wait(&id, &answer).await? else {
                continue;
            };
            let records = Reading { api: self.api }.read(job).await?;
            for (place, mut record) in records.into_iter().enumerate() {
                if self.makes(Mistake::JoinsByOrder)
                    && let Some(identifier) = chunk.get(place)
                {
                    record["original_identifier"] = json!(identifier);
                }
                *output += &format!("{record}\n");
            }
        }
        Ok(())
    }

    /// The job when it is over; `None` where the client does not care.
    async fn wait(&self, id: &str, answer: &Value) -> Result<Option<Value>, Failed> {
        let mut address = path(id);
        if let Some(url) = answer[accepted::STATUS_URL_KEY].as_str()
            && self.makes(Mistake::FollowsStatusUrl)
        {
            url.clone_into(&mut address);
        }
        if answer["status"] == status::COMPLETED {
            return Ok(Some(answer.clone()));
        }
        let mut polls = 0;
        loop {
            let job = self.api.poll(&address).await?;
            polls += 1;
            match job["status"].as_str() {
                Some(status::COMPLETED) => {
                    if self.makes(Mistake::PollsOn) {
                        for _ in 0..2 {
                            self.api.pause(POLL).await;
                            self.api.poll(&address).await?;
                        }
                    }
                    return Ok(Some(job));
                }
                Some(status::FAILED) if self.makes(Mistake::FailedIsDone) => return Ok(None),
                Some(status::FAILED) => return failed("the job failed"),
                _ => {}
            }
            if self.makes(Mistake::StopsPolling) && polls == 10 {
                return Ok(None);
            }
            if self.makes(Mistake::GivesUpWaiting) && f64::from(polls) * POLL > 30.0 {
                return failed("the job takes too long");
            }
            let hasty = self.makes(Mistake::PollsWithoutPause);
            self.api.pause(if hasty { 0.1 } else { POLL }).await;
        }
    }
}

fn id_of(answer: &Answer) -> Option<(String, Value)> {
    let job = answer.json()?;
    Some((job.get(job::ID_KEY)?.as_str()?.to_owned(), job))
}

//! How the reference client reads the results of a job that is over.

use std::io::Read;

use flate2::bufread::{GzDecoder, MultiGzDecoder};
use http::StatusCode;
use serde_json::Value;

use super::Mistake;
use super::api::{Answer, Api, Failed};
use super::state::{failed, path};
use crate::generated::contract::job;

pub(super) struct Reading<'a> {
    pub(super) api: Api<'a>,
}

impl Reading<'_> {
    /// The records of a job that is over.
    pub(super) async fn read(&self, mut job: Value) -> Result<Vec<Value>, Failed> {
        let mut records = Vec::new();
        let mut asked_anew = false;
        loop {
            let links = self.links(&job);
            records.clear();
            let mut expired = false;
            for link in &links {
                let Some(answer) = self.api.fetch(link).await else {
                    return failed("a file can't be fetched");
                };
                match answer.status {
                    StatusCode::OK => records.extend(self.unpack(&answer)?),
                    StatusCode::NOT_FOUND
                        if job["result_count"] == 0 && !self.api.makes(Mistake::NeverEmpty) => {}
                    StatusCode::FORBIDDEN if !asked_anew => expired = true,
                    status => return failed(format!("a file can't be fetched: {status}")),
                }
            }
            if !expired {
                return Ok(records);
            }
            if self.api.makes(Mistake::SkipsLink) {
                return Ok(Vec::new());
            }
            if self.api.makes(Mistake::GivesUpLink) {
                return failed("the link has expired");
            }
            asked_anew = true;
            let id = job[job::ID_KEY].as_str().unwrap_or_default().to_owned();
            job = self.api.poll(&path(&id)).await?;
        }
    }

    /// The links that are read: the merged file has all records.
    fn links(&self, job: &Value) -> Vec<String> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let parts = job["download_urls"].as_array().into_iter().flatten();
        let parts: Vec<String> = parts.filter_map(text).collect();
        let merged = text(&job["download_url"]);
        match self.api.mistake {
            Some(Mistake::FirstPart) => parts.into_iter().take(1).collect(),
            Some(Mistake::MergedAndParts) => merged.into_iter().chain(parts).collect(),
            _ => merged.into_iter().collect(),
        }
    }

    fn unpack(&self, answer: &Answer) -> Result<Vec<Value>, Failed> {
        let file = answer.body.as_deref().unwrap_or_default();
        let mut text = Vec::new();
        // What follows the first member is not looked at, and a line that it ends within is dropped.
        let mut dropped = false;
        let unpacked = if self.api.makes(Mistake::FirstMember) {
            let mut first = GzDecoder::new(file);
            let read = first.read_to_end(&mut text);
            dropped = !first.into_inner().is_empty();
            read
        } else {
            MultiGzDecoder::new(file).read_to_end(&mut text)
        };
        let lenient = self.api.makes(Mistake::UnreadableIsDone);
        if unpacked.is_err() && !lenient {
            return failed("a file can't be unpacked");
        }
        let mut records = Vec::new();
        for line in text
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            match serde_json::from_slice::<Value>(line) {
                Ok(record) if self.drops(&record) => {}
                Ok(record) => records.push(record),
                Err(_) if lenient || dropped => {}
                Err(error) => return failed(error.to_string()),
            }
        }
        Ok(records)
    }

    fn drops(&self, record: &Value) -> bool {
        let emails = &record["data"]["business_email"];
        let empty = emails.as_array().is_some_and(Vec::is_empty);
        match self.api.mistake {
            Some(Mistake::DropsEmpty) => empty,
            Some(Mistake::DropsFlat) => record["data"].is_null(),
            _ => false,
        }
    }
}

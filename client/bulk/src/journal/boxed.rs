//! A journal in a box, of a kind that is known at run time only. Every method is passed on.

use std::time::Duration;

use crustdata_batch::Uuid;

use super::values::{
    Changed, Intent, Kept, OpenJob, Plan, Rest, Settlement, Standing, Submitted, Tally, Unresolved,
};
use super::{Describe, Journal};
use crate::error::Error;
use crate::list::{Answer, List, ListSpec};
use crate::source::Source;

impl<J: Journal + ?Sized> Journal for Box<J> {
    fn import(
        &mut self,
        spec: &ListSpec,
        source: &mut dyn Source,
        changed: Changed,
        keep: bool,
    ) -> Result<(List, Plan), Error> {
        (**self).import(spec, source, changed, keep)
    }
    fn lists(&mut self) -> Result<Vec<List>, Error> {
        (**self).lists()
    }
    fn plan(&mut self, list: &List) -> Result<Plan, Error> {
        (**self).plan(list)
    }
    fn tally(&mut self, list: i64) -> Result<Tally, Error> {
        (**self).tally(list)
    }
    fn reopen(&mut self) -> Result<(), Error> {
        (**self).reopen()
    }
    fn unresolved(&mut self) -> Result<Vec<Unresolved>, Error> {
        (**self).unresolved()
    }
    fn open_jobs(&mut self) -> Result<Vec<OpenJob>, Error> {
        (**self).open_jobs()
    }
    fn known_jobs(&mut self) -> Result<Vec<Uuid>, Error> {
        (**self).known_jobs()
    }
    fn committed(&mut self, list: i64) -> Result<f64, Error> {
        (**self).committed(list)
    }
    fn standing(&mut self, list: i64) -> Result<Standing, Error> {
        (**self).standing(list)
    }
    fn has_waiting(&mut self, list: i64) -> Result<bool, Error> {
        (**self).has_waiting(list)
    }
    fn polled(&mut self, others_active: u64) -> Result<(), Error> {
        (**self).polled(others_active)
    }
    fn intend(
        &mut self,
        list: &List,
        most: &mut dyn FnMut(&Standing) -> usize,
        describe: Describe<'_>,
    ) -> Result<Option<Intent>, Error> {
        (**self).intend(list, most, describe)
    }
    fn settle(&mut self, submission: i64, settlement: &Settlement) -> Result<(), Error> {
        (**self).settle(submission, settlement)
    }
    fn job_ended(&mut self, batch_id: Uuid, failure: Option<&str>) -> Result<(), Error> {
        (**self).job_ended(batch_id, failure)
    }
    fn people(&mut self, batch_id: Uuid) -> Result<Vec<Submitted>, Error> {
        (**self).people(batch_id)
    }
    fn keep_records(&mut self, batch_id: Uuid, records: &[Kept], lines: u64) -> Result<u64, Error> {
        (**self).keep_records(batch_id, records, lines)
    }
    fn job_read(&mut self, batch_id: Uuid, rest: &Rest) -> Result<u64, Error> {
        (**self).job_read(batch_id, rest)
    }
    fn answers(&mut self, list: i64, after: u64, most: u64) -> Result<Vec<Answer>, Error> {
        (**self).answers(list, after, most)
    }
    fn finish(&mut self, list: i64) -> Result<(), Error> {
        (**self).finish(list)
    }
    fn history(&mut self, list: i64, row: u64) -> Result<Vec<String>, Error> {
        (**self).history(list, row)
    }
    fn decide(&mut self, submission: i64, job: Option<Uuid>) -> Result<(), Error> {
        (**self).decide(submission, job)
    }
    fn is_held(&self) -> bool {
        (**self).is_held()
    }
    fn rejoin(&mut self) -> Result<(), Error> {
        (**self).rejoin()
    }
    fn take_over(&mut self) -> Result<(), Error> {
        (**self).take_over()
    }
    fn is_poll_due(&mut self, every: Duration) -> Result<bool, Error> {
        (**self).is_poll_due(every)
    }
    fn rest(&mut self, asked: Option<Duration>) -> Result<Option<Duration>, Error> {
        (**self).rest(asked)
    }
    fn claim(&mut self, job: &OpenJob) -> Result<Option<OpenJob>, Error> {
        (**self).claim(job)
    }
    fn others_at_work(&mut self, list: i64, is_idle: bool) -> Result<bool, Error> {
        (**self).others_at_work(list, is_idle)
    }
}

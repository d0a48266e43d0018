//! Finding out what became of submissions whose outcome is unknown. Only what is proved is acted upon; the rest is set aside
//! with its evidence, for somebody to decide, and holds up nothing else.

use crustdata_batch::{Reconciliation, Submission};
use tokio::time::Instant;

use super::{Engine, Look};
use crate::error::Error;
use crate::event::Step;
use crate::journal::{Settlement, Unresolved};

impl Engine<'_> {
    /// Looks for each submission that it is time to look for.
    pub(super) async fn resolve(&mut self) -> Result<(), Error> {
        for unresolved in self.journal.unresolved()? {
            if self.is_stopped() {
                break;
            }
            let now = Instant::now();
            let known = self.progress.looks.get(&unresolved.id).copied();
            let mut look = known.unwrap_or(Look {
                first: now,
                last: now,
                is_over: false,
            });
            let is_due = known.is_none() || now - look.last >= self.settings.interval;
            if look.is_over || !is_due && self.settings.pass.is_none() {
                continue;
            }
            look.last = now;
            let is_known = self.look_for(&unresolved).await?;
            // The last look comes after the patience is over, so that what it says is the latest.
            look.is_over = !is_known && now - look.first >= self.settings.unknown_patience;
            self.progress.looks.insert(unresolved.id, look);
        }
        Ok(())
    }

    /// Whether it is known now what became of a submission.
    async fn look_for(&mut self, unresolved: &Unresolved) -> Result<bool, Error> {
        let known = self.journal.known_jobs()?;
        let mut submission: Submission = unresolved.submission.clone();
        submission.others.extend(&known);
        let evidence = match self.client.reconcile(&submission).await {
            Ok(Reconciliation::Found(job, _)) if !known.contains(&job.batch_id) => {
                self.reached();
                self.step(Step::Reconciled);
                let settlement = Settlement::Accepted {
                    batch_id: job.batch_id,
                    request_id: None,
                    credits: None,
                    evidence: Some("found among the account's jobs".to_owned()),
                };
                self.progress.unknowns = 0;
                return self.settle(unresolved.id, settlement).map(|()| true);
            }
            Ok(Reconciliation::NeverArrived(proof)) => {
                self.reached();
                self.step(Step::Reconciled);
                let reason = format!("never arrived: {:?}", proof.evidence());
                self.progress.unknowns = 0;
                self.progress.is_drained = false;
                let settlement = Settlement::NotAccepted { reason };
                return self.settle(unresolved.id, settlement).map(|()| true);
            }
            Ok(Reconciliation::Ambiguous(jobs, _)) => {
                let ids: Vec<String> = jobs.iter().map(|job| job.batch_id.to_string()).collect();
                format!("these jobs may be it: {}", ids.join(", "))
            }
            Ok(other) => format!("no job is proved to be it: {other:?}"),
            // Others are told by the calls that everything depends on.
            Err(error) => format!("it can't be looked for: {error}"),
        };
        if unresolved.evidence.as_ref() != Some(&evidence) {
            let settlement = Settlement::Unknown {
                submission: Box::new(unresolved.submission.clone()),
                evidence,
            };
            self.settle(unresolved.id, settlement)?;
        }
        Ok(false)
    }
}

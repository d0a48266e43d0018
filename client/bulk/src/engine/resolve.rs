//! Finding out what became of submissions whose outcome is unknown. Only what is proved is acted upon; the rest is set aside
//! with its evidence, for somebody to decide, and holds up nothing else.

use std::time::Duration;

use crustdata_batch::{Reconciliation, Submission};

use super::{Engine, Look, Looked};
use crate::error::Error;
use crate::event::Step;
use crate::journal::{Settlement, Unresolved};

/// For how long one look goes on. The next one knows the jobs that were accepted in between.
const LOOK: Duration = Duration::from_secs(5 * 60);

impl Engine<'_> {
    /// Acts upon what was found out, and looks for those that nobody looks for yet.
    pub(super) async fn resolve(&mut self) -> Result<(), Error> {
        while let Some(looked) = self.looking.try_join_next() {
            // One that was aborted, or panicked, has found out nothing.
            self.looked.extend(looked.ok());
        }
        let looked = std::mem::take(&mut self.looked);
        for (id, outcome) in looked {
            self.conclude(id, outcome)?;
        }
        let known = self.journal.known_jobs()?;
        let unresolved = self.journal.unresolved()?;
        for own in unresolved.iter().filter(|other| other.is_own) {
            let spent = match self.progress.looks.get(&own.id) {
                None => Duration::ZERO,
                Some(Look::Ended(spent)) if *spent < self.settings.unknown_patience => *spent,
                Some(_) => continue,
            };
            let limit = LOOK.min(self.settings.unknown_patience - spent);
            let mut submission: Submission = own.submission.clone();
            submission.others.extend(&known);
            // Another list may ask for other things about the same people.
            let others = unresolved.iter().filter(|other| other.id != own.id);
            let look = self.client.reconcile(&submission);
            let look = look.beside(others.map(|other| &other.submission));
            let look = look.for_up_to(limit);
            let id = own.id;
            self.looking.spawn(async move { (id, look.await) });
            let is_going_on = Look::GoingOn(spent + limit);
            self.progress.looks.insert(id, is_going_on);
        }
        // Those that can be decided at once need not wait for the next round.
        tokio::task::yield_now().await;
        Ok(())
    }

    /// Keeps what is proved about a submission, or the evidence that proves nothing.
    fn conclude(&mut self, id: i64, outcome: Looked) -> Result<(), Error> {
        if let Some(Look::GoingOn(spent)) = self.progress.looks.get(&id).copied() {
            self.progress.looks.insert(id, Look::Ended(spent));
        }
        let unresolved = self.journal.unresolved()?;
        let Some(unresolved) = unresolved
            .into_iter()
            .find(|other| other.id == id && other.is_own)
        else {
            return Ok(());
        };
        let settlement = match outcome {
            Ok(outcome) => self.proved(outcome)?,
            // The calls that everything depends on say what is wrong with the API.
            Err(error) => Err(format!("it can't be looked for: {error}")),
        };
        match settlement {
            Ok(settlement) => {
                self.step(Step::Reconciled);
                if matches!(settlement, Settlement::Accepted { .. }) {
                    self.progress.unknowns = 0;
                }
                self.settle(id, settlement)
            }
            Err(evidence) => self.set_aside(unresolved, evidence),
        }
    }

    /// What is proved; or else the evidence.
    fn proved(&mut self, outcome: Reconciliation) -> Result<Result<Settlement, String>, Error> {
        Ok(match outcome {
            Reconciliation::Found(job, evidence) => {
                if self.journal.known_jobs()?.contains(&job.batch_id) {
                    let id = job.batch_id;
                    return Ok(Err(format!(
                        "job {id} is another submission's: {evidence:?}"
                    )));
                }
                Ok(Settlement::Accepted {
                    batch_id: job.batch_id,
                    request_id: None,
                    credits: None,
                    evidence: Some(format!("found among the account's jobs: {evidence:?}")),
                })
            }
            Reconciliation::NeverArrived(proof) => Ok(Settlement::NotAccepted {
                reason: format!("it never arrived: {:?}", proof.evidence()),
            }),
            Reconciliation::Refused(event, _) => {
                let status = event
                    .status()
                    .map_or_else(String::new, |status| status.to_string());
                Ok(Settlement::NotAccepted {
                    reason: format!("it was refused, by the account's usage: {status}"),
                })
            }
            Reconciliation::NotFound(evidence) if self.settings.is_list_trusted => {
                Ok(Settlement::NotAccepted {
                    reason: format!("it is not in the list, which is trusted: {evidence:?}"),
                })
            }
            Reconciliation::Ambiguous(jobs, evidence) => {
                let ids: Vec<String> = jobs.iter().map(|job| job.batch_id.to_string()).collect();
                Err(format!(
                    "these jobs may be it: {}; {evidence:?}",
                    ids.join(", ")
                ))
            }
            Reconciliation::Unproved(evidence) if evidence.is_of_other_key => Err(format!(
                "it was sent with another API key, so that what this one shows proves nothing: resume with that key; {evidence:?}"
            )),
            other => Err(format!("no job is proved to be it: {other:?}")),
        })
    }

    fn set_aside(&mut self, unresolved: Unresolved, evidence: String) -> Result<(), Error> {
        if unresolved.evidence.as_ref() == Some(&evidence) {
            return Ok(());
        }
        let settlement = Settlement::Unknown {
            submission: Box::new(unresolved.submission),
            evidence,
        };
        self.settle(unresolved.id, settlement)
    }
}

//! Which of the jobs that fit is a submission's, by their results and by what else was submitted.

use super::outcome::Judgement;
use super::{Candidate, Reconcile};
use crate::BatchJob;
use crate::submission::{Fit, Submission};

/// Most results files that are read for one search of the list.
#[cfg(feature = "results")]
const FILES_READ: usize = 100;

impl Reconcile {
    /// Which of these is the submission's.
    pub(super) async fn judge(
        &self,
        submission: &Submission,
        candidates: Vec<Candidate>,
    ) -> Judgement {
        let shared = &self.client.shared;
        for (job, _) in &candidates {
            shared.seen_jobs.add(job.batch_id);
        }
        let (proved, possible) = self.prove(submission, candidates).await;
        // The same identifiers may have been submitted before: a job that may be too old is not certain yet.
        // What was named is of the submission's account, which another key's may not be.
        let is_whole = self.is_whole && !submission.is_of_other_key(&shared.key);
        let is_proved = !proved.is_empty();
        let candidates = if is_proved { proved } else { possible };
        let is_certain = match candidates[..] {
            [(ref job, fit)] => {
                (is_proved || is_whole)
                    && (fit == Fit::Yes || is_proved && is_whole)
                    && !self.is_contested(job, is_proved.then_some(submission))
            }
            _ => false,
        };
        let mut jobs: Vec<_> = candidates.into_iter().map(|(job, _)| job).collect();
        match (is_certain, jobs.pop()) {
            (_, None) => Judgement::None,
            (true, Some(job)) => Judgement::Certain(Box::new(job)),
            (false, Some(job)) => {
                jobs.push(job);
                Judgement::Possible {
                    jobs,
                    are_proved: is_proved,
                }
            }
        }
    }

    /// Whether the job fits another submission whose outcome is unknown; of a job whose results are known, only
    /// submissions of the same identifiers count.
    fn is_contested(&self, job: &BatchJob, like: Option<&Submission>) -> bool {
        let clock = &self.client.shared.clock;
        self.unresolved.iter().any(|other| {
            like.is_none_or(|submission| submission.is_like(other))
                && other.fit(job, &other.window(clock)) != Fit::No
        })
    }

    /// The candidates that are the submission's for certain, and those that may be.
    #[cfg(feature = "results")]
    async fn prove(
        &self,
        submission: &Submission,
        candidates: Vec<Candidate>,
    ) -> (Vec<Candidate>, Vec<Candidate>) {
        let (mut proved, mut possible) = (Vec::new(), Vec::new());
        let mut files_left = FILES_READ;
        for (job, fit) in candidates {
            let proof = match files_left {
                0 => Ok(None),
                _ => self.client.is_job_of(submission, &job).await,
            };
            match proof {
                Ok(Some(true)) => proved.push((job, fit)),
                Ok(Some(false)) => {}
                Ok(None) => possible.push((job, fit)),
                Err(_) => {
                    // A store that is away for one file is for all, and each takes a while to find out.
                    files_left = 1;
                    possible.push((job, fit));
                }
            }
            files_left = files_left.saturating_sub(1);
        }
        (proved, possible)
    }

    /// Without results nothing is certain.
    #[cfg(not(feature = "results"))]
    async fn prove(
        &self,
        _: &Submission,
        candidates: Vec<Candidate>,
    ) -> (Vec<Candidate>, Vec<Candidate>) {
        (Vec::new(), candidates)
    }
}

//! Word from outside that a job may have ended, which a run takes as a reason to look at once, and as nothing more. Who
//! brings it, such as a receiver of webhook deliveries, is not known here.

use std::collections::HashSet;

use crustdata_batch::Uuid;
use tokio::sync::mpsc;

/// Hints that wait for the run. More than jobs can be active are not needed; the rest may be dropped.
const WAITING: usize = 64;

/// Tells a run which jobs may have ended.
#[derive(Clone, Debug)]
pub struct Hints(mpsc::Sender<Uuid>);

impl Hints {
    /// A job is said to have ended, by whomever. Where the run waits for this job, and has not had a hint about it before,
    /// it asks for its jobs at once. So a forged hint costs nothing, and all hints together at most one more look for each
    /// job.
    pub fn job_may_have_ended(&self, batch_id: Uuid) {
        // One that is dropped is made up for by the next look.
        let _ = self.0.try_send(batch_id);
    }
}

/// The run's end of the hints.
pub(crate) struct Hinted {
    hints: mpsc::Receiver<Uuid>,
    /// Jobs that were looked at for a hint.
    heeded: HashSet<Uuid>,
}

/// Hints, and where they arrive.
pub(crate) fn channel() -> (Hints, Hinted) {
    let (sender, hints) = mpsc::channel(WAITING);
    let heeded = HashSet::new();
    (Hints(sender), Hinted { hints, heeded })
}

impl Hinted {
    /// The next hint about one of these jobs. It may be dropped at any time.
    pub(crate) async fn about(&mut self, jobs: &HashSet<Uuid>) {
        while let Some(job) = self.hints.recv().await {
            if jobs.contains(&job) && self.heeded.insert(job) {
                return;
            }
        }
        // Nobody is left who could bring one.
        std::future::pending().await
    }
}

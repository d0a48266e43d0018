//! Somebody's word on a submission that nobody could find out about.

use tokio_postgres::Transaction;

use super::link::Fault;
use super::run::{known_jobs, settle};
use crate::error::Error;
use crate::journal::{BY_HAND, Settlement};
use crustdata_batch::Uuid;

/// Not beside the run that has the submission: it may be finding out at this moment.
pub(super) async fn decide(tx: &Transaction<'_>, id: i64, job: Option<Uuid>) -> Result<(), Fault> {
    let refuse = |reason: String| Err(Fault::Own(Error::NotToDecide { id, reason }));
    let known = "SELECT coalesce(s.outcome, 'unknown'), s.worker_id, w.name,
            w.ended_at IS NULL AND w.expires_at > clock_timestamp(),
            s.evidence = $2 AND NOT EXISTS (
                SELECT FROM jobs j JOIN records k ON k.batch_id = j.batch_id WHERE j.submission_id = s.id)
        FROM submissions s JOIN workers w ON w.id = s.worker_id WHERE s.id = $1 FOR UPDATE";
    let Some(known) = tx.query_opt(known, &[&id, &BY_HAND]).await? else {
        return refuse("there is none of this number: `status` lists them".to_owned());
    };
    let (outcome, is_word): (String, Option<bool>) = (known.get(0), known.get(4));
    // A word that led to nothing may have been a slip.
    let is_slip = outcome == "accepted" && is_word == Some(true) && job.is_some();
    if outcome != "unknown" && !is_slip {
        return refuse(format!("it is known to be {outcome}"));
    }
    if known.get(3) {
        let name: String = known.get(2);
        return refuse(format!(
            "a run is finding out about it ({name}): stop that one first"
        ));
    }
    let evidence = BY_HAND.to_owned();
    let settlement = match job {
        None => Settlement::NotAccepted { reason: evidence },
        Some(batch_id) if known_jobs(tx).await?.contains(&batch_id) => {
            return refuse(format!("job {batch_id} is another submission's"));
        }
        Some(batch_id) => Settlement::Accepted {
            batch_id,
            request_id: None,
            credits: None,
            evidence: Some(evidence),
        },
    };
    let job = "DELETE FROM jobs WHERE submission_id = $1";
    tx.execute(job, &[&id]).await?;
    let again = "UPDATE people SET state = 'submitted', reason = NULL, answered_at = NULL
        WHERE chunk_id = (SELECT chunk_id FROM submissions WHERE id = $1)";
    tx.execute(again, &[&id]).await?;
    let unknown = "UPDATE submissions SET outcome = 'unknown' WHERE id = $1";
    tx.execute(unknown, &[&id]).await?;
    settle(tx, known.get(1), id, &settlement).await
}

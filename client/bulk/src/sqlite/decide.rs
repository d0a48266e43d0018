//! Somebody's word on a submission that nobody could find out about.

use rusqlite::{OptionalExtension, Transaction, params};

use super::run::{known_jobs, settle};
use crate::journal::{BY_HAND, Settlement};
use crustdata_batch::Uuid;

/// The error says why there is nothing to decide.
pub(super) fn decide(
    tx: &Transaction<'_>,
    id: i64,
    job: Option<Uuid>,
) -> rusqlite::Result<Result<(), String>> {
    let known = "SELECT coalesce(outcome, 'unknown'), evidence = ?2 AND NOT EXISTS (
            SELECT 1 FROM jobs j JOIN records k ON k.batch_id = j.batch_id WHERE j.submission_id = s.id)
         FROM submissions s WHERE id = ?1";
    let known = tx.query_row(known, params![id, BY_HAND], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Option<bool>>(1)?))
    });
    match known.optional()? {
        None => {
            return Ok(Err(
                "there is none of this number: `status` lists them".to_owned()
            ));
        }
        Some((outcome, _)) if outcome == "unknown" => {}
        // A word that led to nothing may have been a slip.
        Some((outcome, Some(true))) if outcome == "accepted" && job.is_some() => {}
        Some((outcome, _)) => return Ok(Err(format!("it is known to be {outcome}"))),
    }
    let evidence = BY_HAND.to_owned();
    let settlement = match job {
        None => Settlement::NotAccepted { reason: evidence },
        Some(batch_id) if known_jobs(tx)?.contains(&batch_id) => {
            return Ok(Err(format!("job {batch_id} is another submission's")));
        }
        Some(batch_id) => Settlement::Accepted {
            batch_id,
            request_id: None,
            credits: None,
            evidence: Some(evidence),
        },
    };
    tx.execute("DELETE FROM jobs WHERE submission_id = ?", [id])?;
    let again = "UPDATE people SET state = 'submitted', reason = NULL, answered_at = NULL
         WHERE chunk_id = (SELECT chunk_id FROM submissions WHERE id = ?)";
    tx.execute(again, [id])?;
    settle(tx, id, &settlement).map(Ok)
}

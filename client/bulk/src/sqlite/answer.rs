//! What a run keeps of jobs that have ended: their records, and how their people are answered.

use rusqlite::{Connection, Transaction, params};

use crate::journal::{Kept, Rest, Submitted, now};
use crustdata_batch::Uuid;

pub(super) fn job_ended(
    tx: &Transaction<'_>,
    batch_id: Uuid,
    failure: Option<&str>,
) -> rusqlite::Result<()> {
    let state = if failure.is_some() {
        "failed"
    } else {
        "completed"
    };
    tx.execute(
        "UPDATE jobs SET state = ?, ended_at = ?, problem = ? WHERE batch_id = ? AND state = 'active'",
        params![state, now(), failure, batch_id.to_string()],
    )?;
    match failure {
        Some(reason) => rest(tx, batch_id, "failed", Some(reason)).map(drop),
        None => Ok(()),
    }
}

pub(super) fn people(db: &Connection, batch_id: Uuid) -> rusqlite::Result<Vec<Submitted>> {
    let mut query = db.prepare_cached(
        "SELECT p.id, p.identifier, p.key, EXISTS (SELECT 1 FROM records k WHERE k.person_id = p.id)
         FROM people p JOIN jobs j ON j.chunk_id = p.chunk_id
         WHERE j.batch_id = ? ORDER BY p.id",
    )?;
    let rows = query.query_map([batch_id.to_string()], |row| {
        Ok(Submitted {
            id: row.get(0)?,
            identifier: row.get(1)?,
            key: row.get(2)?,
            has_record: row.get(3)?,
        })
    })?;
    rows.collect()
}

pub(super) fn keep(
    tx: &Transaction<'_>,
    batch_id: Uuid,
    records: &[Kept],
    lines: u64,
) -> rusqlite::Result<u64> {
    let id = batch_id.to_string();
    let mut answered = 0;
    for kept in records {
        let is_new = tx
            .prepare_cached(
                "INSERT OR IGNORE INTO records (person_id, batch_id, record) VALUES (?, ?, ?)",
            )?
            .execute(params![kept.person, id, kept.record])?;
        if is_new == 1 {
            answered += 1;
            let state = if kept.is_found { "found" } else { "empty" };
            tx.prepare_cached(
                "UPDATE people SET state = ?, reason = NULL, answered_at = ? WHERE id = ?",
            )?
            .execute(params![state, now(), kept.person])?;
        }
    }
    tx.prepare_cached("UPDATE jobs SET lines_read = ? WHERE batch_id = ?")?
        .execute(params![lines as i64, id])?;
    Ok(answered)
}

pub(super) fn job_read(
    tx: &Transaction<'_>,
    batch_id: Uuid,
    outcome: &Rest,
) -> rusqlite::Result<u64> {
    let (state, reason) = match outcome {
        Rest::Empty => ("empty", None),
        Rest::Missing(reason) => ("failed", Some(&**reason)),
    };
    let answered = rest(tx, batch_id, state, reason)?;
    let state = if reason.is_some() { "disputed" } else { "read" };
    tx.execute(
        "UPDATE jobs SET state = ?, problem = ? WHERE batch_id = ?",
        params![state, reason, batch_id.to_string()],
    )?;
    Ok(answered)
}

/// Answers the people of a job who have no record.
fn rest(
    tx: &Transaction<'_>,
    batch_id: Uuid,
    state: &str,
    reason: Option<&str>,
) -> rusqlite::Result<u64> {
    let id = batch_id.to_string();
    let answered = tx.execute(
        "UPDATE people SET state = ?1, reason = ?2, answered_at = ?3
         WHERE chunk_id = (SELECT chunk_id FROM jobs WHERE batch_id = ?4)
           AND state IN ('submitted', 'failed')",
        params![state, reason, now(), id],
    )?;
    let chunk = "UPDATE chunks SET state = 'read' WHERE id = (SELECT chunk_id FROM jobs WHERE batch_id = ?)";
    tx.execute(chunk, [id])?;
    Ok(answered as u64)
}

//! What a run keeps of jobs that have ended: their records, and how their people are answered.

use tokio_postgres::{Client, Transaction};

use super::link::Fault;
use crate::journal::{Kept, Rest, Submitted};
use crustdata_batch::Uuid;

pub(super) async fn job_ended(
    tx: &Transaction<'_>,
    batch_id: Uuid,
    failure: Option<&str>,
) -> Result<(), Fault> {
    let state = match failure {
        Some(_) => "failed",
        None => "completed",
    };
    let end = "UPDATE jobs SET state = $2, ended_at = now(), problem = $3 WHERE batch_id = $1 AND state = 'active'";
    let ended = tx
        .execute(end, &[&batch_id.to_string(), &state, &failure])
        .await?;
    if ended == 1 && failure.is_some() {
        answer_rest(tx, batch_id, "failed", failure).await?;
    }
    Ok(())
}

pub(super) async fn people(db: &Client, batch_id: Uuid) -> Result<Vec<Submitted>, Fault> {
    let query =
        "SELECT p.id, p.identifier, p.key, EXISTS (SELECT FROM records k WHERE k.person_id = p.id)
        FROM people p JOIN jobs j ON j.chunk_id = p.chunk_id WHERE j.batch_id = $1 ORDER BY p.id";
    let rows = db.query(query, &[&batch_id.to_string()]).await?;
    let people = rows.iter().map(|row| Submitted {
        id: row.get(0),
        identifier: row.get(1),
        key: row.get(2),
        has_record: row.get(3),
    });
    Ok(people.collect())
}

pub(super) async fn keep(
    tx: &Transaction<'_>,
    batch_id: Uuid,
    records: &[Kept],
    lines: u64,
) -> Result<u64, Fault> {
    let id = batch_id.to_string();
    let people: Vec<i64> = records.iter().map(|kept| kept.person).collect();
    let texts: Vec<&str> = records.iter().map(|kept| &*kept.record).collect();
    let found: Vec<bool> = records.iter().map(|kept| kept.is_found).collect();
    // A file may have two records of a person: the first is kept.
    let keep = "WITH given AS (
            SELECT DISTINCT ON (person) person, record, is_found
            FROM unnest($2::bigint[], $3::text[], $4::boolean[]) WITH ORDINALITY AS t (person, record, is_found, place)
            ORDER BY person, place),
        new AS (
            INSERT INTO records (person_id, batch_id, record) SELECT person, $1, record::json FROM given
            ON CONFLICT DO NOTHING RETURNING person_id)
        UPDATE people SET state = CASE WHEN is_found THEN 'found' ELSE 'empty' END, reason = NULL, answered_at = now()
        FROM new JOIN given ON given.person = new.person_id WHERE people.id = new.person_id";
    let answered = tx.execute(keep, &[&id, &people, &texts, &found]).await?;
    let read = "UPDATE jobs SET lines_read = $2 WHERE batch_id = $1";
    tx.execute(read, &[&id, &(lines as i64)]).await?;
    Ok(answered)
}

pub(super) async fn job_read(
    tx: &Transaction<'_>,
    batch_id: Uuid,
    outcome: &Rest,
) -> Result<u64, Fault> {
    let (state, reason) = match outcome {
        Rest::Empty => ("empty", None),
        Rest::Missing(reason) => ("failed", Some(&**reason)),
    };
    let answered = answer_rest(tx, batch_id, state, reason).await?;
    let state = if reason.is_some() { "disputed" } else { "read" };
    let read = "UPDATE jobs SET state = $2, problem = $3, worker_id = NULL WHERE batch_id = $1";
    tx.execute(read, &[&batch_id.to_string(), &state, &reason])
        .await?;
    Ok(answered)
}

/// Answers the people of a job who have no record.
async fn answer_rest(
    tx: &Transaction<'_>,
    batch_id: Uuid,
    state: &str,
    reason: Option<&str>,
) -> Result<u64, Fault> {
    let id = batch_id.to_string();
    let answer = "UPDATE people SET state = $2, reason = $3, answered_at = now()
        WHERE chunk_id = (SELECT chunk_id FROM jobs WHERE batch_id = $1) AND state IN ('submitted', 'failed')";
    let answered = tx.execute(answer, &[&id, &state, &reason]).await?;
    let chunk = "UPDATE chunks SET state = 'read' WHERE id = (SELECT chunk_id FROM jobs WHERE batch_id = $1)";
    tx.execute(chunk, &[&id]).await?;
    Ok(answered)
}

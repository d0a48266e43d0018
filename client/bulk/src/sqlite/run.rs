//! What a run keeps of its submissions: intents, and what became of them. Answers are kept by `answer`, and somebody's word by
//! `decide`.

use rusqlite::{Connection, Row, Transaction, params};

use crate::ask::Ask;
use crate::error::Error;
use crate::journal::{
    Describe, Intent, OpenJob, Settlement, Standing, Unresolved, fitting, now, wider,
};
use crate::list::List;
use crustdata_batch::{Submission, Uuid};

/// Jobs whose results lacked people are read once more. Rows of people who wait become those of the same people whom a later
/// list has submitted for more.
pub(super) fn reopen(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let reopen = "UPDATE jobs SET state = 'completed', lines_read = 0 WHERE state = 'disputed'";
    tx.execute(reopen, [])?;
    let mut asks = tx.prepare("SELECT DISTINCT ask FROM lists")?;
    let asks = asks.query_map([], |row| row.get(0))?;
    for (ask, wider) in wider(&asks.collect::<rusqlite::Result<Vec<_>>>()?) {
        tx.execute(
            "UPDATE rows SET person_id = later.id
             FROM people first JOIN people later ON later.key = first.key AND later.id > first.id
             WHERE rows.person_id = first.id AND first.state = 'waiting' AND first.ask = ?
               AND later.state IN ('submitted', 'found', 'empty') AND later.ask = ?",
            [ask, wider],
        )?;
    }
    Ok(())
}

pub(super) fn unresolved(db: &Connection) -> rusqlite::Result<Vec<Unresolved>> {
    let mut query = db.prepare_cached(
        "SELECT s.id, s.submission, s.evidence, c.people
         FROM submissions s JOIN chunks c ON c.id = s.chunk_id
         WHERE s.outcome IS NULL OR s.outcome = 'unknown' ORDER BY s.id",
    )?;
    let rows = query.query_map([], |row| {
        Ok(Unresolved {
            id: row.get(0)?,
            submission: json(row, 1)?,
            evidence: row.get(2)?,
            people: row.get::<_, i64>(3)? as u64,
            is_own: true,
        })
    })?;
    rows.collect()
}

pub(super) fn open_jobs(db: &Connection) -> rusqlite::Result<Vec<OpenJob>> {
    let mut query = db.prepare_cached(
        "SELECT batch_id, state = 'completed', lines_read FROM jobs
         WHERE state IN ('active', 'completed') ORDER BY accepted_at, batch_id",
    )?;
    let rows = query.query_map([], |row| {
        Ok(OpenJob {
            batch_id: uuid(row, 0)?,
            has_ended: row.get(1)?,
            lines_read: row.get::<_, i64>(2)? as u64,
        })
    })?;
    rows.collect()
}

pub(super) fn known_jobs(db: &Connection) -> rusqlite::Result<Vec<Uuid>> {
    let mut query = db.prepare_cached("SELECT batch_id FROM jobs")?;
    let rows = query.query_map([], |row| uuid(row, 0))?;
    rows.collect()
}

pub(super) fn committed(db: &Connection, list: i64) -> rusqlite::Result<f64> {
    let sum = "SELECT total(worst_case) FROM chunks WHERE list_id = ? AND state <> 'returned'";
    db.query_row(sum, [list], |row| row.get(0))
}

pub(super) fn standing(
    db: &Connection,
    list: i64,
    others_active: u64,
) -> rusqlite::Result<Standing> {
    // Both states, since only then the index of open jobs is used.
    let (active, at_work) = db
        .prepare_cached(
            "SELECT count(*), total(c.worst_case) FROM jobs j JOIN chunks c ON c.id = j.chunk_id
             WHERE j.state IN ('active', 'completed') AND j.state = 'active'",
        )?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, f64>(1)?)))?;
    let unresolved: f64 = db
        .prepare_cached(
            "SELECT total(c.worst_case) FROM submissions s JOIN chunks c ON c.id = s.chunk_id
             WHERE s.outcome IS NULL OR s.outcome = 'unknown'",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(Standing {
        active: active as u64 + others_active,
        committed: committed(db, list)?,
        under_way: at_work + unresolved,
    })
}

pub(super) fn has_waiting(db: &Connection, list: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM people p WHERE state = 'waiting'
           AND EXISTS (SELECT 1 FROM rows r WHERE r.person_id = p.id AND r.list_id = ?))",
    )?
    .query_row([list], |row| row.get(0))
}

/// A person who may be submitted next.
struct Waiting {
    id: i64,
    identifier: String,
    ask: String,
    most: Option<usize>,
}

pub(super) fn intend(
    tx: &Transaction<'_>,
    list: &List,
    most: usize,
    describe: Describe<'_>,
) -> rusqlite::Result<Result<Option<Intent>, Error>> {
    let mut query = tx.prepare_cached(
        "SELECT id, identifier, ask, most FROM people p WHERE state = 'waiting'
           AND EXISTS (SELECT 1 FROM rows r WHERE r.person_id = p.id AND r.list_id = ?)
         ORDER BY id LIMIT ?",
    )?;
    let waiting = query.query_map(params![list.id, most as i64], |row| {
        Ok(Waiting {
            id: row.get(0)?,
            identifier: row.get(1)?,
            ask: row.get(2)?,
            most: row.get::<_, Option<i64>>(3)?.map(|most| most as usize),
        })
    })?;
    let mut people: Vec<Waiting> = waiting.collect::<rusqlite::Result<_>>()?;
    let alike = people.iter().map(|person| (&*person.ask, person.most));
    let count = fitting(alike);
    people.truncate(count);
    let Some(first) = people.first() else {
        return Ok(Ok(None));
    };
    let ask = Ask::parse(&first.ask).unwrap_or_else(|| list.ask.clone());
    let identifiers: Vec<String> = people
        .iter()
        .map(|person| person.identifier.clone())
        .collect();
    let submission = match describe(&ask, &identifiers) {
        Ok(submission) => submission,
        Err(error) => return Ok(Err(error.into())),
    };
    tx.execute(
        "INSERT INTO chunks (list_id, people, worst_case, created_at, state) VALUES (?, ?, ?, ?, 'sent')",
        params![list.id, count as i64, count as f64 * ask.worst_case(), now()],
    )?;
    let chunk = tx.last_insert_rowid();
    for person in &people {
        tx.prepare_cached("UPDATE people SET state = 'submitted', chunk_id = ? WHERE id = ?")?
            .execute([chunk, person.id])?;
    }
    tx.execute(
        "INSERT INTO submissions (chunk_id, intended_at, submission) VALUES (?, ?, ?)",
        params![chunk, now(), text(&submission)?],
    )?;
    Ok(Ok(Some(Intent {
        submission: tx.last_insert_rowid(),
        identifiers,
    })))
}

pub(super) fn settle(
    tx: &Transaction<'_>,
    id: i64,
    settlement: &Settlement,
) -> rusqlite::Result<()> {
    match settlement {
        Settlement::Accepted {
            batch_id,
            request_id,
            credits,
            evidence,
        } => {
            let chunk = outcome(tx, id, "accepted", evidence.as_deref())?;
            let request = "UPDATE submissions SET request_id = ? WHERE id = ?";
            tx.execute(request, params![request_id, id])?;
            tx.execute(
                "INSERT INTO jobs (batch_id, submission_id, chunk_id, state, accepted_at, credits)
                 VALUES (?, ?, ?, 'active', ?, ?)",
                params![batch_id.to_string(), id, chunk, now(), credits],
            )?;
            chunk_state(tx, chunk, "accepted")
        }
        Settlement::NotAccepted { reason } => {
            let chunk = outcome(tx, id, "not accepted", Some(reason))?;
            give_back(tx, chunk)
        }
        Settlement::Refused { reason } => {
            let chunk = outcome(tx, id, "not accepted", Some(reason))?;
            let people: i64 =
                tx.query_row("SELECT people FROM chunks WHERE id = ?", [chunk], |row| {
                    row.get(0)
                })?;
            if people == 1 {
                let fail = "UPDATE people SET state = 'failed', reason = ?, answered_at = ? WHERE chunk_id = ?";
                tx.execute(fail, params![reason, now(), chunk])?;
                return chunk_state(tx, chunk, "returned");
            }
            let halve = "UPDATE people SET most = ? WHERE chunk_id = ?";
            tx.execute(halve, [(people + 1) / 2, chunk])?;
            give_back(tx, chunk)
        }
        Settlement::Unknown {
            submission,
            evidence,
        } => {
            let chunk = outcome(tx, id, "unknown", Some(evidence))?;
            let keep = "UPDATE submissions SET submission = ? WHERE id = ?";
            tx.execute(keep, params![text(submission)?, id])?;
            chunk_state(tx, chunk, "unknown")
        }
    }
}

/// Keeps an outcome, and gives the chunk.
fn outcome(
    tx: &Transaction<'_>,
    id: i64,
    outcome: &str,
    evidence: Option<&str>,
) -> rusqlite::Result<i64> {
    tx.query_row(
        "UPDATE submissions SET outcome = ?, settled_at = ?, evidence = coalesce(?, evidence)
         WHERE id = ? RETURNING chunk_id",
        params![outcome, now(), evidence, id],
        |row| row.get(0),
    )
}

fn chunk_state(tx: &Transaction<'_>, chunk: i64, state: &str) -> rusqlite::Result<()> {
    let update = "UPDATE chunks SET state = ? WHERE id = ?";
    tx.execute(update, params![state, chunk]).map(drop)
}

/// The people of a chunk wait again.
fn give_back(tx: &Transaction<'_>, chunk: i64) -> rusqlite::Result<()> {
    let keep = "INSERT INTO returned (person_id, chunk_id) SELECT id, chunk_id FROM people WHERE chunk_id = ?";
    tx.execute(keep, [chunk])?;
    let wait = "UPDATE people SET state = 'waiting', chunk_id = NULL WHERE chunk_id = ?";
    tx.execute(wait, [chunk])?;
    chunk_state(tx, chunk, "returned")
}

/// A column that holds JSON.
fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(column, error))
}

/// A column that holds a job's id.
pub(super) fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    let text: String = row.get(column)?;
    Uuid::parse_str(&text).map_err(|error| unreadable(column, error))
}

fn unreadable(
    column: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
}

fn text(submission: &Submission) -> rusqlite::Result<String> {
    serde_json::to_string(submission)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

//! What a run keeps of its submissions: intents, and what became of them. Answers are kept by `answer`, and somebody's word by
//! `decide`.

use serde::de::DeserializeOwned;
use tokio_postgres::{GenericClient, Row, Transaction};

use super::link::Fault;
use crate::ask::Ask;
use crate::error::Error;
use crate::journal::{Describe, Intent, OpenJob, Settlement, Standing, Unresolved, fitting, wider};
use crate::list::List;
use crustdata_batch::{Submission, Uuid};

/// What runs do one after the other begins with this.
const ACCOUNT: &str = "SELECT id FROM account FOR UPDATE";

/// Jobs whose results lacked people are read once more, and nobody waits whom another list has submitted for more.
pub(super) async fn reopen(tx: &Transaction<'_>) -> Result<(), Fault> {
    let reopen = "UPDATE jobs SET state = 'completed', lines_read = 0, worker_id = NULL WHERE state = 'disputed'";
    tx.execute(reopen, &[]).await?;
    defer(tx, None).await.map(drop)
}

/// Rows of people who wait, of all or of these, become those of the same people whom a later list has submitted for more. Gives
/// how many rows.
async fn defer(tx: &Transaction<'_>, people: Option<&[i64]>) -> Result<u64, Fault> {
    let asks = tx.query("SELECT DISTINCT ask FROM lists", &[]).await?;
    let asks: Vec<String> = asks.iter().map(|row| row.get(0)).collect();
    let mut deferred = 0;
    for (ask, wider) in wider(&asks) {
        // One after the other: two that change the same rows would wait for each other.
        tx.query_one(ACCOUNT, &[]).await?;
        let defer = "UPDATE rows SET person_id = later.id
            FROM people first JOIN people later ON later.key = first.key AND later.id > first.id
            WHERE rows.person_id = first.id AND first.state = 'waiting' AND first.ask = $1
              AND ($3::bigint[] IS NULL OR first.id = ANY($3))
              AND later.state IN ('submitted', 'found', 'empty') AND later.ask = $2";
        deferred += tx.execute(defer, &[ask, wider, &people]).await?;
    }
    Ok(deferred)
}

pub(super) async fn unresolved(
    db: &impl GenericClient,
    worker: i64,
) -> Result<Vec<Unresolved>, Fault> {
    let query = "SELECT s.id, s.submission::text, s.evidence, c.people, s.worker_id = $1
        FROM submissions s JOIN chunks c ON c.id = s.chunk_id
        WHERE s.outcome IS NULL OR s.outcome = 'unknown' ORDER BY s.id";
    let rows = db.query(query, &[&worker]).await?;
    let unresolved = rows.iter().map(|row| {
        Ok(Unresolved {
            id: row.get(0),
            submission: json(row.get(1))?,
            evidence: row.get(2),
            people: row.get::<_, i64>(3) as u64,
            is_own: row.get(4),
        })
    });
    unresolved.collect()
}

pub(super) async fn open_jobs(db: &impl GenericClient) -> Result<Vec<OpenJob>, Fault> {
    let query = "SELECT batch_id, state = 'completed', lines_read FROM jobs
        WHERE state IN ('active', 'completed') ORDER BY accepted_at, batch_id";
    let rows = db.query(query, &[]).await?;
    let jobs = rows.iter().map(|row| {
        Ok(OpenJob {
            batch_id: uuid(row, 0)?,
            has_ended: row.get(1),
            lines_read: row.get::<_, i64>(2) as u64,
        })
    });
    jobs.collect()
}

pub(super) async fn known_jobs(db: &impl GenericClient) -> Result<Vec<Uuid>, Fault> {
    let rows = db.query("SELECT batch_id FROM jobs", &[]).await?;
    rows.iter().map(|row| uuid(row, 0)).collect()
}

pub(super) async fn committed(db: &impl GenericClient, list: i64) -> Result<f64, Fault> {
    let sum = "SELECT coalesce(sum(worst_case), 0) FROM chunks WHERE list_id = $1 AND state <> 'returned'";
    Ok(db.query_one(sum, &[&list]).await?.get(0))
}

/// Places are taken by jobs, and by what other runs send at this moment.
pub(super) async fn standing(
    db: &impl GenericClient,
    worker: i64,
    list: i64,
) -> Result<Standing, Fault> {
    let query = "SELECT
        (SELECT count(*) FROM jobs WHERE state = 'active')
        + (SELECT count(*) FROM submissions WHERE outcome IS NULL AND worker_id <> $1)
        + (SELECT others_active FROM account),
        (SELECT coalesce(sum(c.worst_case), 0) FROM jobs j JOIN chunks c ON c.id = j.chunk_id WHERE j.state = 'active')
        + (SELECT coalesce(sum(c.worst_case), 0) FROM submissions s JOIN chunks c ON c.id = s.chunk_id
           WHERE s.outcome IS NULL OR s.outcome = 'unknown')";
    let row = db.query_one(query, &[&worker]).await?;
    Ok(Standing {
        active: row.get::<_, i64>(0) as u64,
        committed: committed(db, list).await?,
        under_way: row.get(1),
    })
}

pub(super) async fn has_waiting(db: &impl GenericClient, list: i64) -> Result<bool, Fault> {
    let query = "SELECT EXISTS (SELECT FROM people p WHERE state = 'waiting'
        AND EXISTS (SELECT FROM rows r WHERE r.person_id = p.id AND r.list_id = $1))";
    Ok(db.query_one(query, &[&list]).await?.get(0))
}

/// A person who may be submitted next.
struct Waiting {
    id: i64,
    identifier: String,
    ask: String,
}

pub(super) async fn intend(
    tx: &Transaction<'_>,
    worker: i64,
    list: &List,
    most: &mut dyn FnMut(&Standing) -> usize,
    describe: Describe<'_>,
) -> Result<Option<Intent>, Fault> {
    // One after the other, so that places and credits are counted with what the others have taken.
    tx.query_one(ACCOUNT, &[]).await?;
    let most = most(&standing(tx, worker, list.id).await?);
    let (people, ids) = loop {
        let people = waiting(tx, list.id, most).await?;
        let ids: Vec<i64> = people.iter().map(|person| person.id).collect();
        // Another run may have submitted some of them since, for more.
        if defer(tx, Some(&ids)).await? == 0 {
            break (people, ids);
        }
    };
    let Some(first) = people.first() else {
        return Ok(None);
    };
    let ask = Ask::parse(&first.ask).unwrap_or_else(|| list.ask.clone());
    let identifiers: Vec<String> = (people.iter())
        .map(|person| person.identifier.clone())
        .collect();
    let submission = text(&describe(&ask, &identifiers).map_err(Error::from)?)?;
    let count = people.len() as i64;
    let chunk = "INSERT INTO chunks (list_id, people, worst_case, state) VALUES ($1, $2, $3, 'sent') RETURNING id";
    let worst_case = count as f64 * ask.worst_case();
    let chunk: i64 = tx
        .query_one(chunk, &[&list.id, &count, &worst_case])
        .await?
        .get(0);
    let submitted = "UPDATE people SET state = 'submitted', chunk_id = $1 WHERE id = ANY($2)";
    tx.execute(submitted, &[&chunk, &ids]).await?;
    let intend = "INSERT INTO submissions (chunk_id, worker_id, submission) VALUES ($1, $2, $3::text::json) RETURNING id";
    let row = tx
        .query_one(intend, &[&chunk, &worker, &submission])
        .await?;
    Ok(Some(Intent {
        submission: row.get(0),
        identifiers,
    }))
}

/// The next people, as many as fit into one request. Whoever reads in another list with them holds none of them up.
async fn waiting(tx: &Transaction<'_>, list: i64, most: usize) -> Result<Vec<Waiting>, Fault> {
    let query = "SELECT id, identifier, most, ask FROM people p WHERE state = 'waiting'
          AND EXISTS (SELECT FROM rows r WHERE r.person_id = p.id AND r.list_id = $1)
        ORDER BY id LIMIT $2 FOR NO KEY UPDATE OF p SKIP LOCKED";
    let rows = tx.query(query, &[&list, &(most as i64)]).await?;
    let alike = rows.iter().map(|row| {
        let most: Option<i64> = row.get(2);
        (row.get(3), most.map(|most| most as usize))
    });
    let count = fitting(alike);
    let people = rows.iter().take(count).map(|row| Waiting {
        id: row.get(0),
        identifier: row.get(1),
        ask: row.get(3),
    });
    Ok(people.collect())
}

pub(super) async fn settle(
    tx: &Transaction<'_>,
    worker: i64,
    id: i64,
    settlement: &Settlement,
) -> Result<(), Fault> {
    match settlement {
        Settlement::Accepted {
            batch_id,
            request_id,
            credits,
            evidence,
        } => {
            let chunk = outcome(tx, worker, id, "accepted", evidence.as_deref()).await?;
            let request = "UPDATE submissions SET request_id = $2 WHERE id = $1";
            tx.execute(request, &[&id, request_id]).await?;
            let job = "INSERT INTO jobs (batch_id, submission_id, chunk_id, state, credits) VALUES ($1, $2, $3, 'active', $4)";
            tx.execute(job, &[&batch_id.to_string(), &id, &chunk, credits])
                .await?;
            chunk_state(tx, chunk, "accepted").await
        }
        Settlement::NotAccepted { reason } => {
            let chunk = outcome(tx, worker, id, "not accepted", Some(reason)).await?;
            give_back(tx, chunk).await
        }
        Settlement::Refused { reason } => {
            let chunk = outcome(tx, worker, id, "not accepted", Some(reason)).await?;
            let people = "SELECT people FROM chunks WHERE id = $1";
            let people: i64 = tx.query_one(people, &[&chunk]).await?.get(0);
            if people == 1 {
                let fail = "UPDATE people SET state = 'failed', reason = $2, answered_at = now() WHERE chunk_id = $1";
                tx.execute(fail, &[&chunk, reason]).await?;
                return chunk_state(tx, chunk, "returned").await;
            }
            let halve = "UPDATE people SET most = $2 WHERE chunk_id = $1";
            tx.execute(halve, &[&chunk, &((people + 1) / 2)]).await?;
            give_back(tx, chunk).await
        }
        Settlement::Unknown {
            submission,
            evidence,
        } => {
            let chunk = outcome(tx, worker, id, "unknown", Some(evidence)).await?;
            let keep = "UPDATE submissions SET submission = $2::text::json WHERE id = $1";
            tx.execute(keep, &[&id, &text(submission)?]).await?;
            chunk_state(tx, chunk, "unknown").await
        }
    }
}

/// Keeps an outcome of a submission that is this worker's, and gives the chunk.
async fn outcome(
    tx: &Transaction<'_>,
    worker: i64,
    id: i64,
    outcome: &str,
    evidence: Option<&str>,
) -> Result<i64, Fault> {
    let keep = "UPDATE submissions SET outcome = $3, settled_at = now(), evidence = coalesce($4, evidence)
        WHERE id = $1 AND worker_id = $2 AND (outcome IS NULL OR outcome = 'unknown') RETURNING chunk_id";
    let row = tx
        .query_opt(keep, &[&id, &worker, &outcome, &evidence])
        .await?;
    Ok(row.ok_or(Error::LeaseLost)?.get(0))
}

async fn chunk_state(tx: &Transaction<'_>, chunk: i64, state: &str) -> Result<(), Fault> {
    let update = "UPDATE chunks SET state = $2 WHERE id = $1";
    tx.execute(update, &[&chunk, &state]).await?;
    Ok(())
}

/// The people of a chunk wait again.
async fn give_back(tx: &Transaction<'_>, chunk: i64) -> Result<(), Fault> {
    let keep = "INSERT INTO returned (person_id, chunk_id) SELECT id, chunk_id FROM people WHERE chunk_id = $1";
    tx.execute(keep, &[&chunk]).await?;
    let wait = "UPDATE people SET state = 'waiting', chunk_id = NULL WHERE chunk_id = $1";
    tx.execute(wait, &[&chunk]).await?;
    chunk_state(tx, chunk, "returned").await
}

/// What a column of JSON holds.
fn json<T: DeserializeOwned>(text: String) -> Result<T, Fault> {
    serde_json::from_str(&text).map_err(|error| unreadable(error.into()))
}

/// A column that holds a job's id.
pub(super) fn uuid(row: &Row, column: usize) -> Result<Uuid, Fault> {
    let text: &str = row.get(column);
    Uuid::parse_str(text).map_err(|error| unreadable(error.into()))
}

fn text(submission: &Submission) -> Result<String, Fault> {
    serde_json::to_string(submission).map_err(|error| unreadable(error.into()))
}

fn unreadable(source: crate::error::Cause) -> Fault {
    let name = "in Postgres".to_owned();
    Fault::Own(Error::Database { name, source })
}

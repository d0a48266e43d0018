//! What runs share: leases and what the dead have left, the look at the jobs that one has for all, and rests.

use std::time::Duration;

use tokio_postgres::{Client, Transaction};

use super::link::Fault;
use crate::error::Error;
use crate::journal::OpenJob;

/// Whether a worker is one that may write.
const IS_ALIVE: &str = "ended_at IS NULL AND expires_at > clock_timestamp()";

/// A new worker.
pub(super) async fn join(db: &Client, length: Duration) -> Result<i64, Fault> {
    let join = "INSERT INTO workers (name, expires_at)
        VALUES (coalesce(host(inet_client_addr()), 'this machine') || ', process ' || $1::text,
                clock_timestamp() + make_interval(secs => $2)) RETURNING id";
    let process = std::process::id().to_string();
    let row = db
        .query_one(join, &[&process, &length.as_secs_f64()])
        .await?;
    Ok(row.get(0))
}

/// A worker that ends by itself: what it has is taken over at once.
pub(super) async fn leave(db: &Client, worker: i64) -> Result<(), Fault> {
    let leave =
        "UPDATE workers SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL";
    db.execute(leave, &[&worker]).await?;
    Ok(())
}

/// Refuses a worker whose lease is over. Its row is locked until the transaction ends. Gives the number of its last write.
pub(super) async fn fence(tx: &Transaction<'_>, worker: i64) -> Result<i64, Fault> {
    // The lock first: only then is the row what it is in this transaction.
    let lock = "SELECT last_write FROM workers WHERE id = $1 FOR NO KEY UPDATE";
    let row = tx.query_opt(lock, &[&worker]).await?;
    let row = row.ok_or(Error::LeaseLost)?;
    let alive = format!("SELECT 1 FROM workers WHERE id = $1 AND {IS_ALIVE}");
    tx.query_opt(&alive, &[&worker])
        .await?
        .ok_or(Error::LeaseLost)?;
    Ok(row.get(0))
}

/// Numbers a write, so that it can be told after a connection that broke whether it was made.
pub(super) async fn count(tx: &Transaction<'_>, worker: i64, number: i64) -> Result<(), Fault> {
    let count = "UPDATE workers SET last_write = $2 WHERE id = $1";
    tx.execute(count, &[&worker, &number]).await?;
    Ok(())
}

/// Whether there is a worker to take over, or something that one has left.
pub(super) async fn is_anything_left(db: &Client, worker: i64) -> Result<bool, Fault> {
    let alive = format!("SELECT 1 FROM workers WHERE id = $1 AND {IS_ALIVE}");
    db.query_opt(&alive, &[&worker])
        .await?
        .ok_or(Error::LeaseLost)?;
    let left = "SELECT EXISTS (SELECT FROM workers WHERE ended_at IS NULL AND expires_at <= clock_timestamp())
        OR EXISTS (SELECT FROM submissions s JOIN workers w ON w.id = s.worker_id
                   WHERE (s.outcome IS NULL OR s.outcome = 'unknown') AND w.ended_at IS NOT NULL)";
    Ok(db.query_one(left, &[]).await?.get(0))
}

/// Ends the workers whose leases are over, and takes the submissions over whose outcome nobody knows. Jobs are taken over when
/// they are claimed.
pub(super) async fn take_over(tx: &Transaction<'_>, worker: i64) -> Result<(), Fault> {
    let end = "UPDATE workers SET ended_at = clock_timestamp() WHERE id IN (
        SELECT id FROM workers WHERE ended_at IS NULL AND expires_at <= clock_timestamp() FOR UPDATE SKIP LOCKED)";
    tx.execute(end, &[]).await?;
    let take = "UPDATE submissions SET worker_id = $1 WHERE id IN (
        SELECT s.id FROM submissions s JOIN workers w ON w.id = s.worker_id
        WHERE (s.outcome IS NULL OR s.outcome = 'unknown') AND w.ended_at IS NOT NULL
        FOR UPDATE OF s SKIP LOCKED)";
    if tx.execute(take, &[&worker]).await? > 0 {
        let busy = "UPDATE workers SET is_idle = false WHERE id = $1";
        tx.execute(busy, &[&worker]).await?;
    }
    Ok(())
}

/// Gives a job that has ended to this worker, unless another one has it that is not dead.
pub(super) async fn claim(
    tx: &Transaction<'_>,
    worker: i64,
    job: &OpenJob,
) -> Result<Option<OpenJob>, Fault> {
    let claim = "UPDATE jobs SET worker_id = $1 WHERE batch_id = (
        SELECT j.batch_id FROM jobs j LEFT JOIN workers w ON w.id = j.worker_id
        WHERE j.batch_id = $2 AND j.state = 'completed'
          AND (w.id IS NULL OR w.id = $1 OR w.ended_at IS NOT NULL)
        FOR UPDATE OF j SKIP LOCKED) RETURNING lines_read";
    let row = tx
        .query_opt(claim, &[&worker, &job.batch_id.to_string()])
        .await?;
    Ok(row.map(|row| OpenJob {
        lines_read: row.get::<_, i64>(0) as u64,
        ..*job
    }))
}

/// Whether nobody has asked for the jobs for so long. Who asks this is the one who does.
pub(super) async fn is_poll_due(db: &Client, worker: i64, every: Duration) -> Result<bool, Fault> {
    let due = format!(
        "UPDATE account SET polled_at = clock_timestamp()
         WHERE (polled_at IS NULL OR polled_at <= clock_timestamp() - make_interval(secs => $2))
           AND EXISTS (SELECT FROM workers WHERE id = $1 AND {IS_ALIVE}) RETURNING id"
    );
    let row = db.query_opt(&due, &[&worker, &every.as_secs_f64()]).await?;
    Ok(row.is_some())
}

pub(super) async fn polled(db: &Client, worker: i64, others_active: u64) -> Result<(), Fault> {
    let keep = format!(
        "UPDATE account SET others_active = $2 WHERE EXISTS (SELECT FROM workers WHERE id = $1 AND {IS_ALIVE})"
    );
    db.execute(&keep, &[&worker, &(others_active as i64)])
        .await?;
    Ok(())
}

/// Makes the rest of all runs as long as asked, and gives what is left of it.
pub(super) async fn rest(
    db: &Client,
    worker: i64,
    asked: Option<Duration>,
) -> Result<Option<Duration>, Fault> {
    if let Some(asked) = asked {
        let keep = format!(
            "UPDATE account SET rest_until = greatest(rest_until, clock_timestamp() + make_interval(secs => $2))
             WHERE EXISTS (SELECT FROM workers WHERE id = $1 AND {IS_ALIVE})"
        );
        db.execute(&keep, &[&worker, &asked.as_secs_f64()]).await?;
    }
    let left =
        "SELECT extract(epoch FROM rest_until - clock_timestamp())::double precision FROM account";
    let left: Option<f64> = db.query_one(left, &[]).await?.get(0);
    let left = left.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Ok(left.filter(|left| !left.is_zero()))
}

/// Keeps whether this worker stands by, and gives whether another one doesn't that works on the same list.
pub(super) async fn others_at_work(
    db: &Client,
    worker: i64,
    list: i64,
    is_idle: bool,
) -> Result<bool, Fault> {
    let keep = "UPDATE workers SET list_id = $2, is_idle = $3
        WHERE id = $1 AND (list_id, is_idle) IS DISTINCT FROM ($2, $3)";
    db.execute(keep, &[&worker, &list, &is_idle]).await?;
    let others = "SELECT EXISTS (SELECT FROM workers
        WHERE id <> $1 AND list_id = $2 AND NOT is_idle AND ended_at IS NULL)";
    Ok(db.query_one(others, &[&worker, &list]).await?.get(0))
}

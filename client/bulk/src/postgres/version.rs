//! The schema's version, and how an earlier one becomes this one.

use tokio_postgres::{Client, GenericClient};

use super::link::Fault;
use crate::error::Error;

/// The schema, a step for each version.
const MIGRATIONS: [&str; 1] = [include_str!("schema.sql")];
/// The lock of those who migrate, and of those who read a list in.
pub(super) const LOCK: i64 = 0x4372_4264;

/// The version of the journal in a database; 0 if there is none.
pub(super) async fn of(db: &impl GenericClient) -> Result<i64, Fault> {
    // Not `to_regclass`, which may remember that there was none.
    let is_there = "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'crustdata_bulk' AND tablename = 'version')";
    if !db.query_one(is_there, &[]).await?.get::<_, bool>(0) {
        return Ok(0);
    }
    let version = "SELECT version FROM crustdata_bulk.version";
    Ok(db.query_one(version, &[]).await?.get(0))
}

/// Makes the journal one of this version.
pub(super) async fn migrate(client: &mut Client, name: &str) -> Result<(), Fault> {
    let known = MIGRATIONS.len() as i64;
    let found = of(client).await?;
    if found > known {
        let path = name.into();
        return Err(Error::JournalTooNew { path, found, known }.into());
    }
    if found == known {
        return Ok(());
    }
    let tx = client.transaction().await?;
    // One at a time; another run may have been faster.
    let lock = "SELECT pg_advisory_xact_lock($1)";
    tx.execute(lock, &[&LOCK]).await?;
    let found = of(&tx).await?;
    if found == 0 {
        let begin = "CREATE SCHEMA IF NOT EXISTS crustdata_bulk;
            CREATE TABLE crustdata_bulk.version (version bigint NOT NULL);
            INSERT INTO crustdata_bulk.version VALUES (0)";
        tx.batch_execute(begin).await?;
    }
    for step in MIGRATIONS.iter().skip(found as usize) {
        tx.batch_execute(step).await?;
    }
    let keep = "UPDATE version SET version = $1";
    tx.execute(keep, &[&known]).await?;
    Ok(tx.commit().await?)
}

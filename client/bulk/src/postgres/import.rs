//! Reading a list in: its rows, and the people in them who are new. One run at a time does that, so that nobody is taken for
//! new twice.

use std::time::{Duration, Instant};

use tokio_postgres::{Client, Transaction};

use super::link::{Fault, wait};
use super::version::LOCK;
use super::{Postgres, report};
use crate::ask::Ask;
use crate::error::Error;
use crate::journal::{Changed, Fingerprint, Plan};
use crate::list::{List, ListSpec};
use crate::person::Person;
use crate::source::Source;

/// For how long others may read in, and for how long a part of it may take.
const PATIENCE: Duration = Duration::from_secs(60 * 60);
/// Rows that are written at a time.
const AT_ONCE: usize = 1000;

impl Postgres {
    /// A connection that breaks ends it, since a source can't be read twice. Nothing is kept then, or everything: the next
    /// attempt finds out.
    pub(super) fn import_list(
        &mut self,
        spec: &ListSpec,
        source: &mut dyn Source,
        changed: Changed,
        keep: bool,
    ) -> Result<(List, Plan), Error> {
        self.link
            .read(async |db| Ok(db.batch_execute("SELECT 1").await?))?;
        let until = Instant::now() + PATIENCE;
        let outcome = match self.link.client_mut() {
            Some(client) => wait(import(client, spec, source, changed, keep), until),
            None => None,
        };
        match outcome {
            Some(Ok(imported)) => Ok(imported),
            Some(Err(Fault::Own(error))) => Err(error),
            Some(Err(Fault::Database(error))) => Err(self.link.failed(error)),
            None => Err(self.link.failed("it takes too long to read the list in")),
        }
    }
}

async fn import(
    client: &mut Client,
    spec: &ListSpec,
    source: &mut dyn Source,
    changed: Changed,
    keep: bool,
) -> Result<(List, Plan), Fault> {
    let tx = client.transaction().await?;
    tx.batch_execute(
        "SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = '10min'",
    )
    .await?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
        .await?;
    let list = new_list(&tx, spec, &source.name()).await?;
    let mut import = Import {
        tx: &tx,
        ask: spec.ask.to_string(),
        asks: covering(&tx, &spec.ask).await?,
        // Dates of the database don't reach back as far as this number may.
        max_age: (spec.max_age).map(|age| u32::try_from(age).unwrap_or(u32::MAX).into()),
        list,
        fingerprint: Fingerprint::new(spec),
        rows: Rows::default(),
    };
    while let Some(row) = source.next()? {
        import.row(&row.value, row.content.to_string()).await?;
    }
    let list = import.end(&source.header()).await?;
    if let Some(twin) = twin(&tx, &list).await? {
        // What was read in just now is dropped with the transaction.
        tx.rollback().await?;
        let known = report::lists(client).await?;
        let known = known.into_iter().find(|list| list.id == twin);
        let list = known.ok_or(Error::NoList(Some(twin)))?;
        let plan = report::plan(client, twin).await?;
        return Ok((list, plan));
    }
    if changed == Changed::Refuse
        && let Some(begun) = unfinished(&tx, &list).await?
    {
        let name = list.source;
        return Err(Error::InputChanged { name, list: begun }.into());
    }
    let plan = report::plan(&tx, list.id).await?;
    if keep {
        // A run comes before the database looks by itself how much there is, and would go through all of it for each person.
        tx.batch_execute("ANALYZE people, rows").await?;
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    Ok((list, plan))
}

/// A list that is being read in.
struct Import<'a> {
    tx: &'a Transaction<'a>,
    ask: String,
    /// The asks whose answers are good for this one.
    asks: Vec<String>,
    /// Answers that are older, in seconds, are too old.
    max_age: Option<f64>,
    list: List,
    fingerprint: Fingerprint,
    rows: Rows,
}

/// Rows that are not written yet, by columns.
#[derive(Default)]
struct Rows {
    numbers: Vec<i64>,
    contents: Vec<String>,
    keys: Vec<Option<String>>,
    identifiers: Vec<Option<String>>,
    reasons: Vec<Option<String>>,
}

impl Import<'_> {
    async fn row(&mut self, value: &str, content: String) -> Result<(), Fault> {
        self.list.rows += 1;
        self.fingerprint.add(value);
        self.fingerprint.add(&content);
        let (person, reason) = match Person::read(value) {
            Ok(person) => (Some(person), None),
            Err(reason) => (None, Some(reason.to_string())),
        };
        let rows = &mut self.rows;
        rows.numbers.push(self.list.rows as i64);
        rows.contents.push(content);
        let (key, identifier) = person.map(|person| (person.key, person.identifier)).unzip();
        rows.keys.push(key);
        rows.identifiers.push(identifier);
        rows.reasons.push(reason);
        match rows.numbers.len() < AT_ONCE {
            true => Ok(()),
            false => self.write().await,
        }
    }

    /// Each row with its person: the one who is known, if their answer is not too old, or else a new one.
    async fn write(&mut self) -> Result<(), Fault> {
        let rows = std::mem::take(&mut self.rows);
        let write = "WITH given AS (
                SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
                    AS t (number, content, key, identifier, reason)),
            known AS (
                SELECT DISTINCT ON (p.key) p.key, p.id FROM people p
                WHERE p.key IN (SELECT key FROM given) AND p.ask = ANY($7)
                  AND (p.answered_at IS NULL OR $8::float8 IS NULL OR p.answered_at >= now() - make_interval(secs => $8))
                ORDER BY p.key, p.state IN ('found', 'empty') DESC, p.state = 'submitted' DESC, p.ask = $9 DESC, p.id DESC),
            new AS (
                INSERT INTO people (key, ask, identifier, state)
                SELECT key, $9, identifier, 'waiting' FROM (
                    SELECT DISTINCT ON (key) key, identifier, number FROM given
                    WHERE key IS NOT NULL AND key NOT IN (SELECT key FROM known) ORDER BY key, number) AS first
                ORDER BY number RETURNING key, id),
            person AS (SELECT key, id FROM known UNION ALL SELECT key, id FROM new)
            INSERT INTO rows (list_id, number, content, person_id, reason)
            SELECT $1, given.number, given.content::json, person.id, given.reason
            FROM given LEFT JOIN person ON person.key = given.key";
        self.tx
            .execute(
                write,
                &[
                    &self.list.id,
                    &rows.numbers,
                    &rows.contents,
                    &rows.keys,
                    &rows.identifiers,
                    &rows.reasons,
                    &self.asks,
                    &self.max_age,
                    &self.ask,
                ],
            )
            .await?;
        Ok(())
    }

    async fn end(mut self, header: &[String]) -> Result<List, Fault> {
        self.write().await?;
        for name in header {
            self.fingerprint.add(name);
        }
        let end =
            "UPDATE lists SET fingerprint = $2, header = $3::text::json, rows = $4 WHERE id = $1";
        let names = serde_json::Value::from(header).to_string();
        let (id, rows) = (self.list.id, self.list.rows as i64);
        self.tx
            .execute(end, &[&id, &self.fingerprint.text(), &names, &rows])
            .await?;
        Ok(List {
            header: header.to_vec(),
            ..self.list
        })
    }
}

async fn new_list(tx: &Transaction<'_>, spec: &ListSpec, source: &str) -> Result<List, Fault> {
    let new = "INSERT INTO lists (source, fingerprint, ask, output, header, rows)
        VALUES ($1, '', $2, $3, '[]', 0) RETURNING id";
    let row = tx
        .query_one(new, &[&source, &spec.ask.to_string(), &spec.output])
        .await?;
    Ok(List {
        id: row.get(0),
        source: source.to_owned(),
        ask: spec.ask.clone(),
        output: spec.output.clone(),
        header: Vec::new(),
        rows: 0,
    })
}

/// The asks in the journal whose answers are good for this one, itself included.
async fn covering(tx: &Transaction<'_>, ask: &Ask) -> Result<Vec<String>, Fault> {
    let known = tx.query("SELECT DISTINCT ask FROM lists", &[]).await?;
    let covers = |text: &String| Ask::parse(text).is_some_and(|other| other.covers(ask));
    Ok(known.iter().map(|row| row.get(0)).filter(covers).collect())
}

/// An unfinished list with the same rows, asked the same.
async fn twin(tx: &Transaction<'_>, list: &List) -> Result<Option<i64>, Fault> {
    let twin = "SELECT a.id FROM lists a JOIN lists b USING (fingerprint, ask)
        WHERE b.id = $1 AND a.id <> $1 AND a.finished_at IS NULL ORDER BY a.id LIMIT 1";
    Ok(tx.query_opt(twin, &[&list.id]).await?.map(|row| row.get(0)))
}

/// An unfinished list from the same source, of which somebody was submitted.
async fn unfinished(tx: &Transaction<'_>, list: &List) -> Result<Option<i64>, Fault> {
    let unfinished =
        "SELECT id FROM lists l WHERE source = $1 AND ask = $2 AND id <> $3 AND finished_at IS NULL
        AND EXISTS (SELECT FROM chunks c WHERE c.list_id = l.id) ORDER BY id LIMIT 1";
    let row = tx
        .query_opt(unfinished, &[&list.source, &list.ask.to_string(), &list.id])
        .await?;
    Ok(row.map(|row| row.get(0)))
}

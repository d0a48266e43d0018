//! Reading a list in: its rows, and the people in them who are new.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use super::{Sqlite, failure, report};
use crate::ask::Ask;
use crate::error::Error;
use crate::journal::{Changed, Fingerprint, Plan, now};
use crate::list::{List, ListSpec};
use crate::person::Person;
use crate::source::Source;

impl Sqlite {
    pub(super) fn import_list(
        &mut self,
        spec: &ListSpec,
        source: &mut dyn Source,
        changed: Changed,
        keep: bool,
    ) -> Result<(List, Plan), Error> {
        let path = self.path.clone();
        let failed = |error| failure(&path, error);
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let asks = covering(&tx, &spec.ask).map_err(failed)?;
        let mut import = Import {
            tx: &tx,
            ask: spec.ask.to_string(),
            asks,
            answered_since: spec.max_age.map(|age| now() - age as i64),
            list: new_list(&tx, spec, &source.name()).map_err(failed)?,
            rows: 0,
            fingerprint: Fingerprint::default(),
        };
        while let Some(row) = source.next()? {
            import
                .row(&row.value, &row.content.to_string())
                .map_err(failed)?;
        }
        let header = source.header();
        let list = import.end(&header).map_err(failed)?;
        let twin = twin(&tx, &list).map_err(failed)?;
        if twin.is_none()
            && changed == Changed::Refuse
            && let Some(begun) = unfinished(&tx, &list).map_err(failed)?
        {
            return Err(Error::InputChanged {
                name: list.source,
                list: begun,
            });
        }
        let known = match twin {
            Some(id) => report::lists(&tx)
                .map_err(failed)?
                .into_iter()
                .find(|list| list.id == id),
            None => None,
        };
        match known {
            // What was read in just now is dropped with the transaction.
            Some(list) => {
                drop(tx);
                let plan = report::plan(&self.db, list.id).map_err(failed)?;
                Ok((list, plan))
            }
            None => {
                let plan = report::plan(&tx, list.id).map_err(failed)?;
                if keep {
                    tx.commit().map_err(failed)?;
                }
                Ok((list, plan))
            }
        }
    }
}

/// A list that is being read in.
struct Import<'a> {
    tx: &'a Transaction<'a>,
    ask: String,
    /// The asks whose answers are good for this one, as JSON.
    asks: String,
    /// Answers from before that are too old.
    answered_since: Option<i64>,
    list: List,
    rows: u64,
    fingerprint: Fingerprint,
}

impl Import<'_> {
    fn row(&mut self, value: &str, content: &str) -> rusqlite::Result<()> {
        self.rows += 1;
        self.fingerprint.add(value);
        self.fingerprint.add(content);
        let (person, reason) = match Person::read(value) {
            Ok(person) => (Some(self.person(&person)?), None),
            Err(reason) => (None, Some(reason.to_string())),
        };
        self.tx
            .prepare_cached("INSERT INTO rows (list_id, number, content, person_id, reason) VALUES (?, ?, ?, ?, ?)")?
            .execute(params![self.list.id, self.rows as i64, content, person, reason])?;
        Ok(())
    }

    /// The person, if they are known and their answer is not too old, or else a new one.
    fn person(&self, person: &Person) -> rusqlite::Result<i64> {
        let known = self
            .tx
            .prepare_cached(
                "SELECT id FROM people
                 WHERE key = ?1 AND ask IN (SELECT value FROM json_each(?2))
                   AND (answered_at IS NULL OR ?3 IS NULL OR answered_at >= ?3)
                 ORDER BY ask = ?4 DESC, id DESC LIMIT 1",
            )?
            .query_row(
                params![person.key, self.asks, self.answered_since, self.ask],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(id) = known {
            return Ok(id);
        }
        self.tx
            .prepare_cached(
                "INSERT INTO people (key, ask, identifier, state) VALUES (?, ?, ?, 'waiting')",
            )?
            .execute(params![person.key, self.ask, person.identifier])?;
        Ok(self.tx.last_insert_rowid())
    }

    fn end(mut self, header: &[String]) -> rusqlite::Result<List> {
        for name in header {
            self.fingerprint.add(name);
        }
        self.tx.execute(
            "UPDATE lists SET fingerprint = ?, header = ?, rows = ? WHERE id = ?",
            params![
                self.fingerprint.text(),
                serde_json::Value::from(header).to_string(),
                self.rows as i64,
                self.list.id
            ],
        )?;
        Ok(List {
            header: header.to_vec(),
            rows: self.rows,
            ..self.list
        })
    }
}

fn new_list(tx: &Transaction<'_>, spec: &ListSpec, source: &str) -> rusqlite::Result<List> {
    tx.execute(
        "INSERT INTO lists (source, fingerprint, ask, output, header, rows, created_at)
         VALUES (?, '', ?, ?, '[]', 0, ?)",
        params![source, spec.ask.to_string(), spec.output, now()],
    )?;
    Ok(List {
        id: tx.last_insert_rowid(),
        source: source.to_owned(),
        ask: spec.ask.clone(),
        output: spec.output.clone(),
        header: Vec::new(),
        rows: 0,
        is_known: false,
    })
}

/// The asks in the journal whose answers are good for this one, itself included, as a JSON list.
fn covering(tx: &Transaction<'_>, ask: &Ask) -> rusqlite::Result<String> {
    let mut asks = vec![ask.to_string()];
    let mut known = tx.prepare("SELECT DISTINCT ask FROM lists")?;
    for text in known.query_map([], |row| row.get::<_, String>(0))? {
        let text = text?;
        if Ask::parse(&text).is_some_and(|other| other.covers(ask)) && !asks.contains(&text) {
            asks.push(text);
        }
    }
    Ok(serde_json::Value::from(asks).to_string())
}

/// An unfinished list with the same rows, asked the same.
fn twin(tx: &Transaction<'_>, list: &List) -> rusqlite::Result<Option<i64>> {
    tx.query_row(
        "SELECT a.id FROM lists a JOIN lists b USING (fingerprint, ask)
         WHERE b.id = ?1 AND a.id <> ?1 AND a.finished_at IS NULL",
        [list.id],
        |row| row.get(0),
    )
    .optional()
}

/// An unfinished list from the same source.
fn unfinished(tx: &Transaction<'_>, list: &List) -> rusqlite::Result<Option<i64>> {
    tx.query_row(
        "SELECT id FROM lists WHERE source = ? AND ask = ? AND id <> ? AND finished_at IS NULL",
        params![list.source, list.ask.to_string(), list.id],
        |row| row.get(0),
    )
    .optional()
}

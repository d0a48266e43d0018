//! Reading a list in: its rows, and the people in them who are new.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::file::failure;
use super::{Sqlite, report};
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
    ) -> Result<(List, Plan), Error> {
        let path = self.path.clone();
        let failed = |error| failure(&path, error);
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let known = Known::of(&tx, spec).map_err(failed)?;
        let mut import = Import {
            tx: &tx,
            known,
            list: new_list(&tx, spec, &source.name()).map_err(failed)?,
            fingerprint: Fingerprint::new(spec),
        };
        while let Some(row) = source.next()? {
            import
                .row(&row.value, &row.content.to_string())
                .map_err(failed)?;
        }
        let (list, fingerprint) = import.end(&source.header()).map_err(failed)?;
        // What was read in just now is dropped with the transaction.
        if let Some(begun) = begun(&tx, &list, &fingerprint, changed).map_err(failed)? {
            return begun;
        }
        let plan = report::plan(&tx, list.id).map_err(failed)?;
        tx.commit().map_err(failed)?;
        Ok((list, plan))
    }

    /// What a list would come to. This only reads: a run beside it could not write for as long as the source takes.
    pub(super) fn plan_list(
        &self,
        spec: &ListSpec,
        source: &mut dyn Source,
        changed: Changed,
    ) -> Result<(List, Plan), Error> {
        let failed = |error| self.failed(error);
        let known = Known::of(&self.db, spec).map_err(failed)?;
        let mut list = unnumbered(spec, &source.name());
        let (mut fingerprint, mut plan) = (Fingerprint::new(spec), Plan::default());
        let mut people = HashSet::new();
        while let Some(row) = source.next()? {
            plan.rows += 1;
            fingerprint.add(&row.value);
            fingerprint.add(&row.content.to_string());
            let Ok(person) = Person::read(&row.value) else {
                plan.invalid += 1;
                continue;
            };
            if !people.contains(&person.key) {
                let found = known.find(&self.db, &person).map_err(failed)?;
                plan.count(found.as_ref().map(|(_, state)| &**state), 1);
                people.insert(person.key);
            }
        }
        (list.header, list.rows) = (source.header(), plan.rows);
        list.header.iter().for_each(|name| fingerprint.add(name));
        let begun = begun(&self.db, &list, &fingerprint.text(), changed).map_err(failed)?;
        begun.unwrap_or(Ok((list, plan)))
    }
}

/// The people whom a list need not submit.
struct Known {
    ask: String,
    /// The asks whose answers are good for this one, itself included, as a JSON list.
    asks: String,
    /// Answers from then or before are too old: one of this very second, if no age is allowed.
    answered_since: Option<i64>,
}

impl Known {
    fn of(db: &Connection, spec: &ListSpec) -> rusqlite::Result<Self> {
        let mut asks = vec![spec.ask.to_string()];
        let mut known = db.prepare("SELECT DISTINCT ask FROM lists")?;
        for text in known.query_map([], |row| row.get::<_, String>(0))? {
            let text = text?;
            if Ask::parse(&text).is_some_and(|other| other.covers(&spec.ask))
                && !asks.contains(&text)
            {
                asks.push(text);
            }
        }
        let age = |age| i64::try_from(age).unwrap_or(i64::MAX);
        Ok(Self {
            ask: spec.ask.to_string(),
            asks: serde_json::Value::from(asks).to_string(),
            answered_since: spec.max_age.map(|most| now().saturating_sub(age(most))),
        })
    }

    /// The person's number and state, if they are known and their answer is not too old. One that is there, or on its way,
    /// costs nothing, so it comes before those that failed or wait.
    fn find(&self, db: &Connection, person: &Person) -> rusqlite::Result<Option<(i64, String)>> {
        db.prepare_cached(
            "SELECT id, state FROM people
             WHERE key = ?1 AND ask IN (SELECT value FROM json_each(?2))
               AND (answered_at IS NULL OR ?3 IS NULL OR answered_at > ?3)
             ORDER BY state IN ('found', 'empty') DESC, state = 'submitted' DESC, ask = ?4 DESC, id DESC LIMIT 1",
        )?
        .query_row(
            params![person.key, self.asks, self.answered_since, self.ask],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()
    }
}

/// A list that is being read in.
struct Import<'a> {
    tx: &'a Transaction<'a>,
    known: Known,
    list: List,
    fingerprint: Fingerprint,
}

impl Import<'_> {
    fn row(&mut self, value: &str, content: &str) -> rusqlite::Result<()> {
        self.list.rows += 1;
        self.fingerprint.add(value);
        self.fingerprint.add(content);
        let (person, reason) = match Person::read(value) {
            Ok(person) => (Some(self.person(&person)?), None),
            Err(reason) => (None, Some(reason.to_string())),
        };
        let number = self.list.rows as i64;
        self.tx
            .prepare_cached("INSERT INTO rows (list_id, number, content, person_id, reason) VALUES (?, ?, ?, ?, ?)")?
            .execute(params![self.list.id, number, content, person, reason])?;
        Ok(())
    }

    /// The person who is known, or else a new one.
    fn person(&self, person: &Person) -> rusqlite::Result<i64> {
        if let Some((id, _)) = self.known.find(self.tx, person)? {
            return Ok(id);
        }
        self.tx
            .prepare_cached(
                "INSERT INTO people (key, ask, identifier, state) VALUES (?, ?, ?, 'waiting')",
            )?
            .execute(params![person.key, self.known.ask, person.identifier])?;
        Ok(self.tx.last_insert_rowid())
    }

    /// The list, with its fingerprint.
    fn end(mut self, header: &[String]) -> rusqlite::Result<(List, String)> {
        for name in header {
            self.fingerprint.add(name);
        }
        let fingerprint = self.fingerprint.text();
        self.list.header = header.to_vec();
        self.tx.execute(
            "UPDATE lists SET fingerprint = ?, header = ?, rows = ? WHERE id = ?",
            params![
                fingerprint,
                serde_json::Value::from(header).to_string(),
                self.list.rows as i64,
                self.list.id
            ],
        )?;
        Ok((self.list, fingerprint))
    }
}

fn new_list(tx: &Transaction<'_>, spec: &ListSpec, source: &str) -> rusqlite::Result<List> {
    tx.execute(
        "INSERT INTO lists (source, fingerprint, ask, output, header, rows, created_at)
         VALUES (?, '', ?, ?, '[]', 0, ?)",
        params![source, spec.ask.to_string(), spec.output, now()],
    )?;
    let id = tx.last_insert_rowid();
    Ok(List {
        id,
        ..unnumbered(spec, source)
    })
}

/// A list that is not in the journal.
fn unnumbered(spec: &ListSpec, source: &str) -> List {
    List {
        id: 0,
        source: source.to_owned(),
        ask: spec.ask.clone(),
        output: spec.output.clone(),
        header: Vec::new(),
        rows: 0,
    }
}

/// The unfinished list with the same rows, asked the same; or the error that there is one from the same source, with others, of
/// which somebody was submitted.
fn begun(
    db: &Connection,
    list: &List,
    fingerprint: &str,
    changed: Changed,
) -> rusqlite::Result<Option<Result<(List, Plan), Error>>> {
    let ask = list.ask.to_string();
    let one = |which: &str, value: &str| {
        let query = format!(
            "SELECT id FROM lists l WHERE {which} AND ask = ? AND id <> ? AND finished_at IS NULL"
        );
        let row = db.query_row(&query, params![value, ask, list.id], |row| row.get(0));
        row.optional()
    };
    let twin: Option<i64> = one("fingerprint = ?", fingerprint)?;
    let is_twin = |list: &List| Some(list.id) == twin;
    if let Some(list) = report::lists(db)?.into_iter().find(is_twin) {
        let plan = report::plan(db, list.id)?;
        return Ok(Some(Ok((list, plan))));
    }
    let changed = match changed {
        Changed::Refuse => one(
            "EXISTS (SELECT 1 FROM chunks c WHERE c.list_id = l.id) AND source = ?",
            &list.source,
        )?,
        Changed::Accept => None,
    };
    let error = |begun| Error::InputChanged {
        name: list.source.clone(),
        list: begun,
    };
    Ok(changed.map(|begun| Err(error(begun))))
}

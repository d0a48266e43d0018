//! What a journal says of its lists: plans, tallies, answers, and a row's history.

use rusqlite::{Connection, Row, Transaction, params};

use crate::ask::Ask;
use crate::journal::{Answered, Plan, Tally, now, outcome};
use crate::list::{Answer, List, Outcome};

pub(super) fn lists(db: &Connection) -> rusqlite::Result<Vec<List>> {
    let query = "SELECT id, source, ask, output, header, rows FROM lists ORDER BY id";
    let mut query = db.prepare_cached(query)?;
    let rows = query.query_map([], |row| {
        let ask: String = row.get(2)?;
        let header: String = row.get(4)?;
        Ok(List {
            id: row.get(0)?,
            source: row.get(1)?,
            // An ask of another version can't be asked again, and its answers can be read all the same.
            ask: Ask::parse(&ask).unwrap_or_else(|| Ask::new([], false)),
            output: row.get(3)?,
            header: serde_json::from_str(&header).unwrap_or_default(),
            rows: row.get::<_, i64>(5)? as u64,
        })
    })?;
    rows.collect()
}

pub(super) fn plan(db: &Connection, list: i64) -> rusqlite::Result<Plan> {
    let mut plan = Plan::default();
    let rows = "SELECT count(*), count(*) - count(person_id) FROM rows WHERE list_id = ?";
    (plan.rows, plan.invalid) = db.query_row(rows, [list], |row| {
        Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64))
    })?;
    let mut states = db.prepare(
        "SELECT state, count(*) FROM people
         WHERE id IN (SELECT person_id FROM rows WHERE list_id = ?) GROUP BY state",
    )?;
    let states = states.query_map([list], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)? as u64))
    })?;
    for state in states {
        let (state, people) = state?;
        plan.count(Some(&state), people);
    }
    Ok(plan)
}

pub(super) fn tally(db: &Connection, list: i64) -> rusqlite::Result<Tally> {
    let mut query = db.prepare(
        "SELECT r.person_id IS NOT NULL, p.state, c.state, count(*) FROM rows r
         LEFT JOIN people p ON p.id = r.person_id LEFT JOIN chunks c ON c.id = p.chunk_id
         WHERE r.list_id = ? GROUP BY 1, 2, 3",
    )?;
    let groups = query.query_map([list], |row| {
        Ok((outcome_of(row, 0)?, row.get::<_, i64>(3)? as u64))
    })?;
    let mut tally = Tally::default();
    for group in groups {
        let (outcome, rows) = group?;
        for (place, other) in Outcome::ALL.into_iter().enumerate() {
            tally.0[place] += if other == outcome { rows } else { 0 };
        }
    }
    Ok(tally)
}

/// From three columns: whether the row names anybody, the person's state and the chunk's.
fn outcome_of(row: &Row<'_>, first: usize) -> rusqlite::Result<Outcome> {
    let is_valid: bool = row.get(first)?;
    let person: Option<String> = row.get(first + 1)?;
    let chunk: Option<String> = row.get(first + 2)?;
    Ok(outcome(is_valid, person.as_deref(), chunk.as_deref()))
}

pub(super) fn answers(
    db: &Connection,
    list: i64,
    after: u64,
    most: u64,
) -> rusqlite::Result<Vec<Answer>> {
    let mut query = db.prepare_cached(
        "SELECT r.person_id IS NOT NULL, p.state, c.state, r.number, r.content, coalesce(r.reason, p.reason),
                k.record, k.batch_id, s.id,
                EXISTS (SELECT 1 FROM rows o WHERE o.person_id = r.person_id AND o.list_id = r.list_id
                        AND o.number < r.number)
         FROM rows r LEFT JOIN people p ON p.id = r.person_id LEFT JOIN chunks c ON c.id = p.chunk_id
         LEFT JOIN records k ON k.person_id = p.id
         LEFT JOIN submissions s ON s.chunk_id = c.id AND c.state IN ('sent', 'unknown')
         WHERE r.list_id = ? AND r.number > ? ORDER BY r.number LIMIT ?",
    )?;
    let rows = query.query_map(params![list, after as i64, most as i64], |row| {
        let stored = Answered {
            outcome: outcome_of(row, 0)?,
            row: row.get(3)?,
            content: row.get(4)?,
            reason: row.get(5)?,
            record: row.get(6)?,
            batch_id: row.get(7)?,
            submission: row.get(8)?,
            is_repeated: row.get(9)?,
        };
        Ok(stored.into())
    })?;
    rows.collect()
}

pub(super) fn finish(tx: &Transaction<'_>, list: i64) -> rusqlite::Result<()> {
    let finish = "UPDATE lists SET finished_at = ? WHERE id = ?";
    tx.execute(finish, params![now(), list]).map(drop)
}

/// What happened, each with its time, in order.
pub(super) fn history(db: &Connection, list: i64, number: u64) -> rusqlite::Result<Vec<String>> {
    let mut query = db.prepare(
        "WITH it AS (
           SELECT r.reason, r.person_id, p.identifier, p.key, p.state, p.reason AS why, p.chunk_id, p.answered_at,
                  l.source, l.created_at
           FROM rows r JOIN lists l ON l.id = r.list_id LEFT JOIN people p ON p.id = r.person_id
           WHERE r.list_id = ?1 AND r.number = ?2),
         tries AS (
           SELECT chunk_id FROM it WHERE chunk_id IS NOT NULL
           UNION SELECT o.chunk_id FROM it JOIN returned o ON o.person_id = it.person_id)
         SELECT created_at AS at, 'read from ' || source ||
                CASE WHEN person_id IS NULL THEN ', names nobody: ' || reason
                     ELSE ', names ' || key || ', submitted as ' || identifier END AS what, 0 AS place FROM it
         UNION ALL
         SELECT s.intended_at, 'submission ' || s.id || ' intended, with ' || c.people || ' people, at worst '
                || c.worst_case || ' credits', 1 FROM tries JOIN chunks c ON c.id = tries.chunk_id
                JOIN submissions s ON s.chunk_id = c.id
         UNION ALL
         SELECT s.settled_at, 'submission ' || s.id || ' ' || s.outcome || coalesce(' (' || s.evidence || ')', '')
                || coalesce(', request ' || s.request_id, ''), 2
         FROM tries JOIN submissions s ON s.chunk_id = tries.chunk_id WHERE s.settled_at IS NOT NULL
         UNION ALL
         SELECT j.accepted_at, 'job ' || j.batch_id || coalesce(', ' || j.credits || ' credits', ''), 3
         FROM it JOIN jobs j ON j.chunk_id = it.chunk_id
         UNION ALL
         SELECT j.ended_at, 'job ended, and is ' || j.state || coalesce(': ' || j.problem, ''), 4
         FROM it JOIN jobs j ON j.chunk_id = it.chunk_id WHERE j.ended_at IS NOT NULL
         UNION ALL
         SELECT answered_at, 'answered: ' || state || coalesce(' (' || why || ')', ''), 5 FROM it
         WHERE answered_at IS NOT NULL
         ORDER BY at, place",
    )?;
    let lines = query.query_map(params![list, number as i64], |row| {
        let at: i64 = row.get(0)?;
        let what: String = row.get(1)?;
        Ok((at, what))
    })?;
    let date = |at: i64| -> rusqlite::Result<String> {
        db.query_row("SELECT datetime(?, 'unixepoch')", [at], |row| row.get(0))
    };
    lines
        .map(|line| line.and_then(|(at, what)| Ok(format!("{} {what}", date(at)?))))
        .collect()
}

//! What a journal says of its lists: plans, tallies, answers, and a row's history.

use tokio_postgres::{Client, GenericClient, Row, Transaction};

use super::link::Fault;
use crate::ask::Ask;
use crate::journal::{Answered, Plan, Tally, outcome};
use crate::list::{Answer, List, Outcome};

pub(super) async fn lists(db: &impl GenericClient) -> Result<Vec<List>, Fault> {
    let query = "SELECT id, source, ask, output, header::text, rows FROM lists ORDER BY id";
    let rows = db.query(query, &[]).await?;
    let lists = rows.iter().map(|row| List {
        id: row.get(0),
        source: row.get(1),
        // An ask of another version can't be asked again, and its answers can be read all the same.
        ask: Ask::parse(row.get(2)).unwrap_or_else(|| Ask::new([], false)),
        output: row.get(3),
        header: serde_json::from_str(row.get(4)).unwrap_or_default(),
        rows: row.get::<_, i64>(5) as u64,
    });
    Ok(lists.collect())
}

pub(super) async fn plan(db: &impl GenericClient, list: i64) -> Result<Plan, Fault> {
    let rows = "SELECT count(*), count(*) - count(person_id) FROM rows WHERE list_id = $1";
    let rows = db.query_one(rows, &[&list]).await?;
    let mut plan = Plan {
        rows: rows.get::<_, i64>(0) as u64,
        invalid: rows.get::<_, i64>(1) as u64,
        ..Plan::default()
    };
    let states = "SELECT state, count(*) FROM people
        WHERE id IN (SELECT person_id FROM rows WHERE list_id = $1) GROUP BY state";
    for row in db.query(states, &[&list]).await? {
        plan.count(row.get(0), row.get::<_, i64>(1) as u64);
    }
    Ok(plan)
}

pub(super) async fn tally(db: &Client, list: i64) -> Result<Tally, Fault> {
    let query = "SELECT r.person_id IS NOT NULL, p.state, c.state, count(*) FROM rows r
        LEFT JOIN people p ON p.id = r.person_id LEFT JOIN chunks c ON c.id = p.chunk_id
        WHERE r.list_id = $1 GROUP BY 1, 2, 3";
    let mut tally = Tally::default();
    for row in db.query(query, &[&list]).await? {
        let (outcome, rows) = (outcome_of(&row), row.get::<_, i64>(3) as u64);
        for (place, other) in Outcome::ALL.into_iter().enumerate() {
            tally.0[place] += if other == outcome { rows } else { 0 };
        }
    }
    Ok(tally)
}

/// From the first three columns: whether the row names anybody, the person's state and the chunk's.
fn outcome_of(row: &Row) -> Outcome {
    outcome(row.get(0), row.get(1), row.get(2))
}

pub(super) async fn answers(
    db: &Client,
    list: i64,
    after: u64,
    most: u64,
) -> Result<Vec<Answer>, Fault> {
    // Numbers have no gaps. With a limit instead of the upper one, all rows that follow may be read and sorted for these.
    let query = "SELECT r.person_id IS NOT NULL, p.state, c.state, r.number, r.content::text,
            coalesce(r.reason, p.reason), k.record::text, k.batch_id, s.id,
            EXISTS (SELECT FROM rows o WHERE o.person_id = r.person_id AND o.list_id = r.list_id AND o.number < r.number)
        FROM rows r LEFT JOIN people p ON p.id = r.person_id LEFT JOIN chunks c ON c.id = p.chunk_id
        LEFT JOIN records k ON k.person_id = p.id
        LEFT JOIN submissions s ON s.chunk_id = c.id AND c.state IN ('sent', 'unknown')
        WHERE r.list_id = $1 AND r.number > $2 AND r.number <= $2 + $3 ORDER BY r.number";
    let rows = db
        .query(query, &[&list, &(after as i64), &(most as i64)])
        .await?;
    let answers = rows.iter().map(|row| {
        let stored = Answered {
            outcome: outcome_of(row),
            row: row.get(3),
            content: row.get(4),
            reason: row.get(5),
            record: row.get(6),
            batch_id: row.get(7),
            submission: row.get(8),
            is_repeated: row.get(9),
        };
        stored.into()
    });
    Ok(answers.collect())
}

pub(super) async fn finish(tx: &Transaction<'_>, list: i64) -> Result<(), Fault> {
    let finish = "UPDATE lists SET finished_at = coalesce(finished_at, now()) WHERE id = $1";
    tx.execute(finish, &[&list]).await?;
    Ok(())
}

/// What happened, each with its time, in order.
pub(super) async fn history(db: &Client, list: i64, number: u64) -> Result<Vec<String>, Fault> {
    let query = "WITH it AS (
            SELECT r.reason, r.person_id, p.identifier, p.key, p.state, p.reason AS why, p.chunk_id, p.answered_at,
                   l.source, l.created_at
            FROM rows r JOIN lists l ON l.id = r.list_id LEFT JOIN people p ON p.id = r.person_id
            WHERE r.list_id = $1 AND r.number = $2),
        tries AS (
            SELECT chunk_id FROM it WHERE chunk_id IS NOT NULL
            UNION SELECT o.chunk_id FROM it JOIN returned o ON o.person_id = it.person_id),
        lines (at, what, place) AS (
            SELECT created_at, 'read from ' || source ||
                   CASE WHEN person_id IS NULL THEN ', names nobody: ' || reason
                        ELSE ', names ' || key || ', submitted as ' || identifier END, 0 FROM it
            UNION ALL
            SELECT s.intended_at, 'submission ' || s.id || ' intended, with ' || c.people || ' people, at worst '
                   || c.worst_case || ' credits', 1
            FROM tries JOIN chunks c ON c.id = tries.chunk_id JOIN submissions s ON s.chunk_id = c.id
            UNION ALL
            SELECT s.settled_at, 'submission ' || s.id || ' ' || s.outcome || coalesce(' (' || s.evidence || ')', '')
                   || coalesce(', request ' || s.request_id, '') || ', by run ' || w.id || ' (' || w.name || ')', 2
            FROM tries JOIN submissions s ON s.chunk_id = tries.chunk_id JOIN workers w ON w.id = s.worker_id
            WHERE s.settled_at IS NOT NULL
            UNION ALL
            SELECT j.accepted_at, 'job ' || j.batch_id || coalesce(', ' || j.credits || ' credits', ''), 3
            FROM it JOIN jobs j ON j.chunk_id = it.chunk_id
            UNION ALL
            SELECT j.ended_at, 'job ended, and is ' || j.state || coalesce(': ' || j.problem, ''), 4
            FROM it JOIN jobs j ON j.chunk_id = it.chunk_id WHERE j.ended_at IS NOT NULL
            UNION ALL
            SELECT answered_at, 'answered: ' || state || coalesce(' (' || why || ')', ''), 5 FROM it
            WHERE answered_at IS NOT NULL)
        SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' ' || what FROM lines ORDER BY at, place";
    let rows = db.query(query, &[&list, &(number as i64)]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

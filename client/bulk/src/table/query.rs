//! Rows of a query on a Postgres server. It is read through a cursor, a part at a time, by a thread of its own, since sources
//! don't wait and the connection does; it is read-only, so that no query can change anything.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use serde_json::Value;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::cells::Cells;
use crate::database::Database;
use crate::error::Error;
use crate::source::Source;

/// Rows that are fetched at a time.
const FETCHED: usize = 1000;

/// Opens the rows of a query on the Postgres server with this URL. The column with the profile URLs is found by what is in
/// it, unless it is named. A password that is not in the URL may be in the environment, as `PGPASSWORD`.
///
/// # Errors
///
/// Where the server can't be reached or refuses the query, or it is not clear which column has the profile URLs.
pub fn query(
    url: &str,
    query: &str,
    column: Option<&str>,
) -> Result<Box<dyn Source + Send>, Error> {
    // The URL may hold a password, so it is not repeated.
    let database = Database::of_url(url).map_err(|error| {
        let reason = format!("its URL can't be used: {error}");
        Error::input("the query", None, reason)
    })?;
    let query = query.trim().trim_end_matches(';').to_owned();
    let name = format!("{query} on {}", database.place());
    let (sender, parts) = sync_channel(1);
    let failed = |error: std::io::Error| Error::unreadable(&name, &error);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let reading = name.clone();
    thread::spawn(move || {
        let read = read(&database, &query, &sender);
        if let Err(error) = runtime.block_on(read) {
            let reason = said(&error);
            // Nobody waits for it any more, if this fails.
            let _ = sender.send(Err(Error::input(&reading, None, reason)));
        }
    });
    let (header, first) = match parts.recv() {
        Ok(Ok(part)) => (part.header, part.rows),
        Ok(Err(error)) => return Err(error),
        Err(_) => return Err(Error::input(&name, None, "it gives no table")),
    };
    let rows = Rows {
        is_last: first.len() < FETCHED,
        part: first.into_iter(),
        parts,
    };
    Ok(Box::new(Cells::new(&name, header, Box::new(rows), column)?))
}

/// Some rows, with the names of their columns.
struct Part {
    header: Vec<String>,
    rows: Vec<Vec<Value>>,
}

type Parts = SyncSender<Result<Part, Error>>;

async fn read(
    database: &Database,
    query: &str,
    parts: &Parts,
) -> Result<(), tokio_postgres::Error> {
    let client = database.connect().await?;
    client.batch_execute("BEGIN READ ONLY").await?;
    // As one statement: what would end the transaction is refused.
    let cursor = format!("DECLARE list NO SCROLL CURSOR FOR {query}");
    client.execute(&cursor, &[]).await?;
    loop {
        let part = fetch(&client).await?;
        let is_last = part.rows.len() < FETCHED;
        if parts.send(Ok(part)).is_err() || is_last {
            return Ok(());
        }
    }
}

/// The next part. In this protocol all values come as text, whatever their types.
async fn fetch(client: &Client) -> Result<Part, tokio_postgres::Error> {
    let mut part = Part {
        header: Vec::new(),
        rows: Vec::new(),
    };
    for message in client
        .simple_query(&format!("FETCH {FETCHED} FROM list"))
        .await?
    {
        match message {
            SimpleQueryMessage::RowDescription(columns) => {
                let names = columns.iter().map(|column| column.name().to_owned());
                part.header = names.collect();
            }
            SimpleQueryMessage::Row(row) => {
                let cells = (0..row.len()).map(|place| Value::from(row.get(place)));
                part.rows.push(cells.collect());
            }
            _ => {}
        }
    }
    Ok(part)
}

/// What the server said, or what kept it from being asked.
fn said(error: &tokio_postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        let hint = error.hint().map(|hint| format!(" ({hint})"));
        return format!("{}{}", error.message(), hint.unwrap_or_default());
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    text
}

struct Rows {
    /// Whether no other part follows this one.
    is_last: bool,
    part: std::vec::IntoIter<Vec<Value>>,
    parts: Receiver<Result<Part, Error>>,
}

impl Iterator for Rows {
    type Item = Result<Vec<Value>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.part.next() {
                return Some(Ok(row));
            }
            if self.is_last {
                return None;
            }
            match self.parts.recv() {
                Ok(Ok(part)) => {
                    self.is_last = part.rows.len() < FETCHED;
                    self.part = part.rows.into_iter();
                }
                Ok(Err(error)) => return Some(Err(error)),
                // A list that is cut short must not pass for a whole one.
                Err(_) => return Some(Err(Error::input("the query", None, "it broke off"))),
            }
        }
    }
}

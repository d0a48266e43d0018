//! A request for a page of the list: what its query says.

use std::num::IntErrorKind;
use std::time::Duration;

use url::form_urlencoded;
use uuid::Uuid;

use crate::generated::contract;

/// What a request for a page asks for.
#[derive(Debug)]
pub(crate) struct Query {
    /// When it came, in the instance's own time.
    pub(crate) now: Duration,
    /// `limit`, as it was sent.
    pub(crate) asked: Option<i64>,
    /// Most jobs on the page.
    pub(crate) limit: usize,
    pub(crate) status: Option<String>,
    pub(crate) cursor: Option<Uuid>,
    /// What is wrong with it.
    pub(crate) objection: Option<&'static str>,
}

impl Query {
    pub(crate) fn read(text: &str, now: Duration) -> Self {
        let mut query = Self {
            now,
            asked: None,
            limit: contract::list::limit::DEFAULT as usize,
            status: None,
            cursor: None,
            objection: None,
        };
        for (key, value) in form_urlencoded::parse(text.as_bytes()) {
            let read = match &*key {
                "limit" => query.read_limit(&value),
                "status" => query.read_status(&value),
                "cursor" => query.read_cursor(&value),
                _ => Ok(()),
            };
            if let Err(objection) = read {
                query.objection.get_or_insert(objection);
            }
        }
        query
    }

    fn read_limit(&mut self, value: &str) -> Result<(), &'static str> {
        let asked = value.parse::<i64>().or_else(|error| match error.kind() {
            // Out of range, however far.
            IntErrorKind::PosOverflow => Ok(i64::MAX),
            IntErrorKind::NegOverflow => Ok(i64::MIN),
            _ => Err("limit is not an integer."),
        })?;
        self.asked = Some(asked);
        self.limit = asked.clamp(
            contract::list::limit::MIN.into(),
            contract::list::limit::MAX.into(),
        ) as usize;
        Ok(())
    }

    fn read_status(&mut self, value: &str) -> Result<(), &'static str> {
        self.status = Some(value.to_owned());
        if contract::job::status::VALUES.contains(&value) {
            Ok(())
        } else {
            Err("status is not one that a job can have.")
        }
    }

    fn read_cursor(&mut self, value: &str) -> Result<(), &'static str> {
        self.cursor = Some(Uuid::try_parse(value).map_err(|_| "cursor is not the id of a job.")?);
        Ok(())
    }
}

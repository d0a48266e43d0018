//! A request for a page of usage events: what its query says.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use url::form_urlencoded;

use crate::generated::contract::usage;
use crate::ledger::Event;

/// Events on a page of a request that names no limit, as the provider's own code has it.
const DEFAULT_LIMIT: usize = 50;
/// Days that a request without a start goes back.
const DEFAULT_DAYS: i64 = 7;
/// Months that a request may go back.
const MOST_MONTHS: Months = Months::new(12);

/// What a request for a page of events asks for.
#[derive(Debug)]
pub(crate) struct UsageQuery {
    /// When it came, in the instance's own time.
    pub(crate) now: Duration,
    /// Most events on the page.
    pub(crate) limit: usize,
    /// Id of the last event of the page before.
    pub(crate) cursor: Option<String>,
    pub(crate) start: Option<DateTime<Utc>>,
    pub(crate) end: Option<DateTime<Utc>>,
    /// The filters: a parameter, and the values of which an event has one.
    pub(crate) filters: Vec<(&'static Filter, Vec<String>)>,
    /// What is wrong with it.
    pub(crate) objection: Option<String>,
}

/// A parameter that narrows the list.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) name: &'static str,
    /// Most values.
    most: usize,
    /// What an event has there.
    of: fn(&Event) -> Option<String>,
}

static FILTERS: [Filter; 8] = [
    filter("endpoints", 50, |event| Some(event.endpoint.to_owned())),
    filter("api_key_ids", 50, |_| Some(Event::API_KEY_ID.to_string())),
    filter("products", 50, |event| Some(event.product()?.to_owned())),
    filter("client_surface", 10, |_| Some(Event::SURFACE.to_owned())),
    filter("status", 20, |event| Some(event.status.to_string())),
    filter("status_class", 1, |event| {
        Some(format!("{}xx", event.status / 100))
    }),
    filter("error_type", 1, |event| {
        Some(event.error_key("type")?.to_owned())
    }),
    filter("error_key", 1, |event| {
        Some(event.error_key("message")?.to_owned())
    }),
];

const fn filter(name: &'static str, most: usize, of: fn(&Event) -> Option<String>) -> Filter {
    Filter { name, most, of }
}

impl UsageQuery {
    pub(crate) fn read(text: &str, now: Duration, date: DateTime<Utc>) -> Self {
        let mut query = Self {
            now,
            limit: DEFAULT_LIMIT,
            cursor: None,
            start: None,
            end: None,
            filters: Vec::new(),
            objection: None,
        };
        for (key, value) in form_urlencoded::parse(text.as_bytes()) {
            if let Err(objection) = query.take(&key, &value) {
                query.objection.get_or_insert(objection);
            }
        }
        for (filter, values) in &query.filters {
            if values.len() > filter.most {
                let Filter { name, most, .. } = filter;
                let objection = format!("{name} takes at most {most} values.");
                query.objection.get_or_insert(objection);
            }
        }
        let midnight = NaiveTime::MIN;
        let coming = (date.date_naive() + TimeDelta::days(1))
            .and_time(midnight)
            .and_utc();
        let end = *query.end.get_or_insert(coming);
        let start = end.checked_sub_signed(TimeDelta::days(DEFAULT_DAYS));
        let start = *query.start.get_or_insert(start.unwrap_or(end));
        if date
            .checked_sub_months(MOST_MONTHS)
            .is_some_and(|oldest| start < oldest)
        {
            let objection = "start is more than 12 months ago.".to_owned();
            query.objection.get_or_insert(objection);
        }
        query
    }

    fn take(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "limit" => {
                let bounds = usage::limit::MIN..=usage::limit::MAX;
                let limit = value.parse().ok().filter(|limit| bounds.contains(limit));
                self.limit = limit.ok_or("limit is out of its bounds.")? as usize;
            }
            "cursor" => self.cursor = Some(value.to_owned()),
            "start" => self.start = Some(time(value).ok_or("start is no time.")?),
            "end" => self.end = Some(time(value).ok_or("end is no time.")?),
            _ => {
                if let Some(filter) = FILTERS.iter().find(|filter| filter.name == key) {
                    let values = value.split(',').map(|value| value.trim().to_owned());
                    match self.filters.iter_mut().find(|(known, _)| known.name == key) {
                        Some((_, all)) => all.extend(values),
                        None => self.filters.push((filter, values.collect())),
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether an event of this date is asked for.
    pub(crate) fn wants(&self, event: &Arc<Event>, date: DateTime<Utc>) -> bool {
        self.start.is_none_or(|start| date >= start)
            && self.end.is_none_or(|end| date < end)
            && self.filters.iter().all(|(filter, values)| {
                (filter.of)(event).is_some_and(|value| values.contains(&value))
            })
    }
}

/// A date, for its midnight, or a time; of UTC, where it has no offset.
fn time(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN);
    let time = text.parse().or_else(|_| text.parse().map(midnight));
    time.ok().map(|time: NaiveDateTime| time.and_utc())
}

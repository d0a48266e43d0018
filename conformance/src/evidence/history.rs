//! The history of a job: the statuses it was seen in.

use std::borrow::Cow;

use super::reading::text;
use crate::exchange::{Exchange, ended};
use crate::generated::contract::job::status;

/// The most characters of a status that are kept: what a server sends as one may be anything.
const MOST_STATUS: usize = 40;
/// The most stages of one job that are told apart.
const MOST_STAGES: usize = 100;

/// A stretch of time over which every poll of a job found the same status.
#[derive(Debug)]
pub struct Stage {
    /// The status, as the server wrote it; without one, the HTTP status or what went wrong.
    pub status: Cow<'static, str>,
    /// When the first poll was over, in microseconds from the start.
    pub from: u64,
    /// When the last poll was over.
    pub to: u64,
    /// How many polls there were.
    pub polls: u32,
}

/// Adds what one more exchange shows of a job.
pub(super) fn look(stages: &mut Vec<Stage>, exchange: &Exchange) {
    let at = u64::try_from(ended(exchange)).unwrap_or(u64::MAX);
    let status = status(exchange);
    let full = stages.len() >= MOST_STAGES;
    match stages.last_mut() {
        Some(stage) if stage.status == status || full => {
            if stage.status != status {
                stage.status = Cow::Borrowed("…");
            }
            stage.to = at;
            stage.polls = stage.polls.saturating_add(1);
        }
        _ => {
            stages.reserve_exact(1);
            stages.push(Stage {
                status: known(&status).map_or_else(|| status.into_owned().into(), Cow::Borrowed),
                from: at,
                to: at,
                polls: 1,
            });
        }
    }
}

/// The status of the contract's that `text` is.
pub(super) fn known(text: &str) -> Option<&'static str> {
    status::VALUES.iter().copied().find(|known| *known == text)
}

fn status(exchange: &Exchange) -> Cow<'_, str> {
    let object = exchange.accepted_object();
    match (
        object.and_then(|job| text(job, "status")),
        exchange.status(),
    ) {
        (Some(status), _) => match status.char_indices().nth(MOST_STATUS) {
            Some((end, _)) => status[..end].into(),
            None => status.into(),
        },
        (None, Some(status)) => status.as_str().to_owned().into(),
        (None, None) => "no response".into(),
    }
}

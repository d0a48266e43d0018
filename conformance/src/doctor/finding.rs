//! What was looked at, and what was found. How it is found is in `examine`.

use serde::Serialize;

use crate::exchange::Exchange;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// What it is about, in a word.
    pub about: &'static str,
    /// Whether it is in order.
    pub state: State,
    /// What was found, in a sentence.
    pub says: String,
    /// What to do about it; of what is wrong only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// Whether a thing is in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is.
    Ok,
    /// The server does not say.
    Unknown,
    /// It is not.
    Wrong,
}

impl State {
    /// As it is written in every report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unknown => "unknown",
            Self::Wrong => "wrong",
        }
    }
}

/// The answers that an examination rests on.
pub(super) struct Answers {
    pub(super) list: Exchange,
    pub(super) active: [Exchange; 2],
    pub(super) credits: Exchange,
    pub(super) endpoints: Exchange,
    pub(super) events: Exchange,
}

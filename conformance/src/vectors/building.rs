//! What cases of responses are put together from.

use std::collections::BTreeMap;

use http::header as standard;
use serde_json::Value;

use super::case::{Answer, Body, ResponseCase, Understood};
use crate::generated::contract::media_type;

/// The id of the document's example.
pub(super) const ID: &str = "7e96a0d7-0ea6-463c-8937-dfa59365c2e9";
pub(super) const TOLERATES: &str = "client.tolerates";
pub(super) const ONCE: &str = "client.submits-once";
pub(super) const FAILURE: &str = "client.reports-failure";
pub(super) const TERMINAL: &str = "client.terminal";
pub(super) const RESULTS: &str = "client.results";

pub(super) fn case(
    name: &str,
    about: &str,
    clause: &'static str,
    response: Answer,
    means: Understood,
) -> ResponseCase {
    ResponseCase {
        name: name.to_owned(),
        about: about.to_owned(),
        clause,
        response,
        means,
    }
}

pub(super) fn answer(status: u16, content_type: &str, body: Body) -> Answer {
    let content_type = (standard::CONTENT_TYPE.as_str(), content_type.to_owned());
    Answer {
        status,
        headers: BTreeMap::from([content_type]),
        body,
    }
}

pub(super) fn json_answer(status: u16, body: &Value) -> Answer {
    answer(status, media_type::JSON, Body::Text(body.to_string()))
}

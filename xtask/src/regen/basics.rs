//! What must hold of the document before anybody looks for something in it: a version that the generator reads, a server
//! that a client can call, and references that lead somewhere.

use serde_json::Value;

use super::document::Document;
use super::error::Error;
use super::place::Place;

/// Versions of OpenAPI that the client generator reads.
const VERSIONS: &str = "3.0.";

/// Checks the document.
pub(super) fn check(document: &Document) -> Result<(), Error> {
    version(document)?;
    server(document)
}

/// Checks that each reference leads to something, whether anybody has followed it or not.
pub(super) fn references(document: &Document) -> Result<(), Error> {
    references_below(&document.at(""), document.value())
}

fn version(document: &Document) -> Result<(), Error> {
    let need = "the client generator, which reads nothing newer";
    let place = document.at("/openapi");
    let version = place.text(need)?;
    if version.starts_with(VERSIONS) {
        return Ok(());
    }
    let expected = format!(
        "`{VERSIONS}x`; `cargo xtask drift FILE` reads newer documents, and says what to take over from them"
    );
    Err(place.unfit(format!("is {version:?}"), expected, need))
}

/// The base URL of a client that is given none.
fn server(document: &Document) -> Result<(), Error> {
    let need = "`BASE_URL`: Base URL of the live API";
    let place = document.at("/servers/0/url");
    let url = place.text(need)?;
    let rest = url.strip_prefix("https://").or(url.strip_prefix("http://"));
    let is_fit = rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.ends_with('/') && !rest.contains(['{', '}', '?', '#', '@', ' '])
    });
    if is_fit {
        return Ok(());
    }
    let expected = "an http or https URL without variables, user name, query and slash at its end";
    Err(place.unfit(format!("is {url:?}"), expected, need))
}

/// Each reference below the place leads to something.
fn references_below(place: &Place<'_>, value: &Value) -> Result<(), Error> {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref")
                && !place.exists()
            {
                let problem = format!("leads nowhere: {target:?}");
                let expected = "a place in this document, as in `#/components/schemas/BatchJob`";
                return Err(place.key("$ref").unfit(
                    problem,
                    expected,
                    "the code and the pages, which follow it",
                ));
            }
            members
                .iter()
                .try_for_each(|(key, member)| references_below(&place.key(key), member))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| references_below(&place.key(&index.to_string()), item)),
        _ => Ok(()),
    }
}

//! One line of a results file as a record, in either of the shapes that are known: the documented envelope, and the
//! bare `data` object that users have seen.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::ContactRecord;
use crate::response::BYTE_ORDER_MARK;

/// Why a line is no record. Says nothing of what the line says, which may be personal data.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("it is not JSON from column {column} on")]
    NotJson { column: usize },
    #[error("it is JSON, but not a record, as column {column} shows")]
    NotARecord { column: usize },
}

/// What the bare form says about whom its contacts belong to, under the names of either shape. An envelope without
/// contacts has the same form.
#[derive(Deserialize)]
struct Owner {
    original_identifier: Option<String>,
    professional_network_url: Option<String>,
    internal_id: Option<Value>,
    person_id: Option<Value>,
    /// Contacts that are there and can't be read are no reason to say that there are none.
    data: Option<IgnoredAny>,
}

/// Reads a line, and says whether it names the identifier as it was submitted: a profile's URL may be another.
pub(super) fn read(line: &[u8]) -> Result<(ContactRecord, bool), Fault> {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    match serde_json::from_slice(line) {
        Ok(record) => Ok((record, true)),
        Err(error) => read_bare(line).ok_or_else(|| fault(&error)),
    }
}

fn read_bare(line: &[u8]) -> Option<(ContactRecord, bool)> {
    let owner: Owner = serde_json::from_slice(line).ok()?;
    if owner.data.is_some() {
        return None;
    }
    let is_as_submitted = owner.original_identifier.is_some();
    let identifier = owner
        .original_identifier
        .or(owner.professional_network_url)?;
    let data = serde_json::from_slice(line).ok()?;
    let mut record = ContactRecord::required(data, identifier);
    record.internal_id = owner.internal_id.or(owner.person_id);
    Some((record, is_as_submitted))
}

fn fault(error: &serde_json::Error) -> Fault {
    let column = error.column();
    if error.is_data() {
        Fault::NotARecord { column }
    } else {
        Fault::NotJson { column }
    }
}

//! One line of a results file as a record, in either of the shapes that are known: the documented envelope, and the
//! bare `data` object that users have seen.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::ContactRecord;

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

/// Reads a line.
pub(super) fn read(line: &[u8]) -> Result<ContactRecord, Fault> {
    serde_json::from_slice(line).or_else(|error| read_bare(line).ok_or_else(|| fault(&error)))
}

fn read_bare(line: &[u8]) -> Option<ContactRecord> {
    let owner: Owner = serde_json::from_slice(line).ok()?;
    if owner.data.is_some() {
        return None;
    }
    Some(ContactRecord {
        data: serde_json::from_slice(line).ok()?,
        internal_id: owner.internal_id.or(owner.person_id),
        original_identifier: owner
            .original_identifier
            .or(owner.professional_network_url)?,
    })
}

fn fault(error: &serde_json::Error) -> Fault {
    let column = error.column();
    if error.is_data() {
        Fault::NotARecord { column }
    } else {
        Fault::NotJson { column }
    }
}

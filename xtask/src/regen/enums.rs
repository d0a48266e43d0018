//! The open enums of the client: an answer may hold values that the document does not know, and such a value
//! must never cost the caller an accepted job. So these schemas don't become closed Rust enums, but
//! invocations of the client's `open_enum!`.

use std::fmt::Write as _;

use super::document::Document;
use super::error::Error;
use super::rust::{doc, opening, quoted, variant};

/// The schemas that become open enums.
pub(super) const OPEN_ENUMS: [&str; 5] = [
    "AcceptedStatus",
    "Action",
    "EmailStatus",
    "Entity",
    "JobStatus",
];

/// The variant that `open_enum!` adds for all other values.
const OTHER: &str = "Other";

/// Renders `enums.rs`.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let mut out = opening("The enums of answers, open to values that the document does not know.");
    out.push_str("use crate::open_enum::open_enum;\n");
    for name in OPEN_ENUMS {
        out.push_str(&open_enum(document, name)?);
    }
    Ok(out)
}

fn open_enum(document: &Document, name: &str) -> Result<String, Error> {
    let need = format!("the client's type `{name}`");
    let schema = document.schema(name);
    let description = doc(schema.key("description").text(&need)?, "    ");
    let mut variants = String::new();
    let values = schema.key("enum");
    for (index, value) in values.texts(&need)?.into_iter().enumerate() {
        let Some(variant) = variant(value).filter(|variant| variant != OTHER) else {
            let expected = "words of letters and digits joined by `_`, and not `other`";
            let place = values.key(&index.to_string());
            return Err(place.unfit(format!("is unfit: {value:?}"), expected, need));
        };
        let doc = doc(&format!("`{value}`"), "        ");
        let _ = writeln!(variants, "{doc}        {variant} = {},", quoted(value));
    }
    Ok(format!(
        "\nopen_enum! {{\n{description}    pub enum {name} {{\n{variants}    }}\n}}\n"
    ))
}

//! The open enums of the client: an answer may hold values that the document does not know, and such a value
//! must never cost the caller an accepted job. So these schemas don't become closed Rust enums, but
//! invocations of the client's `open_enum!`.

use std::fmt::Write as _;

use super::document::Document;
use super::error::Error;

/// The schemas that become open enums.
pub(super) const OPEN_ENUMS: [&str; 5] = [
    "AcceptedStatus",
    "Action",
    "EmailStatus",
    "Entity",
    "JobStatus",
];

/// Renders `enums.rs`.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let mut out = "//! Rendered from `openapi/crustdata-batch.yaml` by `cargo xtask regen`; not edited by hand.\n\
                   //!\n\
                   //! The enums of answers, open to values that the document does not know.\n\n\
                   use crate::open_enum::open_enum;\n"
        .to_owned();
    for name in OPEN_ENUMS {
        let need = format!("the client's type `{name}`");
        let schema = document.schema(name);
        let description = schema.key("description").text(&need)?;
        let mut variants = String::new();
        for value in schema.key("enum").texts(&need)? {
            let _ = write!(
                variants,
                "\n        /// `{value}`\n        {} = {value:?},",
                variant(value)
            );
        }
        let _ = write!(
            out,
            "\nopen_enum! {{\n    /// {description}\n    pub enum {name} {{{variants}\n    }}\n}}\n"
        );
    }
    Ok(out)
}

/// A value in the form of a Rust variant: `catch_all` becomes `CatchAll`.
fn variant(value: &str) -> String {
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        })
    };
    value.split('_').map(capitalised).collect()
}

//! The open enums of the client: a response may hold values that the document does not know, and such a value
//! must never cost the caller an accepted job. So these schemas don't become closed Rust enums, but
//! invocations of the client's `open_enum!`.

use std::collections::BTreeSet;

use quote::{format_ident, quote};

use super::document::Document;
use super::error::Error;
use super::rust::{NAMES_EXPECTED, doc, opening, variant};

/// The schemas that become open enums.
pub(super) const OPEN_ENUMS: [&str; 6] = [
    "AcceptedStatus",
    "Action",
    "EmailStatus",
    "EndpointStatus",
    "Entity",
    "JobStatus",
];

/// The variant that `open_enum!` adds for all other values.
const OTHER: &str = "Other";

/// Renders `enums.rs`.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let mut out =
        opening("The enums of responses, open to values that the document does not know.");
    out += "use crate::open_enum::open_enum;\n";
    for name in OPEN_ENUMS {
        // The formatter leaves what is inside of a macro as it is, so the enum is formatted before it goes in.
        let code: String = prettyplease::unparse(&open_enum(document, name)?)
            .lines()
            .map(|line| format!("    {line}\n"))
            .collect();
        out += &format!("\nopen_enum! {{\n{code}}}\n");
    }
    Ok(out)
}

fn open_enum(document: &Document, name: &str) -> Result<syn::File, Error> {
    let need = format!("the client's type `{name}`");
    let schema = document.schema(name);
    let description = doc(schema.key("description").text(&need)?);
    let values = schema.key("enum");
    let mut variants = Vec::new();
    let mut names = BTreeSet::from([OTHER.to_owned()]);
    for (index, value) in values.texts(&need)?.into_iter().enumerate() {
        let Some(variant) = variant(value).filter(|variant| names.insert(variant.clone())) else {
            let expected = format!("{NAMES_EXPECTED}, and not `other`");
            let place = values.key(&index.to_string());
            return Err(place.unfit(format!("is unfit: {value:?}"), expected, need));
        };
        let (doc, variant) = (doc(&format!("`{value}`")), format_ident!("{variant}"));
        variants.push(quote!(#doc #variant = #value));
    }
    let name = format_ident!("{name}");
    Ok(syn::parse_quote!(#description pub enum #name { #(#variants),* }))
}

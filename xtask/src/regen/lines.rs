//! `conformance/src/generated/lines.rs`: where in the document's `x-clauses` each clause stands, for reports that point
//! people to it.

use std::collections::HashMap;

use quote::quote;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_saphyr::Spanned;
use syn::parse_quote;

use super::document::Document;
use super::error::Error;
use super::rust;
use crate::files::DOCUMENT;

/// The part of the document whose lines are wanted.
#[derive(Deserialize)]
struct Places {
    #[serde(rename = "x-clauses")]
    clauses: HashMap<Spanned<String>, IgnoredAny>,
}

/// Renders the lines, in the order of the document.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let places: Places = document.parse()?;
    let mut lines: Vec<(u64, String)> = (places.clauses.into_keys())
        .map(|id| (id.referenced.line(), id.value))
        .collect();
    lines.sort();
    let lines = lines.iter().map(|(line, id)| {
        let line = proc_macro2::Literal::u64_unsuffixed(*line);
        quote!((#id, #line))
    });
    let code = parse_quote! {
        /// Path of the document from the root of the repository.
        pub(crate) const DOCUMENT: &str = #DOCUMENT;

        /// Each clause of the contract, and its line in the document, from 1.
        pub(crate) const LINES: &[(&str, u64)] = &[#(#lines),*];
    };
    let subject = "Where in the document's `x-clauses` each clause stands.";
    Ok(rust::file(subject, &code))
}

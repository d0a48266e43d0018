//! `conformance/src/checks/registry.rs`: the suite's checks in the order of the contract, which is that of the document's
//! `x-clauses`. Whether each has its file, the compiler says.

use quote::{format_ident, quote};
use syn::parse_quote;

use super::document::Document;
use super::error::Error;
use super::rust::{self, is_identifier};

/// Renders the registry.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let need = "the registry of the checks";
    let places = document.at("/x-clauses");
    let mut groups = Vec::new();
    let mut checks = Vec::new();
    for id in places.object(need)?.keys() {
        let names = id.split_once('.').map(|(group, name)| {
            let names = [group, &name.replace('-', "_")];
            let are_names = is_name(group) && is_name(name) && names.into_iter().all(is_identifier);
            are_names.then(|| names.map(str::to_owned))
        });
        let Some(Some([group, name])) = names else {
            let expected = "an id like `submit.status-pending`".to_owned();
            return Err(places.key(id).unfit("is no clause", expected, need));
        };
        let (group, name) = (format_ident!("{group}"), format_ident!("{name}"));
        if !groups.contains(&group) {
            groups.push(group.clone());
        }
        checks.push(quote!(&#group::#name::CHECK));
    }
    groups.sort();
    let code = parse_quote! {
        use crate::checks::check::Check;
        use crate::checks::{#(#groups),*};

        /// Every check, in the order of the contract. The order is that of `list` and of the reports.
        pub static CHECKS: &[&Check] = &[#(#checks),*];
    };
    Ok(rust::file("The registry of the checks.", &code))
}

/// Whether a part of an id is also the name of a folder or a file, but for its dashes.
fn is_name(part: &str) -> bool {
    part.starts_with(|letter: char| letter.is_ascii_lowercase())
        && part
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
}

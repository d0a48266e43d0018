//! One constant: its name, its documentation and its value, read from a place in the document or at hand. Many are
//! rendered together, with the modules that their names call for.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::regen::error::Error;
use crate::regen::place::Place;
use crate::regen::rust::{NAMES_EXPECTED, doc, variant};

/// What is read from a place.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// The text there.
    Text,
    /// The last key on the way there: a name that the code knows, and that must stand in the document.
    Key,
    /// The text there, which is the name of a header.
    HeaderName,
    /// The text there, which is the value of a header.
    HeaderValue,
    /// The list of texts there.
    Texts,
    /// The list of texts there, and each of them as a constant of its own. The path is the module's.
    Values,
    /// The number there.
    U32,
    /// The number there, for counts of things in memory.
    Usize,
    /// The number there, which may be a fraction.
    F64,
    /// The required keys of the object schema there, each with its type.
    Required,
    /// What is there, as JSON.
    Json,
}

impl Kind {
    /// Reads what is at `place`.
    pub(super) fn read(
        self,
        path: &str,
        doc: &str,
        place: &Place<'_>,
    ) -> Result<Vec<Constant>, Error> {
        let need = &format!("`{path}`: {}", doc.trim_end_matches('.'));
        Ok(vec![match self {
            Self::Text => Constant::text(path, doc, place.text(need)?),
            Self::Key => {
                place.value(need)?;
                Constant::text(path, doc, &place.last_key())
            }
            Self::HeaderName => {
                let name = place.text(need)?;
                let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
                if name.is_empty() || !name.chars().all(is_of_name) {
                    let expected = "letters, digits and dashes";
                    return Err(place.unfit(format!("is {name:?}"), expected, need));
                }
                // Servers take it in any letters, and the crate `http` in small ones.
                Constant::text(path, doc, &name.to_ascii_lowercase())
            }
            Self::HeaderValue => {
                let value = place.text(need)?;
                if value.is_empty() || !value.chars().all(|letter| letter.is_ascii_graphic()) {
                    let expected = "letters, digits and signs of ASCII";
                    return Err(place.unfit(format!("is {value:?}"), expected, need));
                }
                Constant::text(path, doc, value)
            }
            Self::Texts => Constant::texts(path, doc, &place.texts(need)?),
            Self::Values => return values(path, doc, place, need),
            Self::U32 => Constant::number(path, doc, quote!(u32), place.number(need)?),
            Self::Usize => Constant::number(path, doc, quote!(usize), place.number(need)?),
            Self::F64 => Constant::fraction(path, doc, place.fraction(need)?),
            Self::Required => {
                let mut pairs = Vec::new();
                for key in place.key("required").texts(need)? {
                    let kind = place.key("properties").key(key).key("type").text(need)?;
                    pairs.push((key, kind));
                }
                Constant::pairs(path, doc, &pairs)
            }
            Self::Json => {
                let json = place.value(need)?.to_string();
                Constant {
                    wording: None,
                    ..Constant::text(path, doc, &json)
                }
            }
        }])
    }
}

fn values(module: &str, doc: &str, place: &Place<'_>, need: &str) -> Result<Vec<Constant>, Error> {
    let values = place.texts(need)?;
    let all = Constant::texts(&format!("{module}::VALUES"), doc, &values);
    let mut constants = Vec::new();
    let mut paths = BTreeSet::from([all.path.clone()]);
    for value in &values {
        let path = format!("{module}::{}", value.to_ascii_uppercase());
        if variant(value).is_none() || !paths.insert(path.clone()) {
            let expected = format!("{NAMES_EXPECTED}, and not `values`");
            return Err(place.unfit(format!("has {value:?}"), expected, need));
        }
        constants.push(Constant::text(&path, &format!("`{value}`"), value));
    }
    constants.push(all);
    Ok(constants)
}

/// A constant of the contract.
pub(super) struct Constant {
    /// Its path below `contract`, as in `list::limit::MAX`.
    path: String,
    doc: String,
    kind: TokenStream,
    value: TokenStream,
    /// The value as a clause words it, if one may.
    wording: Option<String>,
}

impl Constant {
    pub(super) fn text(path: &str, doc: &str, value: &str) -> Self {
        let wording = Some(value.to_owned());
        Self::new(path, doc, quote!(&str), quote!(#value), wording)
    }

    fn texts(path: &str, doc: &str, values: &[&str]) -> Self {
        let wording = Some(values.join("`, `"));
        Self::new(path, doc, quote!(&[&str]), quote!(&[#(#values),*]), wording)
    }

    pub(super) fn number(path: &str, doc: &str, kind: TokenStream, value: u32) -> Self {
        let literal = Literal::u32_unsuffixed(value);
        Self::new(path, doc, kind, quote!(#literal), Some(value.to_string()))
    }

    fn fraction(path: &str, doc: &str, value: f64) -> Self {
        let literal = Literal::f64_unsuffixed(value);
        Self::new(
            path,
            doc,
            quote!(f64),
            quote!(#literal),
            Some(value.to_string()),
        )
    }

    pub(super) fn pairs(path: &str, doc: &str, pairs: &[(&str, &str)]) -> Self {
        let rows = pairs
            .iter()
            .map(|(first, second)| quote!((#first, #second)));
        let value = quote!(&[#(#rows),*]);
        Self::new(path, doc, quote!(&[(&str, &str)]), value, None)
    }

    pub(super) fn priced(path: &str, doc: &str, pairs: &[(&str, f64)]) -> Self {
        let rows = pairs.iter().map(|(name, price)| quote!((#name, #price)));
        Self::new(
            path,
            doc,
            quote!(&[(&str, f64)]),
            quote!(&[#(#rows),*]),
            None,
        )
    }

    fn new(
        path: &str,
        doc: &str,
        kind: TokenStream,
        value: TokenStream,
        wording: Option<String>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            doc: doc.to_owned(),
            kind,
            value,
            wording,
        }
    }

    /// The name, and what a clause says for it.
    pub(super) fn wording(&self) -> Option<(&str, &str)> {
        Some((&self.path, self.wording.as_deref()?))
    }
}

/// Renders the constants in the modules of their paths. `modules` says what a module is about.
pub(super) fn render(constants: &[Constant], modules: &[(&str, &str)]) -> TokenStream {
    module("", &constants.iter().collect::<Vec<_>>(), modules)
}

/// Renders what is in the module with this path: the constants, then the modules below it.
fn module(path: &str, constants: &[&Constant], modules: &[(&str, &str)]) -> TokenStream {
    let own = constants.iter().filter_map(|constant| {
        let name = constant.path.strip_prefix(path)?;
        let name = (!name.contains("::")).then(|| format_ident!("{name}"))?;
        let Constant { kind, value, .. } = constant;
        let doc = doc(&constant.doc);
        Some(quote!(#doc pub const #name: #kind = #value;))
    });
    let below = modules.iter().filter_map(|(inner, text)| {
        let name = inner.strip_prefix(path)?;
        let name = (!name.contains("::")).then(|| format_ident!("{name}"))?;
        let prefix = format!("{inner}::");
        let inside: Vec<_> = (constants.iter().copied())
            .filter(|constant| constant.path.starts_with(&prefix))
            .collect();
        let (doc, content) = (doc(text), module(&prefix, &inside, modules));
        Some(quote!(#doc pub mod #name { #content }))
    });
    quote!(#(#own)* #(#below)*)
}

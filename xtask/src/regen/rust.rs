//! Rust source from tokens: whole files, doc comments, and names made of the document's values.

use proc_macro2::TokenStream;
use quote::quote;
use syn::File;

/// A rendered file: what it is, the command that makes it, and the code.
pub(super) fn file(subject: &str, code: &File) -> String {
    opening(subject) + &prettyplease::unparse(code)
}

/// The opening of a rendered file.
pub(super) fn opening(subject: &str) -> String {
    format!(
        "//! Rendered from `{}` by `cargo xtask regen`; not edited by hand.\n//!\n//! {subject}\n\n",
        crate::files::DOCUMENT,
    )
}

/// A doc comment, one line of it for each of the text.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| format!(" {line}"));
    quote!(#(#[doc = #lines])*)
}

/// What values of an enum must be, for names to be made of them.
pub(super) const NAMES_EXPECTED: &str =
    "words of letters and digits joined by `_`, no two of which differ in capitals or `_` alone";

/// A value in the form of a variant's name, `CatchAll` for `catch_all`; nothing when it has no such form.
pub(super) fn variant(value: &str) -> Option<String> {
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric());
    let starts_with_letter = value.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let capitalised = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let name = (starts_with_letter && value.split('_').all(is_word))
        .then(|| value.split('_').map(capitalised).collect::<String>());
    name.filter(|name| is_identifier(name))
}

/// Whether Rust takes it for a name: `self` is none, nor is `Self`.
pub(super) fn is_identifier(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
}

/// The name of a component in the form of a constant's, `BAD_REQUEST` for `BadRequest` and `Bad-Request`; nothing when it
/// has no such form.
pub(super) fn constant(component: &str) -> Option<String> {
    let mut name = String::new();
    for letter in component.chars() {
        let begins_word = letter.is_ascii_uppercase() || !letter.is_ascii_alphanumeric();
        if begins_word && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_uppercase());
        }
    }
    Some(name).filter(|name| is_identifier(name))
}

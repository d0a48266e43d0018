//! The client's generated code: the settings of progenitor, and its errors and panics turned into a place in
//! the document. What progenitor gets to see is made in [`view`].

use std::panic::{self, AssertUnwindSafe};

use proc_macro2::{Group, TokenStream, TokenTree};
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use quote::quote;
use serde_json::{Value, json};

use super::document::Document;
use super::enums::OPEN_ENUMS;
use super::error::Error;
use super::{polish, requests, rust, view};

/// The schemas whose bounds the client's hand-written types hold.
const VALIDATED: [&str; 5] = [
    "ChunkSize",
    "ContactFields",
    "PageLimit",
    "ProfileUrls",
    "WebhookUrl",
];

/// Renders `api.rs`.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let view = view::lenient(document);
    let code = generate(&view).map_err(|problem| culprit(&view, problem))?;
    Ok(rust::file(
        "The operations and types of the API, made by progenitor.",
        &code,
    ))
}

/// Runs progenitor. It panics on some of what it does not support; that is an error like any other here.
fn generate(view: &Value) -> Result<syn::File, String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| try_generate(view)));
    panic::set_hook(hook);
    match outcome {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(payload) => Err(match payload.downcast::<String>() {
            Ok(message) => *message,
            Err(payload) => payload.downcast::<&str>().map_or_else(
                |_| "it panics, without a message".to_owned(),
                |message| (*message).to_owned(),
            ),
        }),
    }
}

fn try_generate(view: &Value) -> Result<syn::File, Box<dyn std::error::Error>> {
    let specification = serde_json::from_value(view.clone())?;
    let tokens = Generator::new(&settings()?).generate_tokens(&specification)?;
    let mut code = syn::parse2(adapted(tokens))?;
    polish::types(&mut code, view)?;
    requests::only(&mut code)?;
    Ok(code)
}

/// What progenitor writes in a way of its own. It sends the document's version in a header of its own choice: here it is the
/// API's. And it decodes a number that may be a fraction as one that can't be compared.
fn adapted(tokens: TokenStream) -> TokenStream {
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let inner = adapted(group.stream());
            TokenStream::from(TokenTree::from(Group::new(group.delimiter(), inner)))
        }
        TokenTree::Literal(literal) if literal.to_string() == "\"api-version\"" => {
            quote!(crate::generated::contract::header::API_VERSION)
        }
        TokenTree::Ident(ident) if ident == "f64" || ident == "f32" => {
            quote!(::serde_json::Number)
        }
        token => token.into(),
    });
    each.collect()
}

fn settings() -> Result<GenerationSettings, serde_json::Error> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_derive("schemars::JsonSchema")
        .with_derive("PartialEq")
        .with_derive("Eq")
        // A plain UUID, as the list's cursor is one.
        .with_replacement(
            "BatchId",
            "::uuid::Uuid",
            [TypeImpl::Display, TypeImpl::FromStr].into_iter(),
        )
        // Kept as the server wrote it: an odd date must not make a job unreadable.
        .with_conversion(
            serde_json::from_value(json!({"type": "string", "format": "date-time"}))?,
            "crate::timestamp::Timestamp",
            std::iter::empty(),
        )
        // The date library is the caller's choice.
        .with_conversion(
            serde_json::from_value(json!({"type": "string", "format": "date"}))?,
            "::std::string::String",
            std::iter::empty(),
        )
        // Whoever has it can read the file: it is not shown like other texts.
        .with_conversion(
            serde_json::from_value(json!({"type": "string", "format": "presigned-url"}))?,
            "crate::download_link::DownloadLink",
            std::iter::empty(),
        );
    for name in VALIDATED {
        let path = format!("crate::request::{name}");
        settings.with_replacement(name, path, std::iter::empty());
    }
    for name in OPEN_ENUMS {
        let path = format!("crate::generated::enums::{name}");
        settings.with_replacement(name, path, std::iter::empty());
    }
    Ok(settings)
}

/// Finds what progenitor can't take: the schema that fails with the fewest others around it, else the
/// operation that fails alone, else the document as a whole.
fn culprit(view: &Value, problem: String) -> Error {
    let schemas = view::single_schemas(view).into_iter();
    let operations = view::single_operations(view).into_iter();
    let failing = schemas
        .chain(operations)
        .find_map(|(place, part)| generate(&part).err().map(|problem| (place, problem)));
    let (place, problem) = failing.unwrap_or_else(|| ("#".to_owned(), problem));
    // What follows the first line is a dump of progenitor's own structures.
    let problem = problem.lines().next().unwrap_or_default().to_owned();
    Error::Generator { place, problem }
}

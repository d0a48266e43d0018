//! The client's generated code: settings of progenitor, and its panics and errors turned into a place in the
//! document. What progenitor gets to see is in [`view`].

use progenitor_impl::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;
use serde_json::{Value, json};

use super::document::Document;
use super::enums::OPEN_ENUMS;
use super::error::Error;
use super::view;

/// The schemas whose bounds the client's hand-written types hold.
const VALIDATED: [&str; 4] = ["ChunkSize", "ContactFields", "PageLimit", "ProfileUrls"];

/// Renders `api.rs`.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let view = view::lenient(document);
    let code = generate(&view).map_err(|problem| Error::Generator {
        place: "#".to_owned(),
        problem,
    })?;
    Ok(format!(
        "//! Rendered from `openapi/crustdata-batch.yaml` by `cargo xtask regen`; not edited by hand.\n\
         //!\n\
         //! The operations and types of the API, made by progenitor.\n\n{code}"
    ))
}

fn generate(view: &Value) -> Result<String, String> {
    let settings = settings().map_err(|error| error.to_string())?;
    let spec = serde_json::from_value(view.clone()).map_err(|error| error.to_string())?;
    let tokens = Generator::new(&settings)
        .generate_tokens(&spec)
        .map_err(|error| error.to_string())?;
    let file = syn::parse2(tokens).map_err(|error| error.to_string())?;
    Ok(prettyplease::unparse(&file))
}

fn settings() -> Result<GenerationSettings, serde_json::Error> {
    let date_time = serde_json::from_value(json!({"type": "string", "format": "date-time"}))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        // The client adds the key and the version in its hooks: without them it must not compile.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::transport::Transport))
        .with_derive("schemars::JsonSchema")
        .with_derive("PartialEq")
        .with_derive("Eq")
        // A plain UUID, as the list's cursor is one.
        .with_replacement(
            "BatchId",
            "::uuid::Uuid",
            [TypeImpl::Display, TypeImpl::FromStr].into_iter(),
        );
    // Kept as the server wrote it: an odd date must not make a job unreadable.
    settings.with_conversion(date_time, "crate::timestamp::Timestamp", std::iter::empty());
    for name in VALIDATED {
        settings.with_replacement(name, format!("crate::request::{name}"), std::iter::empty());
    }
    for name in OPEN_ENUMS {
        settings.with_replacement(
            name,
            format!("crate::generated::enums::{name}"),
            std::iter::empty(),
        );
    }
    Ok(settings)
}

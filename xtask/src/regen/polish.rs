//! What progenitor leaves out of the types: docs where the document has them, what a response says beside its body, and
//! room to grow. A caller must not
//! be able to write code that the next key or value of the document breaks.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use serde_json::Value;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Field, Fields, File, Item, ItemEnum, ItemStruct, Lit, Meta, Visibility, parse_quote,
};

/// Responses that the crate makes itself.
const MADE: [&str; 2] = ["BatchJob", "ContactRecord"];

/// Completes the structs and enums of the module `types`.
pub(super) fn types(code: &mut File, view: &Value) -> Result<(), String> {
    for item in &mut code.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            let mut constructors = Vec::new();
            for item in items.iter_mut() {
                match item {
                    Item::Struct(item) => {
                        structure(item, view)?;
                        constructors.extend(constructor(item));
                    }
                    Item::Enum(item) => enumeration(item),
                    _ => {}
                }
            }
            items.extend(constructors);
        }
    }
    Ok(())
}

/// How the crate itself makes a response: of the keys that are always there, so that a new one beside them breaks nothing.
fn constructor(item: &ItemStruct) -> Option<Item> {
    if !MADE.iter().any(|made| item.ident == made) {
        return None;
    }
    let is_optional = |field: &&Field| {
        let kind = field.ty.to_token_stream().to_string();
        kind.contains("option :: Option") || !matches!(field.vis, Visibility::Public(_))
    };
    let (optional, required): (Vec<_>, Vec<_>) = item.fields.iter().partition(is_optional);
    let name = &item.ident;
    let optional = optional.iter().map(|field| &field.ident);
    let names: Vec<_> = required.iter().map(|field| &field.ident).collect();
    let kinds = required.iter().map(|field| &field.ty);
    Some(parse_quote! {
        impl #name {
            /// The keys that are always there, and no others.
            pub(crate) fn required(#(#names: #kinds),*) -> Self {
                Self { #(#names,)* #(#optional: ::std::default::Default::default()),* }
            }
        }
    })
}

fn structure(item: &mut ItemStruct, view: &Value) -> Result<(), String> {
    let schema = &view["components"]["schemas"][item.ident.to_string()];
    for field in &mut item.fields {
        if !has_doc(&field.attrs)
            && let Some(text) = description(field, schema, view)
        {
            field.attrs.insert(0, parse_quote!(#[doc = #text]));
        }
    }
    if item.ident == "BatchJob"
        && let Fields::Named(fields) = &mut item.fields
    {
        // Of the response, not of the job: no key has it.
        fields.named.push(parse_quote! {
            #[serde(skip)]
            pub(crate) facts: crate::facts::Facts
        });
    }
    let mut names = BTreeSet::new();
    for name in item.fields.iter().filter_map(|field| field.ident.as_ref()) {
        if !names.insert(name) {
            return Err(format!("two keys of it become the field `{name}`"));
        }
    }
    item.attrs.push(parse_quote!(#[non_exhaustive]));
    Ok(())
}

/// The description of a field's schema: the generator follows the reference and leaves it behind.
fn description(field: &Field, schema: &Value, view: &Value) -> Option<String> {
    let name = renamed(&field.attrs).or_else(|| Some(field.ident.as_ref()?.to_string()))?;
    let reference = schema["properties"][name]["$ref"].as_str()?;
    let target = view.pointer(reference.trim_start_matches('#'))?;
    target["description"].as_str().map(ToOwned::to_owned)
}

/// Documents each value of an enum by what is sent for it.
fn enumeration(item: &mut ItemEnum) {
    for variant in &mut item.variants {
        if !has_doc(&variant.attrs)
            && let Some(value) = renamed(&variant.attrs)
        {
            let text = format!("`{value}`");
            variant.attrs.insert(0, parse_quote!(#[doc = #text]));
        }
    }
    item.attrs.push(parse_quote!(#[non_exhaustive]));
}

fn has_doc(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("doc"))
}

/// The name in `#[serde(rename = "…")]`.
fn renamed(attributes: &[Attribute]) -> Option<String> {
    let serde = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"));
    serde
        .filter_map(|attribute| {
            attribute
                .parse_args_with(Punctuated::<Meta, syn::Token![,]>::parse_terminated)
                .ok()
        })
        .flatten()
        .find_map(|meta| {
            let pair = meta.require_name_value().ok()?;
            match &pair.value {
                syn::Expr::Lit(literal) if pair.path.is_ident("rename") => match &literal.lit {
                    Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            }
        })
}

//! What progenitor leaves out of the types: docs where the document has them, what a response says beside its body, and
//! room to grow. A caller must not
//! be able to write code that the next key or value of the document breaks.

use std::collections::BTreeSet;

use serde_json::Value;
use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Fields, File, Item, ItemEnum, ItemStruct, Lit, Meta, parse_quote};

/// Completes the structs and enums of the module `types`.
pub(super) fn types(code: &mut File, view: &Value) -> Result<(), String> {
    for item in &mut code.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            for item in items {
                match item {
                    Item::Struct(item) => structure(item, view)?,
                    Item::Enum(item) => enumeration(item),
                    _ => {}
                }
            }
        }
    }
    Ok(())
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

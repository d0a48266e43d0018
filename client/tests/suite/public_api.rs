//! The public items of the crate as a text to review: whoever changes it, changes what callers compile against.
//!
//! Read from the sources, so that it needs no other tool and no other compiler: every `pub` item of the files, with its
//! signature and without its body. Modules are private, so an item is reachable if `lib.rs` names it. What derives add is
//! seen as the derive; what the crate's own macros add, as the invocation and, at the end, what the macro declares.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, UseTree, Visibility};

#[test]
fn snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    read(&folder, &mut sources);
    let mut public = BTreeSet::new();
    let mut found = BTreeMap::new();
    visit(&sources, &mut |items| {
        items.iter().for_each(|item| names(item, &mut public));
    });
    visit(&sources, &mut |items| {
        items
            .iter()
            .for_each(|item| describe(item, &public, &mut found));
    });
    let testing = ["testing.rs", "testing/responses.rs"].map(|file| functions(&folder.join(file)));
    let testing = testing.concat();
    let is_missing = |name: &&String| {
        let is_function = testing
            .iter()
            .any(|line| line.contains(&format!("fn {name}(")));
        !found.contains_key(*name) && !is_function
    };
    let missing: Vec<_> = public.iter().filter(is_missing).collect();
    assert_eq!(
        missing,
        ["Uuid"],
        "re-exported, and not found in the sources"
    );
    let macros = sources.iter().flat_map(|source| declared_by_macros(source));
    let text: Vec<_> = found
        .into_values()
        .map(|lines: Vec<String>| lines.join("\n"))
        .chain(macros)
        .chain([format!("mod testing{}", testing.concat())])
        .collect();
    insta::assert_snapshot!(text.join("\n\n"));
}

/// The texts of all files below a folder.
fn read(folder: &Path, sources: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            read(&path, sources);
        } else {
            sources.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// The functions of a file of the one public module.
fn functions(file: &Path) -> Vec<String> {
    let module = syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap();
    let lines = module.items.iter().filter_map(|item| match item {
        Item::Fn(item) if matches!(item.vis, Visibility::Public(_)) => {
            Some(format!("\n    {}", text(&item.sig)))
        }
        _ => None,
    });
    lines.collect()
}

/// Calls `each` with the items of each file and of each module in it that is not for tests.
fn visit(sources: &[String], each: &mut dyn FnMut(&[Item])) {
    for source in sources {
        visit_items(&syn::parse_file(source).unwrap().items, each);
    }
}

/// For each macro of a file: its name, and the lines of it that declare something.
fn declared_by_macros(source: &str) -> Vec<String> {
    let definitions = source.split("\nmacro_rules! ").skip(1);
    definitions
        .map(|definition| {
            let (name, rest) = definition.split_once(' ').unwrap();
            let body = rest.lines().take_while(|line| *line != "}");
            let declarations = body.filter(|line| {
                [
                    "pub ",
                    "impl",
                    "type ",
                    "#[derive",
                    "#[non_exhaustive",
                    "#[must_use",
                ]
                .iter()
                .any(|start| line.trim_start().starts_with(start))
            });
            let lines = declarations.map(|line| format!("\n{}", line.trim_end_matches([' ', '{'])));
            format!("macro_rules! {name}{}", lines.collect::<String>())
        })
        .collect()
}

fn visit_items(items: &[Item], each: &mut dyn FnMut(&[Item])) {
    // The generated client is no face of ours, though it has the name of one; its types are, in a module of their own.
    let is_generated_client = items.iter().any(|item| {
        matches!(item, Item::Mod(module) if module.ident == "types" && module.content.is_some())
    });
    if !is_generated_client {
        each(items);
    }
    for item in items {
        if let Item::Mod(module) = item
            && let Some((_, items)) = &module.content
            && module.ident != "tests"
        {
            visit_items(items, each);
        }
    }
}

/// The names that `lib.rs` exports are the only ones with `pub use` and a path into the crate or to a dependency that
/// is re-exported on purpose; files below it re-export the same names upwards.
fn names(item: &Item, public: &mut BTreeSet<String>) {
    if let Item::Use(item) = item
        && matches!(item.vis, Visibility::Public(_))
    {
        leaves(&item.tree, public);
    }
}

fn leaves(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) if path.ident == "progenitor_client" => {}
        UseTree::Path(path) => leaves(&path.tree, names),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Rename(name) => drop(names.insert(name.rename.to_string())),
        UseTree::Glob(_) => panic!("a glob hides what is public"),
    }
}

/// Adds the lines of one item, if it is one of these.
fn describe(item: &Item, public: &BTreeSet<String>, found: &mut BTreeMap<String, Vec<String>>) {
    let mut add = |name: &str, lines: Vec<String>| {
        if public.contains(name) {
            found.entry(name.to_owned()).or_default().extend(lines);
        }
    };
    match item {
        Item::Struct(item) => {
            let mut lines = vec![format!("{}struct {}", marks(&item.attrs), item.ident)];
            if let Fields::Named(fields) = &item.fields {
                for field in fields
                    .named
                    .iter()
                    .filter(|field| matches!(field.vis, Visibility::Public(_)))
                {
                    lines.push(format!("    {}: {}", text(&field.ident), text(&field.ty)));
                }
            }
            add(&item.ident.to_string(), lines);
        }
        Item::Enum(item) => {
            let mut lines = vec![format!("{}enum {}", marks(&item.attrs), item.ident)];
            lines.extend(item.variants.iter().map(|variant| {
                let fields = fields_of(&variant.fields);
                format!("    {}{fields}", variant.ident)
            }));
            add(&item.ident.to_string(), lines);
        }
        Item::Impl(item) => {
            let name = text(&item.self_ty);
            if let Some((path, _)) = &item.trait_ {
                add(&name, vec![format!("    impl {}", text(path))]);
                return;
            }
            let lines = item.items.iter().filter_map(|item| match item {
                ImplItem::Fn(item) if matches!(item.vis, Visibility::Public(_)) => {
                    Some(format!("    {}", text(&item.sig)))
                }
                ImplItem::Const(item) if matches!(item.vis, Visibility::Public(_)) => {
                    Some(format!("    const {}: {}", item.ident, text(&item.ty)))
                }
                _ => None,
            });
            add(&name, lines.collect());
        }
        // An item of ours that a macro writes: its name is the last word before the variants, the range or the item.
        Item::Macro(item) if item.ident.is_none() => {
            let tokens = without_docs(&text(&item.mac.tokens));
            let words = tokens.split(|c: char| !c.is_alphanumeric() && c != '_');
            let name = words
                .filter(|word| public.contains(*word))
                .find(|word| *word != "Error");
            if let Some(name) = name {
                add(name, vec![format!("{}! {}", text(&item.mac.path), tokens)]);
            }
        }
        _ => {}
    }
}

/// The derives, and `#[non_exhaustive]`.
fn marks(attributes: &[Attribute]) -> String {
    let marks = attributes.iter().filter(|attribute| {
        ["derive", "non_exhaustive", "must_use"]
            .iter()
            .any(|name| attribute.path().is_ident(name))
    });
    marks
        .map(|attribute| format!("{}\n", text(attribute)))
        .collect()
}

fn fields_of(fields: &Fields) -> String {
    let field = |field: &syn::Field| match &field.ident {
        Some(name) => format!("{name}: {}", text(&field.ty)),
        None => text(&field.ty),
    };
    let all: Vec<_> = fields.iter().map(field).collect();
    match fields {
        Fields::Unit => String::new(),
        Fields::Named(_) => format!(" {{ {} }}", all.join(", ")),
        Fields::Unnamed(_) => format!("({})", all.join(", ")),
    }
}

/// Leaves out `#[doc = "…"]`.
fn without_docs(tokens: &str) -> String {
    let mut parts = tokens.split("#[doc = \"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once("\"]").unwrap().1)
}

/// Tokens, with fewer blanks than they print.
fn text(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (wide, narrow) in [
        (":: std :: option :: ", ""),
        (":: std :: string :: ", ""),
        (":: std :: vec :: ", ""),
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" (", "("),
        ("& ", "&"),
        ("# [", "#["),
    ] {
        text = text.replace(wide, narrow);
    }
    text
}

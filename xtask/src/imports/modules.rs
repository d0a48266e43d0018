//! The modules of a crate: what each defines and imports, and every path that its code has.

use std::collections::HashMap;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Item, ItemMod, UseTree, Visibility};

use super::source::{Error, parse};

/// A crate, from its root file on.
pub(super) struct Crate {
    modules: Vec<Module>,
}

/// A module: a file, or an inline module of one.
pub(super) struct Module {
    pub(super) id: usize,
    pub(super) parent: usize,
    /// Path of the file below the folder of the root file.
    pub(super) file: String,
    /// What its names stand for. A name may stand for a module, and for a function too.
    pub(super) names: HashMap<String, Vec<Name>>,
    /// The paths of its `use …::*`.
    pub(super) globs: Vec<Vec<String>>,
    /// Every path that is imported to be used here, and every path and name in the code. Tests are left out.
    pub(super) paths: Vec<Vec<String>>,
}

/// What a name stands for.
pub(super) enum Name {
    /// Something that the module itself defines.
    Item,
    /// A module below.
    Module(usize),
    /// What is at this path.
    Import(Vec<String>),
}

/// Whether a file is rendered.
pub(super) fn is_generated(file: &str) -> bool {
    file.split('/').any(|part| part == "generated")
}

/// The names that lead from the root to a file, `["a", "b"]` for `a/b.rs` and `a/b/mod.rs`.
pub(super) fn trail(file: &str) -> Vec<&str> {
    let file = file.strip_suffix(".rs").unwrap_or(file);
    let file = file.strip_suffix("/mod").unwrap_or(file);
    file.split('/').collect()
}

impl Crate {
    /// Reads all files of the crate with this root file.
    pub(super) fn load(root: &Path) -> Result<Self, Error> {
        let mut code = Self {
            modules: Vec::new(),
        };
        let folder = root.parent().unwrap_or(Path::new(""));
        let name = root.file_name().unwrap_or_default().to_string_lossy();
        code.load_file(folder, &name, "", 0)?;
        Ok(code)
    }

    pub(super) fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// Reads a file. Its modules are in the folder `below`.
    fn load_file(
        &mut self,
        folder: &Path,
        file: &str,
        below: &str,
        parent: usize,
    ) -> Result<usize, Error> {
        let items = parse(&folder.join(file))?;
        self.load_module(folder, file, below, parent, items)
    }

    fn load_module(
        &mut self,
        folder: &Path,
        file: &str,
        below: &str,
        parent: usize,
        items: Vec<Item>,
    ) -> Result<usize, Error> {
        let id = self.modules.len();
        self.modules.push(Module {
            id,
            parent,
            file: file.to_owned(),
            names: HashMap::new(),
            globs: Vec::new(),
            paths: Vec::new(),
        });
        for item in items {
            if is_test(&item) {
                continue;
            }
            match item {
                Item::Mod(item) => {
                    let name = item.ident.to_string();
                    let child = self.load_child(folder, file, below, id, item)?;
                    self.modules[id].define(name, Name::Module(child));
                }
                Item::Use(item) => {
                    let is_private = matches!(item.vis, Visibility::Inherited);
                    self.modules[id].import(&item.tree, &mut Vec::new(), is_private);
                }
                item => {
                    let module = &mut self.modules[id];
                    if let Some(name) = name_of(&item) {
                        module.define(name, Name::Item);
                    }
                    collect(item.into_token_stream(), &[], &mut module.paths);
                }
            }
        }
        Ok(id)
    }

    fn load_child(
        &mut self,
        folder: &Path,
        file: &str,
        below: &str,
        parent: usize,
        item: ItemMod,
    ) -> Result<usize, Error> {
        let inside = format!("{below}{}/", item.ident);
        match item.content {
            Some((_, items)) => self.load_module(folder, file, &inside, parent, items),
            None => {
                let file = format!("{below}{}.rs", item.ident);
                let file = if folder.join(&file).is_file() {
                    file
                } else {
                    inside.clone() + "mod.rs"
                };
                self.load_file(folder, &file, &inside, parent)
            }
        }
    }
}

impl Module {
    fn define(&mut self, name: String, meaning: Name) {
        self.names.entry(name).or_default().push(meaning);
    }

    /// Takes in a `use`, whose path so far is `path`. What is handed on only is not used here.
    fn import(&mut self, tree: &UseTree, path: &mut Vec<String>, is_private: bool) {
        let (name, rename) = match tree {
            UseTree::Path(part) => {
                path.push(part.ident.to_string());
                self.import(&part.tree, path, is_private);
                path.pop();
                return;
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, path, is_private);
                }
                return;
            }
            UseTree::Glob(_) => {
                self.globs.push(path.clone());
                return;
            }
            UseTree::Name(name) => (name.ident.to_string(), None),
            UseTree::Rename(name) => (name.ident.to_string(), Some(name.rename.to_string())),
        };
        let mut path = path.clone();
        if name != "self" {
            path.push(name);
        }
        let name = rename.or_else(|| path.last().cloned()).unwrap_or_default();
        self.define(name, Name::Import(path.clone()));
        if is_private {
            self.paths.push(path);
        }
    }
}

/// Whether an item is compiled for tests only.
fn is_test(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        _ => &[],
    };
    attributes.iter().any(|attribute| {
        let text = attribute.to_token_stream().to_string().replace(' ', "");
        text == "#[cfg(test)]"
    })
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Macros whose tokens are code of another crate.
const QUOTES: [&str; 2] = ["quote", "parse_quote"];

/// Adds every path and every name in the tokens, macros included, behind `prefix`.
fn collect(tokens: TokenStream, prefix: &[String], found: &mut Vec<Vec<String>>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is_colon =
        |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Group(group) => collect(group.stream(), &[], found),
            TokenTree::Ident(name) if QUOTES.iter().any(|quote| name == quote) => at += 2,
            TokenTree::Ident(first) => {
                let mut path = prefix.to_vec();
                path.push(first.to_string());
                while is_colon(at) && is_colon(at + 1) {
                    match tokens.get(at + 2) {
                        Some(TokenTree::Ident(next)) => path.push(next.to_string()),
                        // A `use` in a function.
                        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                            collect(group.stream(), &path, found);
                        }
                        _ => break,
                    }
                    at += 3;
                }
                found.push(path);
            }
            _ => {}
        }
    }
}

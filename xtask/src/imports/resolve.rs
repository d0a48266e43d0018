//! What a path names: the file in which it is defined, behind any number of re-exports.

use super::modules::{Crate, Module, Name};

/// More re-exports in a row than code has: beyond it they lead in a circle, or to another crate of the same name.
const MAX_IMPORTS: usize = 16;

/// The file with what `path` names in `module`. Nothing when it is of another crate, or only a module: what is used of
/// that has a path of its own.
pub(super) fn file(code: &Crate, module: &Module, path: &[String]) -> Option<String> {
    match walk(code, module, path, MAX_IMPORTS)? {
        Found::Item(module) => Some(module.file.clone()),
        Found::Module(_) => None,
    }
}

enum Found<'a> {
    /// Something that this module defines.
    Item(&'a Module),
    Module(&'a Module),
}

fn walk<'a>(
    code: &'a Crate,
    module: &'a Module,
    path: &[String],
    left: usize,
) -> Option<Found<'a>> {
    let left = left.checked_sub(1)?;
    let (first, rest) = path.split_first()?;
    let start = match first.as_str() {
        "crate" => &code.modules()[0],
        "self" => module,
        "super" => &code.modules()[module.parent],
        _ => return name(code, module, path, left),
    };
    inside(code, start, rest, left)
}

/// What `path` names inside of a module of this crate.
fn inside<'a>(
    code: &'a Crate,
    module: &'a Module,
    path: &[String],
    left: usize,
) -> Option<Found<'a>> {
    match path.first().map(String::as_str) {
        None => Some(Found::Module(module)),
        Some("super") => inside(code, &code.modules()[module.parent], &path[1..], left),
        // A name that is not found there is made by a macro there.
        Some(first) => match name(code, module, path, left) {
            Some(found) => Some(found),
            None if module.names.contains_key(first) => None,
            None => Some(Found::Item(module)),
        },
    }
}

/// What a path means that begins with a name of this module.
fn name<'a>(
    code: &'a Crate,
    module: &'a Module,
    path: &[String],
    left: usize,
) -> Option<Found<'a>> {
    let (first, rest) = path.split_first()?;
    let meanings = module.names.get(first).map_or(&[][..], Vec::as_slice);
    let below = meanings.iter().find_map(|meaning| match meaning {
        Name::Module(id) => Some(&code.modules()[*id]),
        _ => None,
    });
    match below {
        Some(below) if !rest.is_empty() || meanings.len() == 1 => {
            return inside(code, below, rest, left);
        }
        _ => {}
    }
    for meaning in meanings {
        match meaning {
            Name::Item => return Some(Found::Item(module)),
            Name::Import(way) => {
                let way: Vec<_> = way.iter().chain(rest).cloned().collect();
                return walk(code, module, &way, left);
            }
            Name::Module(_) => {}
        }
    }
    module.globs.iter().find_map(|glob| {
        let Some(Found::Module(target)) = walk(code, module, glob, left.checked_sub(1)?) else {
            return None;
        };
        (target.id != module.id && target.names.contains_key(first))
            .then(|| name(code, target, path, left))?
    })
}

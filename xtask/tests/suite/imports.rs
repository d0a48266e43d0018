//! `cargo xtask imports`: which imports are a circle, between files and between folders, and which are none.

use crate::workspace::{Outcome, Workspace};

/// Runs the verb on a package with these files.
fn imports(files: &[(&str, &str)]) -> Outcome {
    let workspace = Workspace::empty();
    workspace.write("Cargo.toml", "[workspace]\nmembers = [\"one\"]\n");
    for (file, text) in files {
        workspace.write(format!("one/src/{file}"), text);
    }
    workspace.xtask(&["imports"])
}

#[track_caller]
fn assert_none(files: &[(&str, &str)]) {
    let outcome = imports(files);
    assert_eq!((outcome.stderr.as_str(), outcome.code), ("", Some(0)));
}

/// The files have a circle, and this is it.
#[track_caller]
fn assert_circle(files: &[(&str, &str)], expected: &str) {
    let outcome = imports(files);
    assert_eq!(outcome.code, Some(1));
    let first = outcome.stderr.lines().next();
    assert_eq!(
        first,
        Some(format!("one: {expected}").as_str()),
        "{}",
        outcome.stderr
    );
}

#[test]
fn two_files_that_import_each_other() {
    let outcome = imports(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        (
            "b.rs",
            "pub struct B; impl B { fn a() -> super::a::A { todo!() } }",
        ),
    ]);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(outcome.stdout, "");
    insta::assert_snapshot!(outcome.stderr, @r"
    one: a.rs → b.rs → a.rs
        a.rs names crate::b::B, B
        b.rs names super::a::A
    error: circles of imports: 1
    To mend: move what both need into a file of its own
    ");
}

#[test]
fn a_row_of_imports() {
    assert_none(&[
        (
            "lib.rs",
            "mod a; mod b; mod c; pub fn all() { a::A; b::B; }",
        ),
        (
            "a.rs",
            "use crate::{b::B, c::{self, C}}; pub struct A(B, C); fn f() { c::f() }",
        ),
        ("b.rs", "use super::c; pub struct B(c::C);"),
        ("c.rs", "use std::fmt; pub struct C; pub fn f() {}"),
    ]);
}

#[test]
fn a_child_that_imports_from_its_parent() {
    // To declare a module is no import of it.
    assert_none(&[
        ("lib.rs", "mod a; pub struct Root;"),
        ("a.rs", "use crate::Root;"),
    ]);
    assert_circle(
        &[
            ("lib.rs", "mod a; pub struct Root; fn f() { a::f() }"),
            ("a.rs", "pub fn f() -> super::Root { todo!() }"),
        ],
        "a.rs → lib.rs → a.rs",
    );
}

#[test]
fn a_re_export_is_no_import_and_leads_to_where_it_is_defined() {
    assert_none(&[
        (
            "lib.rs",
            "mod a; mod error; pub use a::A; pub use error::Error;",
        ),
        ("a.rs", "use crate::Error; pub struct A(Error);"),
        ("error.rs", "pub struct Error;"),
    ]);
    assert_circle(
        &[
            (
                "lib.rs",
                "mod a; mod error; pub use a::A; pub use error::{Error as Failure};",
            ),
            ("a.rs", "use crate::Failure; pub struct A(Failure);"),
            ("error.rs", "pub struct Error(crate::A);"),
        ],
        "a.rs → error.rs → a.rs",
    );
    // What is handed on and used as well is an import.
    assert_circle(
        &[
            ("lib.rs", "mod a; pub use a::A; pub struct Root(A);"),
            ("a.rs", "use super::Root; pub struct A(Box<Root>);"),
        ],
        "a.rs → lib.rs → a.rs",
    );
}

#[test]
fn paths_in_macros_and_behind_globs_count() {
    assert_circle(
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "pub fn f() { println!(\"{}\", crate::b::g()) }"),
            ("b.rs", "use crate::a::*; pub fn g() -> u8 { f(); 1 }"),
        ],
        "a.rs → b.rs → a.rs",
    );
}

#[test]
fn tests_quoted_code_and_generated_code_are_left_out() {
    assert_none(&[
        ("lib.rs", "mod a; mod b; mod generated;"),
        (
            "a.rs",
            "pub struct A; #[cfg(test)] mod tests { use crate::b::B; } fn f() { quote!(crate::b::B) }",
        ),
        (
            "b.rs",
            "use crate::a::A; use crate::generated::G; pub struct B(A, G);",
        ),
        ("generated/mod.rs", "pub struct G; use crate::b::B;"),
    ]);
}

/// No file is in a circle, but neither folder can do without the other.
#[test]
fn two_folders_that_import_each_other() {
    assert_circle(
        &[
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "pub mod one; pub mod two;"),
            ("a/one.rs", "pub struct One(crate::b::one::One);"),
            ("a/two.rs", "pub struct Two;"),
            ("b.rs", "pub mod one; pub mod two;"),
            ("b/one.rs", "pub struct One;"),
            ("b/two.rs", "pub struct Two(crate::a::two::Two);"),
        ],
        "a → b → a",
    );
}

#[test]
fn a_file_that_is_no_rust() {
    let outcome = imports(&[("lib.rs", "mod a;"), ("a.rs", "fn {")]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("a.rs: "), "{}", outcome.stderr);
}

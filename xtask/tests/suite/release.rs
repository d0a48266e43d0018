//! A release is prepared only when each changelog tells of it, and then everything says its version.

use crate::workspace::Workspace;

const CHANGELOG: &str =
    "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2031-01-31\n\n- Something new.\n
## 0.1.0 - 2030-12-31\n\nThe first version.\n";

/// A workspace of two crates that are published and one that is not, as the project is one.
fn workspace() -> Workspace {
    let workspace = Workspace::empty();
    workspace.write(
        "Cargo.toml",
        r#"[workspace]
members = ["mock", "suite", "chores"]
resolver = "3"

[workspace.package]
version = "0.1.0" # of all

[workspace.dependencies]
the-mock = { version = "0.1.0", path = "mock" }
"#,
    );
    for (folder, name, more) in [
        ("mock", "the-mock", ""),
        (
            "suite",
            "the-suite",
            "[dependencies]\nthe-mock.workspace = true\n",
        ),
        ("chores", "chores", ""),
    ] {
        let publish = if folder == "chores" {
            "publish = false\n"
        } else {
            ""
        };
        let about = "description = \"d\"\nlicense = \"MIT\"\nhomepage = \"https://example.com\"\nedition = \"2024\"\n";
        workspace.write(
            format!("{folder}/Cargo.toml"),
            format!(
                "[package]\nname = \"{name}\"\nversion.workspace = true\n{about}{publish}{more}"
            ),
        );
        workspace.write(format!("{folder}/src/lib.rs"), "");
    }
    for changelog in ["CHANGELOG.md", "mock/CHANGELOG.md", "suite/CHANGELOG.md"] {
        workspace.write(changelog, CHANGELOG);
    }
    workspace
}

#[track_caller]
fn refused(workspace: &Workspace, arguments: &[&str]) -> String {
    let before = workspace.read("Cargo.toml");
    let outcome = workspace.xtask(arguments);
    assert_eq!(outcome.code, Some(1), "{}", outcome.stdout);
    assert_eq!(workspace.read("Cargo.toml"), before, "nothing is changed");
    outcome.stderr
}

#[test]
fn everything_says_the_version_afterwards() {
    let workspace = workspace();
    let check = ["release", "0.2.0", "--check"];
    let problem = refused(&workspace, &check);
    assert!(
        problem.contains("version 0.1.0: run `cargo xtask release 0.2.0`"),
        "{problem}"
    );

    let outcome = workspace.xtask(&["release", "0.2.0"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(
        outcome.stdout.contains("git tag --annotate v0.2.0"),
        "{}",
        outcome.stdout
    );
    let manifest = workspace.read("Cargo.toml");
    assert!(
        manifest.contains("version = \"0.2.0\" # of all\n"),
        "{manifest}"
    );
    assert!(
        manifest.contains("{ version = \"0.2.0\", path = \"mock\" }"),
        "{manifest}"
    );
    assert_eq!(
        workspace
            .read("Cargo.lock")
            .matches("version = \"0.2.0\"")
            .count(),
        3
    );
    // What the registry would be sent.
    for package in ["the-mock", "the-suite"] {
        let file = format!("target/package/{package}-0.2.0.crate");
        assert!(workspace.path(&file).exists(), "{file}");
    }
    assert!(!workspace.path("target/package/chores-0.2.0.crate").exists());
    assert_eq!(workspace.xtask(&check).code, Some(0));
    let problem = refused(&workspace, &["release", "0.1.0"]);
    assert!(
        problem.contains("its newest entry is `## 0.2.0 - 2031-01-31`"),
        "{problem}"
    );
}

#[test]
fn each_changelog_has_to_tell_of_it() {
    let workspace = workspace();
    let problem = refused(&workspace, &["release", "0.3.0"]);
    for changelog in ["CHANGELOG.md", "mock/CHANGELOG.md", "suite/CHANGELOG.md"] {
        assert!(problem.contains(&format!("\n  {changelog}: ")), "{problem}");
    }
    for (text, says) in [
        (
            "# Changelog\n\n## Unreleased\n\n- Much.\n",
            "`## 0.2.0 - YYYY-MM-DD` is missing",
        ),
        (
            "# Changelog\n\n## 0.2.0 - soon\n\n- Much.\n",
            "lacks its day",
        ),
        (
            "# Changelog\n\n## 0.2.0 - 2031-01-31\n\n## 0.1.0 - 2030-12-31\n\n- Old.\n",
            "is empty",
        ),
    ] {
        workspace.write("suite/CHANGELOG.md", text);
        let problem = refused(&workspace, &["release", "0.2.0"]);
        assert!(problem.contains(says), "{problem}");
        assert!(!problem.contains("mock/"), "{problem}");
    }
    assert_eq!(workspace.xtask(&["release", "next"]).code, Some(2));
}

#[test]
fn a_version_goes_up() {
    let workspace = workspace();
    let manifest = workspace.read("Cargo.toml").replace("0.1.0", "0.3.0");
    workspace.write("Cargo.toml", manifest);
    let problem = refused(&workspace, &["release", "0.2.0"]);
    assert!(problem.contains("0.2.0 is before 0.3.0"), "{problem}");
}

#[test]
fn members_are_asked_for_with_the_version_of_all() {
    let workspace = workspace();
    let manifest = workspace.read("Cargo.toml");
    let manifest = manifest.replace("{ version = \"0.1.0\"", "{ version = \"0.0.9\"");
    workspace.write("Cargo.toml", manifest);
    let problem = refused(&workspace, &["release", "0.2.0"]);
    assert!(
        problem.contains("asks for the-mock with another version than 0.1.0"),
        "{problem}"
    );
}

#[test]
fn the_notes_are_what_the_changelogs_say() {
    let workspace = workspace();
    workspace.write("suite/CHANGELOG.md", CHANGELOG.replace("new", "better"));
    let outcome = workspace.xtask(&["release", "0.2.0", "--notes"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    insta::assert_snapshot!(outcome.stdout, @r"
    - Something new.

    ## the-mock

    - Something new.

    ## the-suite

    - Something better.
    ");
}

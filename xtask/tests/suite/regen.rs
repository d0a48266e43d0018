//! What `regen` and `regen --check` write, print and exit with, and how an edit of the document moves what is
//! rendered.

use std::fs;

use crate::workspace::{README, REGISTRY, Workspace, project};

const FILES: [&str; 8] = [
    CONSTANTS,
    "conformance/mock/src/generated/contract.rs",
    "client/src/generated/contract.rs",
    WORDINGS,
    REGISTRY,
    ENUMS,
    CLIENT,
    README,
];

const CONSTANTS: &str = "conformance/src/generated/contract.rs";
const WORDINGS: &str = "conformance/src/generated/wordings.rs";
const ENUMS: &str = "client/src/generated/enums.rs";
const CLIENT: &str = "client/src/generated/api.rs";

/// Replaces `from` in the document by `to`, and renders.
#[track_caller]
fn rendered(from: &str, to: &str) -> Workspace {
    let workspace = Workspace::with_document();
    workspace.edit(from, to);
    let outcome = workspace.xtask(&["regen"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    workspace
}

/// The file has the line, give or take spaces at its ends.
#[track_caller]
fn assert_line(workspace: &Workspace, file: &str, line: &str) {
    let text = workspace.read(file);
    assert!(
        text.lines().any(|other| other.trim() == line),
        "{line} is not in {file}:\n{text}"
    );
}

#[test]
fn the_project_is_fresh() {
    let workspace = rendered("openapi: 3.0.3", "openapi: 3.0.3");
    for file in FILES {
        let checked_in = fs::read_to_string(project().join(file)).unwrap();
        assert!(
            workspace.read(file) == checked_in,
            "{file} is stale; to mend: cargo xtask regen"
        );
    }
}

#[test]
fn check_names_stale_and_missing_files_and_writes_nothing() {
    let workspace = Workspace::with_document();
    assert_eq!(workspace.xtask(&["regen"]).code, Some(0));
    assert_eq!(workspace.xtask(&["regen", "--check"]).code, Some(0));

    workspace.write(ENUMS, "// edited by hand\n");
    fs::remove_file(workspace.path(CLIENT)).unwrap();
    let outcome = workspace.xtask(&["regen", "--check"]);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(outcome.stdout, "");
    insta::assert_snapshot!(outcome.stderr, @r"
    error: stale, no longer what openapi/crustdata-batch.yaml says:
      client/src/generated/enums.rs
      client/src/generated/api.rs
    To mend: cargo xtask regen
    ");
    assert_eq!(workspace.read(ENUMS), "// edited by hand\n");
    assert!(!workspace.path(CLIENT).exists());
}

#[test]
fn only_stale_files_are_written() {
    let workspace = Workspace::with_document();
    workspace.xtask(&["regen"]);
    workspace.write(FILES[2], "// edited by hand\n");
    let written = fs::metadata(workspace.path(FILES[0]))
        .unwrap()
        .modified()
        .unwrap();

    insta::assert_snapshot!(workspace.xtask(&["regen"]).stdout, @r"
    wrote client/src/generated/contract.rs
    9 of 10 rendered files were fresh
    ");
    assert_eq!(
        fs::metadata(workspace.path(FILES[0]))
            .unwrap()
            .modified()
            .unwrap(),
        written
    );
    insta::assert_snapshot!(workspace.xtask(&["regen"]).stdout, @"10 of 10 rendered files were fresh");
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_with_its_path() {
    let workspace = Workspace::with_document();
    workspace.write("client", "a file where a folder should be");
    let outcome = workspace.xtask(&["regen"]);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("client/src/generated/"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_bound_moves() {
    let workspace = rendered("maxItems: 300", "maxItems: 500");
    assert_line(&workspace, CONSTANTS, "pub const MAX: usize = 500;");
    let wording = r#"("submit::identifiers::MAX", "500"),"#;
    assert_line(&workspace, WORDINGS, wording);
    for file in &FILES[1..3] {
        assert_eq!(workspace.read(file), workspace.read(CONSTANTS));
    }
}

#[test]
fn a_path_and_a_header_move() {
    let workspace = rendered("  /batch/person/contact/enrich:", "  /jobs/enrich:");
    assert_line(
        &workspace,
        CONSTANTS,
        r#"pub const PATH: &str = "/jobs/enrich";"#,
    );
    assert_line(
        &workspace,
        CLIENT,
        r#"let url = self.url(&format!("/jobs/enrich"));"#,
    );

    let workspace = rendered("- name: x-api-version\n", "- name: x-version\n");
    assert_line(
        &workspace,
        CONSTANTS,
        r#"pub const API_VERSION: &str = "x-version";"#,
    );
}

#[test]
fn a_new_contact_field_is_a_complete_edit() {
    let last = "        - personal_contact_info.phone_numbers\n    ChunkSize:";
    let workspace = rendered(
        last,
        &last.replace("    ChunkSize", "        - work_phone\n    ChunkSize"),
    );
    assert_line(&workspace, CONSTANTS, "(\"work_phone\", \"strings\"),");
    assert_line(&workspace, CLIENT, "#[serde(rename = \"work_phone\")]");
}

#[test]
fn a_field_that_another_extends_is_no_leaf() {
    let workspace = rendered(
        "        - business_email\n        - personal_contact_info\n",
        "        - business_email\n        - business_email.verified\n        - personal_contact_info\n",
    );
    assert_line(
        &workspace,
        CONSTANTS,
        "(\"business_email.verified\", \"strings\"),",
    );
    assert!(!workspace.read(CONSTANTS).contains("(\"business_email\", "));
}

#[test]
fn a_new_status_is_a_variant() {
    let workspace = rendered("completed, failed]", "completed, failed, timed_out]");
    assert_line(&workspace, ENUMS, "TimedOut = \"timed_out\",");
    let constant = r#"pub const TIMED_OUT: &str = "timed_out";"#;
    assert_line(&workspace, CONSTANTS, constant);
}

#[test]
fn an_example_moves_and_may_hold_anything_that_a_string_holds() {
    let workspace = rendered(
        "linkedin.com/in/dvdhsu/\"]\n        fields",
        "linkedin.com/in/d\\\"#vdhsu/\"]\n        fields",
    );
    let constants = workspace.read(CONSTANTS);
    let example = constants
        .lines()
        .find(|line| line.contains("pub const REQUEST: "))
        .unwrap();
    insta::assert_snapshot!(example.trim(), @r##"pub const REQUEST: &str = "{\"professional_network_profile_urls\":[\"https://www.linkedin.com/in/d\\\"#vdhsu/\"],\"fields\":[\"business_email\",\"personal_contact_info\"]}";"##);
}

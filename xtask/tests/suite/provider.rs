//! What a provider writes into a document of its own, and what the client and the page become of it.

use crate::workspace::{DOCUMENT, Workspace, replace_once};

const CLIENT: &str = "client/src/generated/api.rs";
const CONSTANTS: &str = "client/src/generated/contract.rs";
const ENUMS: &str = "client/src/generated/enums.rs";
const PAGE: &str = "docs/api.md";

/// Where a key of a job's status can be put in.
const LAST_KEY: &str =
    "        error_message:\n          description: What went wrong, when something did.\n";

/// Changes the document, and renders.
#[track_caller]
fn rendered(change: impl Fn(&str) -> String) -> Workspace {
    let workspace = Workspace::with_document();
    workspace.write(DOCUMENT, change(&workspace.read(DOCUMENT)));
    let outcome = workspace.xtask(&["regen"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    workspace
}

/// Puts a key into a job's status.
#[track_caller]
fn with_key(lines: &str) -> Workspace {
    rendered(|document| replace_once(document, LAST_KEY, &format!("{lines}{LAST_KEY}")))
}

/// The line after which a field comes, and the field's own.
fn type_of(workspace: &Workspace, field: &str) -> String {
    let text = workspace.read(CLIENT);
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix(&format!("pub {field}: ")));
    line.unwrap_or_else(|| panic!("no {field}"))
        .trim_end_matches(',')
        .to_owned()
}

/// The types of the client can be compared, and a number with a point can't.
#[test]
fn a_number_with_a_fraction_can_be_compared() {
    let workspace = with_key("        credits_used:\n          type: number\n");
    assert_eq!(
        type_of(&workspace, "credits_used"),
        "::std::option::Option<::serde_json::Number>"
    );
}

/// What the client makes by itself has what is always there; a key more takes no edit by hand.
#[test]
fn a_new_key_of_a_response_is_a_complete_edit() {
    let workspace = with_key("        retries:\n          type: integer\n");
    let client = workspace.read(CLIENT);
    assert!(
        client.contains("retries: ::std::default::Default::default(),"),
        "{client}"
    );
}

/// A date library is no part of the client's face.
#[test]
fn dates_are_texts() {
    let workspace = with_key("        day:\n          type: string\n          format: date\n");
    assert_eq!(
        type_of(&workspace, "day"),
        "::std::option::Option<::std::string::String>"
    );
}

/// A response that breaks a bound, or has a key that is new, must not cost anybody a job that was paid for.
#[test]
fn bounds_of_responses_are_left_to_the_suite() {
    let workspace = with_key(
        "        pattern:\n          type: string\n          pattern: ^a\n          maxLength: 3\n        places:\n          type: integer\n          format: uint64\n          minimum: 1\n          default: 2\n",
    );
    assert_eq!(
        type_of(&workspace, "pattern"),
        "::std::option::Option<::std::string::String>"
    );
    assert_eq!(type_of(&workspace, "places"), "::std::option::Option<u64>");
    let dated = rendered(|document| {
        let key = "          description: When the job was accepted.\n";
        replace_once(document, key, &format!("{key}          maxLength: 40\n"))
    });
    assert_eq!(
        type_of(&dated, "created_at"),
        "::std::option::Option<crate::timestamp::Timestamp>"
    );
    let closed = rendered(|document| {
        let keys = "      required: [original_identifier, data]\n";
        replace_once(
            document,
            keys,
            &format!("{keys}      additionalProperties: false\n"),
        )
    });
    assert!(!closed.read(CLIENT).contains("deny_unknown_fields"));
}

/// In whichever letters it is written: HTTP makes no difference, and the crate that sends it takes small ones only.
#[test]
fn a_header_may_be_written_in_capitals() {
    let workspace =
        rendered(|document| document.replace("name: x-api-version", "name: X-API-Version"));
    let plain = rendered(str::to_owned);
    assert_eq!(workspace.read(CONSTANTS), plain.read(CONSTANTS));
}

#[test]
fn a_response_has_the_name_of_a_constant_in_its_own_way_or_none() {
    let workspace = rendered(|document| document.replace("NotFound", "Not-Found"));
    let plain = rendered(str::to_owned);
    assert_eq!(workspace.read(CONSTANTS), plain.read(CONSTANTS));

    let workspace = Workspace::with_document();
    workspace.write(
        DOCUMENT,
        workspace.read(DOCUMENT).replace("NotFound", "404"),
    );
    let outcome = workspace.xtask(&["regen"]);
    assert_eq!(outcome.code, Some(2));
    let said = "#/components/responses/404 has a name that makes no constant";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
}

/// A row of a table is one line, and a comment has no line ends of other systems.
#[test]
fn a_description_may_have_anything_in_it() {
    let workspace = rendered(|document| {
        let one = "description: Lines in the merged results file.";
        let document = replace_once(
            document,
            one,
            "description: \"Lines | in\\r\\n\\r\\nthe \\u202efile.\"",
        );
        let two = "description: Where a job stands. `completed` and `failed` are final.";
        replace_once(&document, two, "description: \"Where a job\\rstands.\"")
    });
    let page = workspace.read(PAGE);
    assert!(
        page.contains("| `result_count` | number, or null | Lines \\| in the file. |"),
        "{page}"
    );
    for file in [CLIENT, ENUMS, PAGE] {
        assert!(!workspace.read(file).contains(['\r', '\u{202e}']), "{file}");
    }
}

/// In comments it would be compiled, and run, as a test of the client's.
#[test]
fn code_in_a_description_is_not_rust() {
    let code = r#"description: "Send:\n\n    curl x\n\n```\n  {\n```\nor\n```json\n    1\n```\nthen\twait.""#;
    let workspace = rendered(|document| {
        let plain = "description: Where a job stands. `completed` and `failed` are final.";
        replace_once(document, plain, code)
    });
    let enums = workspace.read(ENUMS);
    let (_, rest) = enums.split_once("/// Send:\n").unwrap();
    let (comment, _) = rest.split_once("pub enum JobStatus").unwrap();
    let lines: Vec<_> = comment.lines().map(str::trim).collect();
    assert_eq!(
        lines[1..],
        [
            "/// curl x",
            "///",
            "/// ```text",
            "///   {",
            "/// ```",
            "/// or",
            "/// ```json",
            "///     1",
            "/// ```",
            "/// then wait.",
            ""
        ]
    );
}

#[test]
fn the_page_shows_what_a_key_may_be() {
    let workspace = with_key(
        "        either:\n          nullable: true\n          anyOf:\n            - type: string\n            - type: integer\n        whole:\n          nullable: true\n          allOf:\n            - $ref: \"#/components/schemas/Email\"\n        both:\n          allOf:\n            - type: string\n            - type: object\n",
    );
    let page = workspace.read(PAGE);
    for row in [
        "| `either` | string, or number, or null |  |",
        "| `whole` | object, or null |  |",
        "| `both` | string, and object |  |",
    ] {
        assert!(page.contains(row), "{row}: {page}");
    }
}

/// Nobody means it, and it is no reason to fall over.
#[test]
fn a_schema_may_be_one_of_its_own_alternatives() {
    let workspace = rendered(|document| {
        let schema = "    PageLimit:\n";
        let tree = "    Tree:\n      oneOf:\n        - type: string\n        - $ref: \"#/components/schemas/Tree\"\n";
        let document = replace_once(document, schema, &format!("{tree}{schema}"));
        let key = "        tree:\n          $ref: \"#/components/schemas/Tree\"\n";
        replace_once(&document, LAST_KEY, &format!("{key}{LAST_KEY}"))
    });
    assert!(workspace.read(PAGE).contains("| `tree` | string |"));
}

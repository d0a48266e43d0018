//! The table of clauses in `openapi/README.md`: each clause of `docs/clauses.md`, with its places in the document.

use crate::workspace::{CLAUSES, README, REGISTRY, Workspace, replace_once};

/// The row of a clause in the table that `regen` renders.
fn row(workspace: &Workspace, id: &str) -> String {
    let outcome = workspace.xtask(&["regen"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let readme = workspace.read(README);
    let start = format!("| `{id}` |");
    let row = readme.lines().find(|line| line.starts_with(&start));
    row.unwrap_or_else(|| panic!("no {id} in:\n{readme}"))
        .to_owned()
}

/// `regen` refuses the document and says `expected`.
#[track_caller]
fn check_refused(from: &str, to: &str, expected: &str) {
    let workspace = Workspace::with_document();
    workspace.edit(from, to);
    let outcome = workspace.xtask(&["regen"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
}

#[test]
fn every_clause_is_there_in_order() {
    let workspace = Workspace::with_document();
    workspace.xtask(&["regen"]);
    let (clauses, readme) = (workspace.read(CLAUSES), workspace.read(README));
    let ids = |text: &str, start: &str| -> Vec<String> {
        let rest = text.lines().filter_map(|line| line.strip_prefix(start));
        rest.filter_map(|rest| Some(rest.split_once('`')?.0.to_owned()))
            .filter(|id| id.contains('.'))
            .collect()
    };
    // What a client owes is in no document of the API.
    let mut expected = ids(&clauses, "### [`");
    expected.retain(|id| !id.starts_with("client."));
    assert!(expected.len() > 50, "{expected:?}");
    assert_eq!(ids(&readme, "| `"), expected);
}

#[test]
fn a_row() {
    let workspace = Workspace::with_document();
    insta::assert_snapshot!(row(&workspace, "list.limit"), @"| `list.limit` | `#/components/schemas/PageLimit`, `#/paths/~1batch/get/parameters/0/description` | doc | the provider's documentation: list of batches |");
    insta::assert_snapshot!(row(&workspace, "job.progress"), @"| `job.progress` | not expressible: an order in time | doc | the provider's documentation: batch status |");
}

#[test]
fn a_new_clause_is_registered_first_and_a_row_once_the_suite_has_it() {
    let workspace = Workspace::with_document();
    let last = "  webhook.post: ";
    workspace.edit(last, &format!("  webhook.new-one: nobody says it\n{last}"));
    assert_eq!(workspace.xtask(&["regen", "--check"]).code, Some(1));
    assert_eq!(workspace.xtask(&["regen"]).code, Some(0));
    let registered = "    &webhook::new_one::CHECK,\n    &webhook::post::CHECK,\n";
    assert!(workspace.read(REGISTRY).contains(registered));
    assert!(!workspace.read(README).contains("webhook.new-one"));

    let last = "### [`webhook.post`](clauses/webhook.post.md)\n";
    let new = format!(
        "### [`webhook.new-one`](clauses/webhook.new-one.md)\n\nText.\n\nLevel: open. Source: nobody.\n\n{last}"
    );
    workspace.write(CLAUSES, replace_once(&workspace.read(CLAUSES), last, &new));
    insta::assert_snapshot!(row(&workspace, "webhook.new-one"), @"| `webhook.new-one` | not expressible: nobody says it | open | nobody |");
}

#[test]
fn places_stand_in_the_document() {
    check_refused(
        "job.status: \"#/components/schemas/JobStatus/enum\"",
        "job.status: \"#/components/schemas/JobStatus/enums\"",
        "#/components/schemas/JobStatus/enums is missing",
    );
    check_refused(
        "  job.status: ",
        "  job.sta/tus: ",
        "job.sta~1tus is no clause",
    );
    check_refused(
        "  job.progress: an order in time",
        "  job.progress: 7",
        "#/x-clauses/job.progress is unfit: 7",
    );
}

#[test]
fn an_operation_is_a_place() {
    let workspace = Workspace::with_document();
    workspace.edit("\"list_batches/description\"", "list_batches");
    let row = row(&workspace, "list.order");
    assert!(row.contains("| `#/paths/~1batch/get` |"), "{row}");
}

#[test]
fn a_readme_without_room_for_the_table() {
    let workspace = Workspace::with_document();
    workspace.write(README, "# The document\n");
    let outcome = workspace.xtask(&["regen"]);
    assert_eq!(outcome.code, Some(2));
    assert!(
        outcome.stderr.contains("no line `<!-- regen: begin -->`"),
        "{}",
        outcome.stderr
    );
}

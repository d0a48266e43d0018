//! A query's rows as input, from a Postgres server that the test starts.

use std::process::Command;

use crustdata_bulk::table;

use crate::server::Database;
use crate::support::{PERSON, Scene, expect, rows};

/// Six people, one of whom has no profile.
const PEOPLE: &str = "SELECT n AS id, CASE n WHEN 3 THEN NULL ELSE
    'https://www.linkedin.com/in/person-' || lpad(n::text, 4, '0') || '/' END AS profile,
    1.50 AS price, NULL AS nothing, '2026-11-28'::date AS day FROM generate_series(0, 5) n ORDER BY n;";

pub(crate) fn enrich(scene: &Scene, url: &str, query: &str) -> Command {
    scene.command(&[
        "enrich",
        url,
        "--input-query",
        query,
        "--fields",
        "business_email",
        "--yes",
        "--interval",
        "0.01",
        "-o",
        "out.csv",
    ])
}

#[test]
fn a_query_gives_a_list() {
    let Some(database) = Database::new() else {
        return;
    };
    let scene = Scene::new(6);
    expect(&mut enrich(&scene, &database.url(), PEOPLE), 0);
    let output = rows(&scene.output());
    assert_eq!(output.len(), 7);
    assert_eq!(
        output[0][..6],
        [
            "id",
            "profile",
            "price",
            "nothing",
            "day",
            "crustdata_outcome"
        ]
    );
    for (n, row) in output[1..].iter().enumerate() {
        let outcome = if n == 3 { "invalid" } else { "found" };
        assert_eq!(
            [&*row[0], &row[2], &row[3], &row[4], &row[5]],
            [&*n.to_string(), "1.50", "", "2026-11-28", outcome]
        );
    }
    // The same list again, and another one.
    expect(&mut enrich(&scene, &database.url(), PEOPLE), 0);
    assert!(scene.spent() < 6.0 * PERSON);
    assert_eq!(scene.mock.stats().accepted, 1);
}

/// More rows than are fetched at a time, in their order.
#[test]
fn long_results_come_in_parts() {
    let Some(database) = Database::new() else {
        return;
    };
    for count in [0, 1, 999, 1000, 1001, 2500] {
        let query = format!("SELECT n AS profile FROM generate_series(1, {count}) n");
        let mut source = table::query(&database.url(), &query, None).unwrap();
        let mut read = 0;
        while let Some(row) = source.next().unwrap() {
            read += 1;
            assert_eq!(row.value, read.to_string());
        }
        assert_eq!((read, source.header()), (count, vec!["profile".to_owned()]));
    }
}

/// A list that breaks off must not pass for a whole one.
#[test]
fn a_query_that_fails_in_the_middle() {
    let Some(database) = Database::new() else {
        return;
    };
    let query = "SELECT 'x' AS profile, 1 / (1500 - n) AS q FROM generate_series(1, 3000) n";
    let mut source = table::query(&database.url(), query, Some("profile")).unwrap();
    let mut read = 0;
    let error = loop {
        match source.next() {
            Ok(row) => {
                assert!(row.is_some(), "it ended after {read}");
                read += 1;
            }
            Err(error) => break error.to_string(),
        }
    };
    assert!(
        read < 1500 && error.contains("division by zero"),
        "{read}: {error}"
    );
}

#[test]
fn a_query_changes_nothing() {
    let Some(database) = Database::new() else {
        return;
    };
    database.query("CREATE TABLE public.kept AS SELECT 1 AS profile");
    let tries = [
        "DELETE FROM public.kept RETURNING profile",
        "SELECT 1 AS profile; COMMIT; DROP TABLE public.kept",
        "WITH gone AS (DELETE FROM public.kept RETURNING profile) SELECT * FROM gone",
    ];
    for query in tries {
        assert!(
            table::query(&database.url(), query, None).is_err(),
            "{query}"
        );
    }
    assert_eq!(database.query("SELECT count(*) FROM public.kept"), "1");
}

#[test]
fn what_can_be_wrong_is_said() {
    let Some(database) = Database::new() else {
        return;
    };
    let scene = Scene::new(1);
    let url = database.url();
    let said = expect(&mut enrich(&scene, &url, "SELECT nothing FROM nowhere"), 2);
    assert!(
        said.contains("relation \"nowhere\" does not exist"),
        "{said}"
    );
    let said = expect(&mut enrich(&scene, &url, "SELECT 1 AS a, 2 AS b"), 2);
    assert!(
        said.contains("name one with --column; its columns are: a, b"),
        "{said}"
    );
    let said = expect(&mut enrich(&scene, "list.csv", "SELECT 1"), 2);
    assert!(
        said.contains("goes with the URL of a Postgres server"),
        "{said}"
    );
    let said = expect(
        &mut scene.command(&["plan", &url, "--fields", "business_email"]),
        2,
    );
    assert!(said.contains("with --input-query"), "{said}");
    // A server that is not there; whatever is said, the password is not.
    let secret = "postgres://me:secret@127.0.0.1:1/db";
    let said = expect(&mut enrich(&scene, secret, "SELECT 1"), 2);
    assert!(
        said.contains("SELECT 1 on 127.0.0.1/db can't be read"),
        "{said}"
    );
    assert!(!said.contains("secret"), "{said}");
    assert_eq!(scene.mock.stats().submissions, 0);
}

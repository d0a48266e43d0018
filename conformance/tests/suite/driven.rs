//! Clients that are driven: what `conformance client` says of them, and with which exit code.

use crustdata_conformance::scenarios::reference::{Mistake, prove};

use crate::process::conformance;

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_is_named_by_its_clause_and_no_other() {
    // The self-test has all of them.
    let mistakes = [
        None,
        Some(Mistake::NoVersion),
        Some(Mistake::RetriesServerErrors),
        Some(Mistake::KeyAlongRedirects),
        Some(Mistake::FirstMember),
        Some(Mistake::OnlyOk),
    ];
    let rows = prove(&mistakes, |_| {}).await.expect("they are driven");
    assert_eq!(rows.len(), mistakes.len());
    for row in rows {
        assert!(row.is_right(), "{row:?}");
    }
}

#[test]
fn every_clause_has_two_mistakes() {
    for check in crustdata_conformance::checks::CLIENT_CHECKS {
        let mistakes = Mistake::ALL.iter().filter(|one| one.clause() == check.id);
        assert!(mistakes.count() >= 2, "{}", check.id);
    }
}

#[test]
fn a_command_that_fails_is_no_finding() {
    let printed = conformance("client -- false");
    assert_eq!(printed.code, 3, "{}", printed.err);
    assert!(printed.err.contains("plain"), "{}", printed.err);
}

#[test]
fn a_command_that_can_not_be_started_is_no_finding() {
    let printed = conformance("client -- ./no-such-program");
    assert_eq!(printed.code, 3, "{}", printed.err);
}

#[test]
fn a_clause_of_the_servers_is_none_of_a_clients() {
    let printed = conformance("client --only submit.accepted -- true");
    assert_eq!(printed.code, 2, "{}", printed.err);
}

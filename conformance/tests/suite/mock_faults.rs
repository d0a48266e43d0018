//! The mock's faults and variants: that they are well formed, and that each one shows.
//!
//! Whether a fault breaks the clauses that it names, and no others, is for the suite to say: `self-test` runs it on each of
//! them. Those that are played here are a sample, with one at least of each family and each set of clauses.

use std::collections::HashSet;
use std::time::Duration;

use crustdata_conformance::exchange::Request;
use crustdata_conformance::generated::contract;
use crustdata_conformance::probes::catalogue::Catalogue;
use crustdata_mock::{Clock, Fault, MockConfig, faults, find, variants};

use crate::mock_course::Course;
use crate::mock_fixture::{Fixture, client, submission};
use crate::mock_series::{Series, refuses_otherwise};

/// Every so many variants are played.
const EVERY_VARIANT: usize = 5;

#[test]
fn names_are_unique_and_in_kebab_case() {
    let mut seen = HashSet::new();
    for fault in faults().chain(variants()) {
        let name = fault.name;
        assert!(seen.insert(name), "{name} is there twice");
        assert!(
            name.chars()
                .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-'),
            "{name}"
        );
        assert!(std::ptr::eq(find(name).unwrap(), fault));
    }
    assert!(find("no-such-fault").is_none());
}

#[test]
fn names_and_what_they_break_are_permanent() {
    let all = faults().chain(variants());
    let mut lines: Vec<_> = all
        .map(|fault| format!("{}: {}", fault.name, fault.breaks.join(", ")))
        .collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn faults_break_clauses_and_variants_do_not() {
    for fault in faults() {
        assert!(!fault.breaks.is_empty(), "{}", fault.name);
        for clause in fault.breaks {
            let (family, rule) = clause.split_once('.').unwrap();
            let is_word = |text: &str| {
                text.chars()
                    .all(|char| char.is_ascii_lowercase() || char == '-')
            };
            assert!(
                is_word(family) && is_word(rule) && !rule.is_empty(),
                "{clause}"
            );
        }
    }
    assert!(variants().all(|variant| variant.breaks.is_empty()));
}

#[test]
fn every_departure_says_what_it_does_in_a_sentence() {
    for fault in faults().chain(variants()) {
        let about = &fault.about;
        assert!(about.contains(' ') && about.ends_with('.'), "{about}");
    }
}

#[tokio::test]
async fn every_fault_of_submissions_shows() {
    let series = Series::new();
    let compliant = series.play(&[], |_| true).await;
    let client = client();
    let catalogue = Catalogue::new(1, contract::submit::webhook_url::EXAMPLE.to_owned());
    let refusals: Vec<Request> = catalogue.refusals().map(|(_, request)| request).collect();
    let shown = |fault: &&Fault| is_of_submissions(fault) && !shows_in_a_run_alone(fault);
    for fault in sample(faults().filter(shown)) {
        // What such a fault does may be to few submissions of many.
        if is_of_one_rule(fault) && refuses_otherwise(&client, &refusals, fault).await {
            continue;
        }
        let responses = series
            .play(&[fault], |responses| compliant.starts_with(responses))
            .await;
        assert_ne!(responses, compliant, "{} does not show", fault.name);
    }
}

#[tokio::test]
async fn every_other_fault_shows() {
    let client = client();
    let compliant = Course::run(&client, &[], None).await;
    let others = |fault: &&Fault| {
        let elsewhere = is_of_submissions(fault) || is_of_account(fault);
        !elsewhere && !shows_in_a_run_alone(fault)
    };
    let mut hidden = Vec::new();
    for fault in sample(faults().filter(others)) {
        let responses = Course::run(&client, &[fault], Some(&compliant)).await;
        hidden.extend((responses == compliant).then_some(fault.name));
    }
    assert!(hidden.is_empty(), "these do not show: {hidden:?}");
}

#[tokio::test]
async fn every_fault_of_the_account_shows() {
    let client = client();
    let compliant = Course::run_account(&client, &[], None).await;
    for fault in sample(faults().filter(|fault| is_of_account(fault))) {
        let responses = Course::run_account(&client, &[fault], Some(&compliant)).await;
        assert!(responses != compliant, "{} does not show", fault.name);
    }
}

/// The first fault of each family that breaks these clauses.
fn sample(faults: impl Iterator<Item = &'static Fault>) -> impl Iterator<Item = &'static Fault> {
    let mut seen = HashSet::new();
    faults.filter(move |fault| seen.insert((fault.family, fault.breaks)))
}

/// Whether it shows only in some state of the server, or only in the results of submissions of many forms: `self-test`
/// proves that it does.
fn shows_in_a_run_alone(fault: &Fault) -> bool {
    let ends = [
        "-on-repeat",
        "-after-a-job",
        "-after-many-jobs",
        "-of-the-first-job",
        "-from-the-tenth-job-on",
        "-right-after-a-refusal",
    ];
    let begins = [
        "string-identifiers-bring-",
        "string-fields-bring-",
        "splits-strings-at-",
        "drops-identifiers-with-query",
        "drops-identifiers-beyond-ascii",
        "failed-",
        "list-of-",
        "later-page-",
        "largest-page-",
        "list-filter-finds-nothing-",
        "list-skips-with-limit-of-one",
        "list-default-limit-unbounded",
        "list-limit-of-one-ignored",
        "small-page-",
        "email-comes-unasked-as-text",
        "emails-come-unasked-under-other-name",
    ];
    let name = fault.name;
    ends.iter().any(|end| name.ends_with(end))
        || begins.iter().any(|begin| name.starts_with(begin))
        || name.contains("-among-")
        || name.starts_with("identifiers-") && fault.breaks == ["result.every-identifier"]
}

fn is_of_submissions(fault: &Fault) -> bool {
    is_of(fault, &["submit.", "reject."])
}

fn is_of_account(fault: &Fault) -> bool {
    is_of(fault, &["account.", "usage."])
}

fn is_of(fault: &Fault, families: &[&str]) -> bool {
    let is_of = |clause: &&str| families.iter().any(|family| clause.starts_with(family));
    fault.breaks.iter().any(is_of)
}

/// Whether all that the fault does is to accept, or to fail on, what breaks one rule.
fn is_of_one_rule(fault: &Fault) -> bool {
    let others = [
        "reject.error-body",
        "reject.available-fields",
        "reject.no-job",
    ];
    matches!(fault.breaks, [id] if id.starts_with("reject.") && !others.contains(id))
}

#[tokio::test]
async fn a_compliant_server_responds_alike_every_time() {
    let series = Series::new();
    assert_eq!(
        series.play(&[], |_| true).await,
        series.play(&[], |_| true).await
    );
    let client = client();
    assert_eq!(
        Course::run(&client, &[], None).await,
        Course::run(&client, &[], None).await
    );
    let account = Course::run_account(&client, &[], None).await;
    let again = Course::run_account(&client, &[], Some(&account)).await;
    let differs = again
        .iter()
        .zip(&account)
        .find(|(again, first)| again != first);
    assert_eq!(differs, None);
}

#[tokio::test]
async fn variants_accept_and_refuse_what_the_compliant_server_does() {
    let series = Series::new();
    let verdicts = async |variants: &[&'static Fault]| -> Vec<u16> {
        series
            .play(variants, |_| true)
            .await
            .iter()
            .map(|(status, _)| status / 100)
            .collect()
    };
    let compliant = verdicts(&[]).await;
    // These refuse more, by what they are for.
    let limits = [
        "five-a-second",
        "few-a-minute-in-all",
        "few-a-minute",
        "few-a-minute-without-headers",
        "unavailable-now-and-then",
    ];
    let variants = variants().filter(|variant| !limits.contains(&variant.name));
    for variant in variants.step_by(EVERY_VARIANT) {
        assert_eq!(verdicts(&[variant]).await, compliant, "{}", variant.name);
    }
}

#[tokio::test]
async fn a_rate_limit_is_in_the_instances_own_time() {
    let faults = vec![find("few-a-minute-without-headers").unwrap()];
    let server = Fixture::start(MockConfig {
        faults,
        ..Default::default()
    })
    .await;
    for _ in 0..contract::limits::REQUESTS_PER_MINUTE {
        assert_eq!(server.json(contract::list::PATH).await.0, 200);
    }
    let limited = server.get(contract::list::PATH).send().await.unwrap();
    assert_eq!(limited.status(), 429);
    assert!(
        limited
            .headers()
            .keys()
            .all(|name| !name.as_str().starts_with("x-ratelimit"))
    );

    server.mock.advance(Duration::from_secs(60));
    assert_eq!(server.json(contract::list::PATH).await.0, 200);
}

#[tokio::test]
async fn a_chunk_size_at_the_ends_of_64_bits_is_answered_with_every_fault_of_chunk_sizes() {
    for fault in faults().filter(|fault| fault.name.contains("-chunk-")) {
        let server = Fixture::start(MockConfig {
            faults: vec![fault],
            ..Default::default()
        })
        .await;
        for size in [i64::MIN, i64::MAX] {
            let mut body = submission(1);
            body["chunk_size"] = size.into();
            // A mock that panics hangs up.
            assert!(
                server.post().body(body.to_string()).send().await.is_ok(),
                "{}",
                fault.name
            );
        }
    }
}

#[tokio::test]
async fn an_unavailable_server_does_nothing() {
    let faults = vec![find("unavailable-now-and-then").unwrap()];
    let clock = Clock::Ticking(Duration::from_secs(60));
    let server = Fixture::start(MockConfig {
        faults,
        clock,
        ..Default::default()
    })
    .await;
    let mut accepted = 0;
    for _ in 0..46 {
        let status = server.submit(&submission(1)).await.status();
        accepted += u64::from(status == 200);
        assert!(status == 200 || status == 503, "{status}");
    }
    assert_eq!((accepted, server.mock.stats().accepted), (44, 44));
}

#[tokio::test]
async fn a_cut_off_answer_still_leaves_its_job() {
    let faults = vec![find("accepted-and-cut-off").unwrap()];
    let clock = Clock::Ticking(Duration::from_secs(60));
    let server = Fixture::start(MockConfig {
        faults,
        clock,
        ..Default::default()
    })
    .await;
    let mut broken = 0;
    for _ in 0..14 {
        let response = server.submit(&submission(1)).await;
        broken += u32::from(response.bytes().await.is_err());
    }
    assert_eq!((broken, server.mock.stats().accepted), (2, 14));
}

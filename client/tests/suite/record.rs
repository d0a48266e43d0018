//! What the account's usage proves of a submission's outcome: the requests at its time, by their bodies. Which of
//! them is the submission's is in `own_request`; generated cases against the mock are the conformance suite's.

use crustdata_batch::{ContactEnrichRequest, ContactField, Reconciliation, UsageEvidence, Uuid};
use serde_json::{Value, json};

use crate::account_of_events::{Account, event, listed, of, request};
use crate::results::{LINK, gzip, is_download, lines, record};
use crate::server::{Reply, Server, batch_id, unknown};

/// The submission's event, where there is one.
const OWN: &str = "own";

#[track_caller]
fn usage(evidence: &crustdata_batch::Evidence) -> UsageEvidence {
    evidence.usage.clone().expect("the events were read")
}

#[tokio::test]
async fn a_request_that_is_not_recorded_never_arrived() {
    let others = [
        event("other", 200, &of([1, 3])),
        json!({"event_id": "list", "endpoint": "/batch", "status": 200}),
    ];
    let outcome = Account::with(others, [listed(Uuid::from_u128(1), 1)])
        .reconcile()
        .await;
    let Reconciliation::NeverArrived(safe) = outcome else {
        panic!("{outcome:?}")
    };
    let usage = usage(safe.evidence());
    assert!(usage.is_complete && usage.same_body.is_empty(), "{usage:?}");
    assert_eq!((usage.events_read, usage.requests_compared), (2, 1));
    assert_eq!(safe.evidence().jobs_read, 1);
}

/// Others' identifiers, shown as the text they may be sent as, are others' all the same.
#[tokio::test]
async fn identifiers_in_one_text_are_compared_too() {
    let mut other = event("other", 200, &of([1, 3]));
    let urls = of([1, 3]).professional_network_profile_urls;
    let urls = urls.as_slice().join(", ");
    other["request"]["body"]["professional_network_profile_urls"] = json!(urls);
    let jobs = [listed(Uuid::from_u128(1), 1)];
    let outcome = Account::with([other], jobs).reconcile().await;
    assert!(
        matches!(outcome, Reconciliation::NeverArrived(_)),
        "{outcome:?}"
    );
}

/// Whatever there is that may be the submission, or that keeps it from being seen.
#[tokio::test]
async fn without_a_whole_record_nothing_never_arrived() {
    let mut unreadable = event("a", 200, &of([1, 3]));
    unreadable["request"] = json!("too long");
    let mut masked = event("a", 200, &request());
    masked["request"]["body"]["professional_network_profile_urls"] = json!(["<redacted>/", "***/"]);
    let mut cut_off = event("a", 200, &request());
    cut_off["request"]["body"]["professional_network_profile_urls"]
        .as_array_mut()
        .unwrap()
        .pop();
    let mut other_fields = event("a", 200, &request());
    other_fields["request"]["body"]["fields"] = json!(["personal_contact_info"]);
    let mut nameless = event("a", 200, &of([1, 3]));
    nameless.as_object_mut().unwrap().remove("event_id");
    let mut elsewhere = event("a", 500, &request());
    elsewhere["endpoint"] = json!("batch_person_contact_enrich");
    let mut nowhere = event("a", 500, &request());
    nowhere.as_object_mut().unwrap().remove("endpoint");
    for event in [
        unreadable,
        masked,
        cut_off,
        other_fields,
        nameless,
        elsewhere,
        nowhere,
    ] {
        let outcome = Account::with([event.clone()], []).reconcile().await;
        assert!(
            matches!(outcome, Reconciliation::NotFound(_)),
            "{event}: {outcome:?}"
        );
    }
    // A job that no request accounts for: the record is not whole.
    let outcome = Account::with([], [listed(Uuid::from_u128(1), 1)])
        .reconcile()
        .await;
    assert!(
        matches!(outcome, Reconciliation::Ambiguous(..)),
        "{outcome:?}"
    );
    let mut late = Account::with([], []);
    late.has_later = false;
    let outcome = late.reconcile().await;
    assert!(matches!(&outcome, Reconciliation::NotFound(evidence) if !usage(evidence).is_complete));
}

/// A body that broke off on its way: whosever it was, no job came of it.
#[tokio::test]
async fn a_refusal_that_cannot_be_compared_holds_up_nothing() {
    for request in [json!("{\"fields\""), Value::Null] {
        let broken = |status| {
            let mut event = event("broken", status, &of([1, 3]));
            event["request"] = request.clone();
            event
        };
        let outcome = Account::with([broken(400)], []).reconcile().await;
        let Reconciliation::NeverArrived(safe) = outcome else {
            panic!("{request}: {outcome:?}")
        };
        assert!(usage(safe.evidence()).is_complete);
        let outcome = Account::with([broken(500)], []).reconcile().await;
        assert!(
            matches!(outcome, Reconciliation::NotFound(_)),
            "{request}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_request_that_was_refused_is_shown_with_its_error() {
    let events = [
        event("other", 200, &of([1, 3])),
        event(OWN, 400, &request()),
    ];
    let outcome = Account::with(events, [listed(Uuid::from_u128(1), 1)])
        .reconcile()
        .await;
    let Reconciliation::Refused(refused, evidence) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(refused.status(), Some(400));
    assert_eq!(refused.response().unwrap()["error"]["message"], "no");
    assert_eq!(usage(&evidence).same_body, [OWN]);
}

/// One of the same body that was refused before may be all that is recorded so far.
#[tokio::test]
async fn a_refusal_may_be_anothers_until_the_record_is_whole() {
    let mut account = Account::with([event(OWN, 400, &request())], []);
    account.has_later = false;
    let outcome = account.reconcile().await;
    assert!(
        matches!(outcome, Reconciliation::NotFound(_)),
        "{outcome:?}"
    );
    let both = [event(OWN, 400, &request()), event("b", 200, &request())];
    let outcome = Account::with(both, []).reconcile().await;
    assert!(
        matches!(outcome, Reconciliation::Unproved(_)),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn an_accepted_request_has_the_job_in_its_place() {
    // Newest first, as the list has them: others' jobs of as many persons before and after.
    let events = [
        event("after", 200, &of([5, 6])),
        event(OWN, 200, &request()),
        event("refused", 400, &of([7, 8])),
        event("before", 200, &of([3, 4])),
    ];
    let jobs = [
        listed(Uuid::from_u128(3), 20),
        listed(Uuid::from_u128(2), 10),
        listed(Uuid::from_u128(1), 0),
    ];
    let outcome = Account::with(events.clone(), jobs.clone())
        .reconcile()
        .await;
    let Reconciliation::Found(job, evidence) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(job.batch_id, Uuid::from_u128(2));
    assert_eq!(usage(&evidence).same_body, [OWN]);

    // A job that is listed twice, as one is that moves to the next page, and one that was not enriched.
    let mut searched = listed(Uuid::from_u128(4), 15);
    searched["action"] = json!("search");
    let mut more = jobs.to_vec();
    more.insert(1, searched);
    more.push(jobs[2].clone());
    let outcome = Account::with(events.clone(), more).reconcile().await;
    assert!(
        matches!(&outcome, Reconciliation::Found(job, _) if job.batch_id == Uuid::from_u128(2)),
        "{outcome:?}"
    );
    // A request for another number of persons made none of these.
    let of_one = ContactEnrichRequest::builder()
        .profile_urls(["https://www.linkedin.com/in/nobody-9/"])
        .fields([ContactField::BusinessEmail])
        .build()
        .unwrap();
    let mut more = events.to_vec();
    more.insert(2, event("of-one", 200, &of_one));
    let outcome = Account::with(more, jobs.clone()).reconcile().await;
    assert!(
        matches!(&outcome, Reconciliation::Found(job, _) if job.batch_id == Uuid::from_u128(2)),
        "{outcome:?}"
    );

    let near =
        |seconds: [i64; 3]| [3, 2, 1].map(|n| listed(Uuid::from_u128(n), seconds[3 - n as usize]));
    let mut unclear = events.clone();
    unclear[3]["request"] = Value::Null;
    for (events, jobs) in [
        // Two that may have changed places.
        (events.to_vec(), near([11, 10, 0]).to_vec()),
        (events.to_vec(), near([20, 10, 9]).to_vec()),
        // One whose request may be before the record's beginning.
        (events.to_vec(), near([20, 10, -59]).to_vec()),
        // One that is too recent for its request to be recorded, whatever else is.
        (events[1..2].to_vec(), vec![listed(Uuid::from_u128(1), 890)]),
        // More jobs than requests, fewer, and a request that can't be compared.
        (events[..3].to_vec(), jobs.to_vec()),
        (events.to_vec(), jobs[..2].to_vec()),
        (unclear.to_vec(), jobs.to_vec()),
        // Two requests that nobody can tell apart.
        (
            vec![event("a", 200, &request()), event("b", 200, &request())],
            jobs[..2].to_vec(),
        ),
    ] {
        let text = format!("{events:?} {jobs:?}");
        let outcome = Account::with(events, jobs).reconcile().await;
        assert!(
            matches!(outcome, Reconciliation::Ambiguous(..)),
            "{text}: {outcome:?}"
        );
    }
}

/// A job that its results prove, and that says too little to be certain, among requests that have no jobs yet.
#[tokio::test]
async fn an_accepted_request_has_the_only_job_with_its_results() {
    let file = gzip(&lines(
        &request()
            .professional_network_profile_urls
            .as_slice()
            .iter()
            .map(|url| record(url))
            .collect::<Vec<_>>(),
    ));
    let proved = |id: u128| {
        let mut job = listed(Uuid::from_u128(id), 10);
        let more = json!({
            "entity": "of another name", "status": "completed", "result_count": 2, "download_url": LINK,
        });
        for (key, value) in more.as_object().unwrap() {
            job[key] = value.clone();
        }
        job
    };
    let own = event(OWN, 200, &request());
    for (other, jobs, is_found) in [
        (of([3, 4]), vec![proved(1)], true),
        (of([3, 4]), vec![proved(1), proved(2)], false),
        // Two requests that nobody can tell apart.
        (request(), vec![proved(1)], false),
    ] {
        let account = Account::with([event("other", 200, &other), own.clone()], jobs);
        let file = file.clone();
        let server = Server::start(move |request| match is_download(request) {
            true => Reply::bytes(200, "", &file),
            false => account.reply(request, || Reply::Close),
        })
        .await;
        let client = server.client();
        let _ = client.job(batch_id()).await;
        let error = unknown(client.submit(&request()).await);
        let outcome = client.reconcile(error.submission()).await.unwrap();
        match is_found {
            true => assert!(matches!(outcome, Reconciliation::Found(..)), "{outcome:?}"),
            false => assert!(
                matches!(outcome, Reconciliation::Ambiguous(..)),
                "{outcome:?}"
            ),
        }
    }
}

/// A request that is recorded as accepted is no reason to submit again, even if its job is not listed.
#[tokio::test]
async fn an_accepted_request_without_a_job_is_not_lost() {
    let outcome = Account::with([event(OWN, 200, &request())], [])
        .reconcile()
        .await;
    assert!(
        matches!(outcome, Reconciliation::Unproved(_)),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn without_the_accounts_usage_the_list_says_what_it_says() {
    for refusal in [403, 404, 400, 500] {
        for jobs in [vec![], vec![listed(batch_id(), 1)]] {
            let mut account = Account::with([], jobs.clone());
            account.refusal = Some(refusal);
            let outcome = account.reconcile().await;
            match outcome {
                Reconciliation::NotFound(evidence) if jobs.is_empty() => {
                    assert_eq!(evidence.usage, None);
                }
                Reconciliation::Ambiguous(_, evidence) if !jobs.is_empty() => {
                    assert_eq!(evidence.usage, None);
                }
                other => panic!("{refusal}: {other:?}"),
            }
        }
    }
}

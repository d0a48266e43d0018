//! Which of the requests that the account's usage shows is the submission's. What that proves is in `record`.

use crustdata_batch::{ApiKey, Reconciliation, Uuid};
use serde_json::json;

use crate::account_of_events::{Account, event, listed, request};
use crate::evidence::{at_work, chunk, with_results};
use crate::reconcile::a_while_ago;
use crate::server::{Reply, Server, batch_id, builder, unknown};

/// The submission's event.
const OWN: &str = "own";

/// However the event shows it, and wherever the status is.
#[tokio::test]
async fn a_body_is_known_in_any_nesting_and_a_status_by_its_filter() {
    let body = json!(request());
    let urls = &body["professional_network_profile_urls"];
    let reordered = json!({
        "professional_network_profile_urls": urls, "fields": body["fields"], "chunk_size": null,
    });
    for shown in [
        body.clone(),
        reordered,
        json!({"query": {}, "json": body}),
        json!(body.to_string()),
        json!({"parameters": [{"body": body.to_string()}]}),
    ] {
        for class in ["2xx", "4xx", "5xx"] {
            let mut event = event(OWN, 200, &request());
            event["request"] = shown.clone();
            event["class"] = json!(class);
            event.as_object_mut().unwrap().remove("status");
            let jobs = match class {
                "4xx" => vec![],
                _ => vec![listed(Uuid::from_u128(1), 0)],
            };
            let outcome = Account::with([event], jobs).reconcile().await;
            let is_right = match class {
                "2xx" => matches!(outcome, Reconciliation::Found(..)),
                "4xx" => matches!(outcome, Reconciliation::Refused(..)),
                _ => matches!(outcome, Reconciliation::Ambiguous(..)),
            };
            assert!(is_right, "{class} {shown}: {outcome:?}");
        }
    }
}

/// The response was no acceptance, and named the request: whatever else has its body is another.
#[tokio::test]
async fn a_request_that_the_response_named_is_known_by_its_id() {
    let named = || Reply::with_headers(502, "x-request-id: own\r\n", "");
    for (status, is_right) in [
        (
            200,
            (|it| matches!(it, Reconciliation::Found(..))) as fn(&Reconciliation) -> bool,
        ),
        (400, |it| matches!(it, Reconciliation::Refused(..))),
    ] {
        let events = [
            event("b", 500, &request()),
            event(OWN, status, &request()),
            event("a", 500, &request()),
        ];
        let jobs = [listed(Uuid::from_u128(1), 0)];
        let outcome = Account::with(events, jobs).reconcile_after(named).await;
        assert!(is_right(&outcome), "{outcome:?}");
    }
}

/// A request of the same body whose response this client has read is not the one that was lost.
#[tokio::test]
async fn a_request_whose_outcome_is_known_is_another() {
    let account = Account::with([event("first", 400, &request())], []);
    let sent = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |request| {
        let is_first = || sent.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
        if request.line().starts_with("POST") && is_first() {
            let headers = "date: Thu, 15 Jan 2026 12:00:00 GMT\r\nx-request-id: first\r\n";
            return Reply::with_headers(400, headers, "{}");
        }
        account.reply(request, || Reply::Close)
    })
    .await;
    let client = server.client();
    let _ = client.job(batch_id()).await;
    let _ = client.submit(&request()).await.unwrap_err();
    let submission = unknown(client.submit(&request()).await)
        .submission()
        .clone();
    let outcome = client.reconcile(&submission).await.unwrap();
    assert!(
        matches!(outcome, Reconciliation::NeverArrived(_)),
        "{outcome:?}"
    );
}

/// Another key's account may be another one: it is without the submission in any case.
#[tokio::test]
async fn what_another_key_shows_proves_no_absence() {
    let account = Account::with([], []);
    let server = Server::start(move |request| account.reply(request, || Reply::Close)).await;
    let client = server.client();
    let _ = client.job(batch_id()).await;
    let beforehand = client.submission(&request());
    let error = unknown(client.submit(&request()).await);
    let other = builder(server.url()).api_key(ApiKey::new("another").unwrap());
    let other = other.build().unwrap();
    for submission in [&beforehand, error.submission()] {
        let text = serde_json::to_string(submission).unwrap();
        let submission = serde_json::from_str(&text).unwrap();
        let outcome = client.reconcile(&submission).await.unwrap();
        assert!(
            matches!(outcome, Reconciliation::NeverArrived(_)),
            "{outcome:?}"
        );
        let outcome = other.reconcile(&submission).await.unwrap();
        let Reconciliation::Unproved(evidence) = outcome else {
            panic!("{outcome:?}")
        };
        let usage = evidence.usage.unwrap();
        assert!(evidence.is_of_other_key && !usage.is_complete, "{usage:?}");
    }
}

/// Nor is the only job that is left there the submission's.
#[tokio::test]
async fn what_is_left_with_another_key_is_nobodys() {
    let server = with_results(vec![at_work()], [5, 5]).await;
    let client = server.client();
    let submission = a_while_ago(&client.submission(&chunk(0)));
    let outcome = client.reconcile(&submission).all_others([], []).await;
    let outcome = outcome.unwrap();
    assert!(matches!(outcome, Reconciliation::Found(..)), "{outcome:?}");
    let other = builder(server.url()).api_key(ApiKey::new("another").unwrap());
    let other = other.build().unwrap();
    let outcome = other.reconcile(&submission).all_others([], []).await;
    let outcome = outcome.unwrap();
    assert!(
        matches!(outcome, Reconciliation::Ambiguous(..)),
        "{outcome:?}"
    );
}

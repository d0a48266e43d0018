//! The account's usage, event by event.

use std::time::{Duration, SystemTime};

use crustdata_batch::{UsageEvent, UsageEvents, UsageQuery};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::server::{Reply, Request, Server, batch_id};

async fn ids(mut events: UsageEvents) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(event) = events.next().await {
        ids.push(event.unwrap().event_id().unwrap().to_owned());
    }
    ids
}

fn pages(request: &Request) -> Reply {
    let page = if request.line().contains("cursor=two") {
        json!({"events": [{"event_id": "c"}], "has_more": false})
    } else {
        json!({"events": [{"event_id": "a"}, {"event_id": "b"}], "has_more": true, "next_cursor": "two"})
    };
    Reply::new(200, &page.to_string())
}

#[tokio::test]
async fn every_page_is_followed_and_the_query_goes_with_it() {
    let server = Server::start(pages).await;
    let start = SystemTime::UNIX_EPOCH + Duration::from_millis(1_790_000_000_250);
    let query = UsageQuery::new()
        .start(start)
        .end(start + Duration::from_secs(60))
        .endpoint("/batch")
        .endpoint("/person/search")
        .status(200)
        .status_class("4xx")
        .status_class("2xx")
        .page_size(9_999);
    assert_eq!(ids(server.client().usage(query)).await, ["a", "b", "c"]);
    let lines: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.line().to_owned())
        .collect();
    let first = "GET /account/usage/events?start=2026-09-21T14%3A13%3A20.250Z&end=2026-09-21T14%3A14%3A20.250Z\
                 &endpoints=%2Fbatch&endpoints=%2Fperson%2Fsearch&status=200&status_class=2xx&limit=500";
    assert_eq!(lines, [first.to_owned(), format!("{first}&cursor=two")]);
}

#[tokio::test]
async fn a_page_is_asked_for_when_it_is_needed() {
    let server = Server::start(pages).await;
    let mut events = server.client().usage(UsageQuery::new());
    assert!(server.requests().is_empty());
    events.next().await.unwrap().unwrap();
    assert_eq!(server.requests().len(), 1);
}

/// No next page, or the same again and again, is not the end of the list.
#[tokio::test]
async fn a_list_that_goes_on_nowhere_does_not_end_like_a_whole_one() {
    for (next, pages) in [(json!(null), 1), (json!("same"), 2), (json!(7), 2)] {
        let page = json!({"events": [{"event_id": "a"}], "has_more": true, "next_cursor": next});
        let server = Server::responding(200, &page.to_string()).await;
        let mut events = server.client().usage(UsageQuery::new());
        for _ in 0..pages {
            events.next().await.unwrap().unwrap();
        }
        let error = events.next().await.unwrap().unwrap_err();
        assert!(error.to_string().contains("more events follow"), "{error}");
        assert!(events.next().await.is_none());
        assert_eq!(server.requests().len(), pages);
    }
}

#[tokio::test]
async fn a_page_without_a_list_of_events_is_no_empty_one() {
    for body in ["{}", r#"{"events": null}"#, r#"{"events": [1]}"#, "[]"] {
        let server = Server::responding(200, body).await;
        let mut events = server.client().usage(UsageQuery::new());
        let error = events.next().await.unwrap().unwrap_err();
        assert!(error.is_unreadable(), "{body}: {error}");
        assert!(events.next().await.is_none());
    }
}

async fn event(body: Value) -> UsageEvent {
    let server = Server::responding(200, &body.to_string()).await;
    server.client().usage_event("5a1f").await.unwrap()
}

#[tokio::test]
async fn an_event_is_read_whole() {
    let body = json!({
        "event_id": "5a1f",
        "credits_used": 3.5,
        "cost_components": [
            {"component": "person.business_email", "label": "Business e-mail", "credits": 1},
            {"component": "other", "credits_used": 2.5, "quantity": 1},
            {"component": "unpriced"},
        ],
        "api_key_id": 170,
        "status": 200,
        "request": {"body": {"fields": ["business_email"]}},
        "headers": {"authorization": "<redacted>"},
        "response": null,
        "new": {"deep": [1]},
    });
    let event = event(body.clone()).await;
    assert_eq!(event.event_id(), Some("5a1f"));
    assert_eq!(event.credits_used(), Some(3.5));
    let lines = event.cost_components();
    assert_eq!(lines[0].component(), Some("person.business_email"));
    assert_eq!(lines[0].label(), Some("Business e-mail"));
    let credits: Vec<_> = lines.iter().map(|line| line.credits()).collect();
    assert_eq!(credits, [Some(1.0), Some(2.5), None]);
    assert_eq!(event.api_key_id(), Some(&json!(170)));
    assert_eq!(event.status(), Some(200));
    assert_eq!(event.request(), Some(&body["request"]));
    assert_eq!(event.response(), None);
    assert_eq!(json!(event), body);
}

#[tokio::test]
async fn no_key_costs_an_event() {
    for body in [
        json!({}),
        json!({"event_id": 7, "credits_used": "1", "cost_components": "none", "status": -1}),
        json!({"credits_used": null, "cost_components": [1, null], "endpoint": {}}),
    ] {
        let event = event(body.clone()).await;
        assert_eq!(
            (event.event_id(), event.credits_used(), event.status()),
            (None, None, None)
        );
        assert_eq!(event.cost_components(), []);
        assert_eq!(event.endpoint(), None);
        assert_eq!(json!(event), body);
    }
}

#[tokio::test]
async fn an_id_stays_within_its_place_in_the_path() {
    let server = Server::responding(200, "{}").await;
    let client = server.client();
    for (id, in_path) in [
        ("a/../b?c#d e", "a%2F..%2Fb%3Fc%23d%20e"),
        (r"..\..\b", "..%5C..%5Cb"),
        ("%2e%2e", "%252e%252e"),
    ] {
        client.usage_event(id).await.unwrap();
        assert_eq!(
            server.requests().last().unwrap().line(),
            format!("GET /account/usage/events/{in_path}")
        );
    }
    for id in ["", ".", ".."] {
        let error = client.usage_event(id).await.unwrap_err();
        assert!(
            error.to_string().contains("no request has this id"),
            "{error}"
        );
        assert!(!error.is_transient());
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn an_unknown_event_is_not_found() {
    let server = Server::responding(404, "{}").await;
    let error = server.client().usage_event("5a1f").await.unwrap_err();
    assert!(error.is_not_found());
    assert!(error.to_string().contains("ask again later"), "{error}");
}

/// By the documentation, each of these has a limit of its own.
#[tokio::test]
async fn a_limit_that_is_used_up_holds_back_no_call_of_another_kind() {
    let spent = "x-ratelimit-limit: 60\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 3600\r\n";
    let server = Server::start(move |request| match request.line() {
        line if line.starts_with("GET /account") => Reply::with_headers(500, spent, ""),
        _ => Reply::new(500, ""),
    })
    .await;
    let client = server.client();
    client.usage_event("a").await.unwrap_err();
    client.credits().await.unwrap_err();
    // An hour later, if it waits.
    let job = timeout(Duration::from_secs(60), client.job(batch_id()));
    assert_eq!(job.await.unwrap().unwrap_err().status(), Some(500));
}

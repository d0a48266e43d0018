//! The account's credits and endpoints, and what responses say of their requests: an id, and what was charged.

use crustdata_batch::{ContactEnrichRequest, Credits, EndpointStatus, JobStatus, ListQuery};
use serde_json::{Value, json};

use crate::server::{BATCH_ID, KEY, Reply, Server, batch_id, job, not_accepted, request, unknown};

const FACTS: &str = "x-request-id: 5a1f-77\r\nX-Credits-Used: 0.03\r\n";

async fn credits(body: Value) -> Result<Credits, crustdata_batch::Error> {
    let server = Server::responding(200, &body.to_string()).await;
    server.client().credits().await
}

#[tokio::test]
async fn credits_are_read_whole() {
    let body = json!({"account": {
        "credits": 1234.5,
        "recurring_credits": 100,
        "recurring_credits_frequency": "monthly",
        "recurring_credits_refresh_date": "2026-12-01T00:00:00Z",
        "credit_rollover": true,
        "wallets": [{"any": 1}],
    }});
    let credits = credits(body.clone()).await.unwrap();
    assert_eq!(credits.credits(), Some(1234.5));
    assert_eq!(credits.recurring_credits(), Some(100.0));
    assert_eq!(credits.recurring_credits_frequency(), Some("monthly"));
    assert_eq!(credits.credit_rollover(), Some(true));
    let date = credits.recurring_credits_refresh_date().unwrap();
    assert_eq!(date.as_str(), "2026-12-01T00:00:00Z");
    assert_eq!(Value::Object(credits.raw().clone()), body["account"]);
}

#[tokio::test]
async fn no_key_costs_the_credits() {
    for account in [
        json!({}),
        json!({"credits": "many", "new": [1]}),
        json!({"credits": null, "recurring_credits": null}),
    ] {
        let credits = credits(json!({"account": account, "new": 1})).await;
        let credits = credits.unwrap();
        assert_eq!(
            (credits.credits(), credits.recurring_credits()),
            (None, None)
        );
        assert_eq!(Value::Object(credits.raw().clone()), account);
    }
    for nothing in [json!({}), json!({"account": null})] {
        assert_eq!(credits(nothing).await.unwrap(), Credits::default());
    }
    assert!(credits(json!("text")).await.unwrap_err().is_unreadable());
}

#[tokio::test]
async fn the_key_and_the_version_go_with_it() {
    let server = Server::responding(200, r#"{"account": {}}"#).await;
    server.client().credits().await.unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.line(), "GET /account/credits");
    assert_eq!(request.header("x-api-version"), Some("2025-11-01"));
    let expected = format!("Bearer {KEY}");
    assert_eq!(request.header("authorization"), Some(&*expected));
}

#[tokio::test]
async fn an_endpoint_is_read_and_asked_for_by_its_path() {
    let path = ContactEnrichRequest::PATH;
    let body = json!({
        "api_version": "2025-11-01",
        "token_limit_rpm": null,
        "endpoints": [
            {"path": "/person/search", "status": "enabled"},
            {
                "path": path,
                "category": "Person",
                "status": "not_enabled",
                "effective_rate_limit_rpm": 15,
                "fields": {"enabled": ["business_email"], "disabled": ["phone", 1]},
                "base_credits": 0.03,
                "premium_fields": [{"field": "phone", "credits": 2}, "odd"],
            },
        ],
    });
    let server = Server::responding(200, &body.to_string()).await;
    let endpoint = server.client().endpoint(path).await.unwrap().unwrap();
    assert_eq!(endpoint.status(), Some(EndpointStatus::NotEnabled));
    assert_eq!(endpoint.category(), Some("Person"));
    assert_eq!(endpoint.effective_rate_limit_rpm(), Some(15.0));
    assert_eq!(endpoint.fields().enabled(), ["business_email"]);
    assert_eq!(endpoint.fields().disabled(), ["phone"]);
    assert_eq!(endpoint.base_credits(), Some(0.03));
    assert_eq!(endpoint.premium_filters(), []);
    let prices = endpoint.premium_fields();
    assert_eq!(prices.len(), 1);
    assert_eq!(
        (prices[0].field(), prices[0].credits()),
        (Some("phone"), Some(2.0))
    );
    let line = server.requests()[0].line().to_owned();
    assert_eq!(
        line,
        "GET /account/endpoints?path=%2Fbatch%2Fperson%2Fcontact%2Fenrich"
    );
}

#[tokio::test]
async fn an_endpoint_that_is_not_listed_is_none() {
    for (endpoints, expected) in [
        (json!([]), false),
        (json!([{"path": "/other"}, {}]), false),
        (json!([{"path": "/a"}]), true),
    ] {
        let body = json!({"endpoints": endpoints}).to_string();
        let server = Server::responding(200, &body).await;
        let endpoint = server.client().endpoint("/a").await.unwrap();
        assert_eq!(endpoint.is_some(), expected);
        assert_eq!(endpoint.and_then(|endpoint| endpoint.status()), None);
    }
    let server = Server::responding(200, "{}").await;
    assert!(
        server
            .client()
            .endpoint("/a")
            .await
            .unwrap_err()
            .is_unreadable()
    );
}

#[tokio::test]
async fn errors_are_those_of_other_calls() {
    let server = Server::responding(401, r#"{"message": "Invalid API key in request"}"#).await;
    let error = server.client().credits().await.unwrap_err();
    assert!(error.is_unauthorized());
    let text = error.to_string();
    assert!(
        text.starts_with("reading the credits failed: the API answered 401"),
        "{text}"
    );
    let server = Server::responding(404, "").await;
    assert!(
        server
            .client()
            .endpoint("/a")
            .await
            .unwrap_err()
            .is_not_found()
    );
    let client = crate::server::client("http://127.0.0.1:1");
    assert!(client.credits().await.unwrap_err().is_not_sent());
}

#[tokio::test]
async fn an_acceptance_has_its_request_and_its_credits() {
    let whole = json!({
        "batch_id": BATCH_ID, "status": "pending", "entity": "person", "action": "contact_enrich",
        "identifier_count": 1, "entities_requested": 1, "status_url": "/batch/x",
    });
    for body in [whole, json!({"batch_id": BATCH_ID})] {
        let body = body.to_string();
        let server = Server::start(move |_| Reply::with_headers(202, FACTS, &body)).await;
        let accepted = server.client().submit(&request()).await.unwrap();
        assert_eq!(accepted.request_id(), Some("5a1f-77"));
        assert_eq!(accepted.credits_used(), Some(0.03));
    }
}

#[tokio::test]
async fn a_job_has_its_request_unless_it_is_of_a_list() {
    let body = job("failed", json!({"result_count": "odd"}));
    let page = json!({"jobs": [body], "next_cursor": null, "has_more": false}).to_string();
    let server = Server::start(move |request| {
        let body = match request.line() {
            "GET /batch" => page.clone(),
            _ => body.to_string(),
        };
        Reply::with_headers(200, FACTS, &body)
    })
    .await;
    let client = server.client();
    let job = client.job(batch_id()).await.unwrap();
    assert_eq!(
        (job.request_id(), job.credits_used()),
        (Some("5a1f-77"), Some(0.03))
    );
    let written = serde_json::to_value(&job).unwrap();
    assert!(written.get("facts").is_none(), "{written}");

    let listed = client.jobs(ListQuery::new()).next().await.unwrap().unwrap();
    assert_eq!(listed.status, JobStatus::Failed);
    assert_eq!((listed.request_id(), listed.credits_used()), (None, None));
    // They are no property of the job.
    assert_eq!(listed, job);

    let error = client.wait(batch_id()).await.unwrap_err();
    assert!(error.is_job_failed());
    assert_eq!(error.request_id(), Some("5a1f-77"));
}

#[tokio::test]
async fn an_error_has_its_request() {
    for status in [400, 402, 429] {
        let server = Server::start(move |_| Reply::with_headers(status, FACTS, "{}")).await;
        let error = not_accepted(server.client().submit(&request()).await);
        assert_eq!(error.request_id(), Some("5a1f-77"));
        assert_eq!(error.credits_used(), Some(0.03));
    }
    for status in [200, 500] {
        let server = Server::start(move |_| Reply::with_headers(status, FACTS, "")).await;
        let error = unknown(server.client().submit(&request()).await);
        assert_eq!(error.request_id(), Some("5a1f-77"));
        assert_eq!(error.credits_used(), Some(0.03));
    }
}

#[tokio::test]
async fn headers_that_say_nothing_are_none() {
    let long = format!("x-request-id: {}\r\n", "a".repeat(257));
    for headers in [
        "",
        "x-request-id:  \r\nx-credits-used: \r\n",
        "x-credits-used: many\r\n",
        "x-credits-used: NaN\r\n",
        "x-credits-used: inf\r\n",
        &long,
    ] {
        let headers = headers.to_owned();
        let server = Server::start(move |_| Reply::with_headers(500, &headers, "")).await;
        let error = server.client().job(batch_id()).await.unwrap_err();
        assert_eq!((error.request_id(), error.credits_used()), (None, None));
    }
}

#[tokio::test]
async fn a_request_id_does_not_show_the_key() {
    let headers = format!("x-request-id: id-{KEY}\r\n");
    let server = Server::start(move |_| Reply::with_headers(500, &headers, "")).await;
    let error = server.client().job(batch_id()).await.unwrap_err();
    assert_eq!(error.request_id(), Some("id-[redacted]"));
    assert!(!format!("{error:?}").contains(KEY));
}

//! What stands in the way of a submission, asked for nothing.

use std::sync::Arc;

use crustdata_batch::{
    ApiKey, Client, ClientBuilder, ContactEnrichRequest, ContactField, Event, Preflight,
    PreflightPart, PreflightProblem,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::server::{KEY, Reply, Request, Server, attempts, batch_id, job};

/// An account, as its paths show it. Null: there is no such path, or not for the account.
#[derive(Clone)]
struct Account {
    endpoint: Value,
    credits: Value,
    active: u128,
    /// Status of what is null.
    without: u16,
}

impl Account {
    /// One that may submit.
    fn ready() -> Self {
        let fields = json!({"enabled": ["business_email", "personal_contact_info.personal_emails"], "disabled": []});
        Self {
            endpoint: json!({
                "path": ContactEnrichRequest::PATH, "status": "enabled",
                "effective_rate_limit_rpm": 30, "fields": fields,
            }),
            credits: json!(10.5),
            active: 0,
            without: 404,
        }
    }

    fn reply(&self, request: &Request) -> Reply {
        let body = match request.line() {
            line if line.starts_with("GET /account/endpoints") => match &self.endpoint {
                Value::Null => return Reply::new(self.without, "{}"),
                endpoint => json!({"endpoints": [endpoint]}),
            },
            "GET /account/credits" => match &self.credits {
                Value::Null => return Reply::new(self.without, "{}"),
                credits => json!({"account": {"credits": credits}}),
            },
            line => {
                assert!(line.starts_with("GET /batch?"), "{line} may cost something");
                let jobs: Vec<_> = (0..self.active)
                    .map(|n| job("pending", json!({"batch_id": uuid::Uuid::from_u128(n)})))
                    .collect();
                json!({"jobs": jobs, "next_cursor": null, "has_more": false})
            }
        };
        Reply::new(200, &body.to_string())
    }

    async fn server(self) -> Server {
        Server::start(move |request| self.reply(request)).await
    }

    async fn preflight(self, request: &ContactEnrichRequest) -> Preflight {
        self.server()
            .await
            .client()
            .preflight(request)
            .await
            .unwrap()
    }
}

/// A request for two persons.
fn request(verified: bool) -> ContactEnrichRequest {
    ContactEnrichRequest::builder()
        .profile_urls([
            "https://www.linkedin.com/in/nobody-1/",
            "https://www.linkedin.com/in/nobody-2/",
        ])
        .fields([ContactField::BusinessEmail])
        .verified(verified)
        .build()
        .unwrap()
}

#[tokio::test]
async fn an_account_that_may_submit() {
    let preflight = Account::ready().preflight(&request(false)).await;
    assert!(preflight.is_ready(), "{preflight:?}");
    assert_eq!(preflight.unknown, []);
    assert_eq!(preflight.worst_case, 10.0);
    assert_eq!(preflight.balance, Some(10.5));
    assert_eq!(preflight.requests_per_minute, Some(30.0));
    assert_eq!(preflight.free_places, Some(5));
}

/// Whatever is asked for.
#[tokio::test]
async fn the_worst_case_is_all_kinds_of_every_person() {
    let preflight = Account::ready().preflight(&request(true)).await;
    assert_eq!(preflight.worst_case, 11.0);
    let server = Account::ready().server().await;
    let preflight = server.client().preflight(1_000).await.unwrap();
    assert_eq!(preflight.worst_case, 5_000.0);
    assert_eq!(preflight.unknown, [PreflightPart::Fields]);
}

#[tokio::test]
async fn each_thing_that_is_wrong_has_its_remedy() {
    let mut account = Account::ready();
    account.endpoint["status"] = json!("disabled");
    account.endpoint["fields"] = json!({"disabled": ["data.business_email.email"]});
    account.endpoint["effective_rate_limit_rpm"] = json!(0);
    account.credits = json!(9.99);
    account.active = 7;
    let preflight = account.preflight(&request(false)).await;
    assert!(!preflight.is_ready());
    let problems: Vec<_> = preflight.problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"), @r#"
    The endpoint is "disabled" for the account. Ask the provider to enable the endpoint for the account
    The account may not have ["business_email"]. Leave these fields out, or ask the provider for them
    The account's rate limit is zero. Ask the provider for a rate limit
    The account has 9.99 credits, and the submission may cost 10. Add credits, or submit fewer persons
    The account has 5 jobs at work, and may have no more. Wait for one of them to end (`ClientBuilder::max_active_jobs` does)
    "#);
    assert_eq!(preflight.unknown, []);
    assert_eq!(preflight.free_places, Some(0));
}

#[tokio::test]
async fn a_server_without_the_accounts_paths_leaves_its_parts_unknown() {
    for without in [404, 403] {
        let account = Account {
            endpoint: Value::Null,
            credits: Value::Null,
            active: 4,
            without,
        };
        let preflight = account.preflight(&request(false)).await;
        assert!(preflight.is_ready(), "{preflight:?}");
        let parts = [
            PreflightPart::Endpoint,
            PreflightPart::Fields,
            PreflightPart::RateLimit,
            PreflightPart::Balance,
        ];
        assert_eq!(preflight.unknown, parts);
        assert_eq!(preflight.free_places, Some(1));
    }
}

#[tokio::test]
async fn a_balance_that_just_covers_the_worst_case_is_enough() {
    let mut account = Account::ready();
    account.credits = json!(5);
    let server = account.server().await;
    let preflight = server.client().preflight(1).await.unwrap();
    assert_eq!((preflight.worst_case, preflight.problems), (5.0, vec![]));
}

#[tokio::test]
async fn what_is_odd_is_unknown() {
    let mut account = Account::ready();
    account.endpoint["status"] = json!("paused");
    account.endpoint["effective_rate_limit_rpm"] = json!("fast");
    account.credits = json!("many");
    let preflight = account.preflight(&request(false)).await;
    assert!(preflight.is_ready(), "{preflight:?}");
    let parts = [
        PreflightPart::Endpoint,
        PreflightPart::RateLimit,
        PreflightPart::Balance,
    ];
    assert_eq!(preflight.unknown, parts);
}

/// Of a name that only begins like a field's, and in whole for what lies below it.
#[tokio::test]
async fn a_field_is_denied_by_its_own_name_only() {
    for (disabled, denied) in [
        ("business_email_of_old", 0),
        ("personal_contact_info", 0),
        ("business_email.status", 1),
    ] {
        let mut account = Account::ready();
        account.endpoint["fields"]["disabled"] = json!([disabled]);
        let preflight = account.preflight(&request(false)).await;
        assert_eq!(preflight.problems.len(), denied, "{disabled}");
    }
}

#[tokio::test]
async fn one_request_a_minute_is_enough() {
    let mut account = Account::ready();
    account.endpoint["effective_rate_limit_rpm"] = json!(1);
    assert!(account.preflight(&request(false)).await.is_ready());
}

#[tokio::test]
async fn a_key_that_nobody_knows_is_the_only_problem() {
    let server = Server::responding(401, "{}").await;
    let preflight = server.client().preflight(&request(false)).await.unwrap();
    assert_eq!(preflight.problems, [PreflightProblem::UnknownKey]);
    assert_eq!(preflight.unknown.len(), 5);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_server_that_fails_is_an_error() {
    let server = Server::responding(500, "").await;
    let error = server.client().preflight(1).await.unwrap_err();
    assert_eq!(error.status(), Some(500));
}

/// The requests about jobs that have their turn before one has to wait.
async fn turns(builder: ClientBuilder, url: &str) -> usize {
    let paced = Arc::new(Notify::new());
    let told = Arc::clone(&paced);
    let builder = builder.on_event(move |event| {
        if let Event::Paced { .. } = event {
            told.notify_one();
        }
    });
    let key = ApiKey::new(KEY).unwrap();
    let client = builder.api_key(key).base_url(url).build().unwrap();
    client.preflight(1).await.unwrap();
    let mut turns = 0;
    loop {
        tokio::select! {
            result = client.job(batch_id()) => drop(result.unwrap_err()),
            () = paced.notified() => return turns,
        }
        turns += 1;
    }
}

#[tokio::test]
async fn the_accounts_rate_is_the_pace_from_then_on() {
    let account = Account::ready();
    let server = Server::start(move |request| match request.line() {
        line if line.starts_with("GET /batch/") => Reply::new(500, ""),
        _ => account.reply(request),
    })
    .await;
    // Two more asked for the list of jobs.
    assert_eq!(turns(Client::builder(), server.url()).await, 28);
    let set = Client::builder().requests_per_minute(attempts(5));
    assert_eq!(turns(set, server.url()).await, 3);
}

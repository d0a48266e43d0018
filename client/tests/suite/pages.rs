//! The list as a stream that follows the pages.

use crustdata_batch::{Jobs, ListQuery, PageLimit, Uuid};
use serde_json::{Value, json};

use crate::server::{Reply, Request, Server, job};

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn with_id(n: u128) -> Value {
    job("completed", json!({"batch_id": id(n)}))
}

/// Three pages of two, one and no jobs.
fn pages(request: &Request) -> Reply {
    let after = |n: u128| request.line().contains(&format!("cursor={}", id(n)));
    let page = if after(3) {
        json!({"jobs": [], "next_cursor": null, "has_more": false})
    } else if after(2) {
        json!({"jobs": [with_id(3)], "next_cursor": id(3), "has_more": true})
    } else {
        json!({"jobs": [with_id(1), with_id(2)], "next_cursor": id(2), "has_more": true})
    };
    Reply::new(200, &page.to_string())
}

async fn ids(mut jobs: Jobs) -> Vec<Uuid> {
    let mut ids = Vec::new();
    while let Some(job) = jobs.next().await {
        ids.push(job.unwrap().batch_id);
    }
    ids
}

#[tokio::test]
async fn every_page_is_followed_and_the_query_goes_with_it() {
    let server = Server::start(pages).await;
    let query = ListQuery::new().limit(PageLimit::MIN);
    assert_eq!(
        ids(server.client().jobs(query)).await,
        [id(1), id(2), id(3)]
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    let limit = format!("limit={}", PageLimit::MIN);
    assert!(
        requests
            .iter()
            .all(|request| request.line().contains(&limit))
    );
}

#[tokio::test]
async fn a_page_is_asked_for_when_it_is_needed() {
    let server = Server::start(pages).await;
    let mut jobs = server.client().jobs(ListQuery::new());
    assert!(server.requests().is_empty());
    jobs.next().await.unwrap().unwrap();
    jobs.next().await.unwrap().unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_list_that_says_it_is_over_is_over() {
    let page = json!({"jobs": [with_id(1)], "next_cursor": id(1), "has_more": false}).to_string();
    let server = Server::responding(200, &page).await;
    assert_eq!(ids(server.client().jobs(ListQuery::new())).await, [id(1)]);
}

/// How many jobs come before the error that ends the list.
async fn jobs_before_the_error(mut jobs: Jobs) -> usize {
    let mut count = 0;
    let error = loop {
        match jobs.next().await.unwrap() {
            Ok(_) => {
                count += 1;
                assert!(count < 10, "it never ends");
            }
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("more jobs follow"), "{error}");
    assert!(!error.is_transient());
    assert!(jobs.next().await.is_none());
    count
}

/// No next page, this page again, or one from which another leads back: none of it is the end.
#[tokio::test]
async fn a_list_that_goes_on_nowhere_does_not_end_like_a_whole_one() {
    for (next, before) in [(json!(null), 1), (json!(id(1)), 2)] {
        let page = json!({"jobs": [with_id(1)], "next_cursor": next, "has_more": true}).to_string();
        let server = Server::responding(200, &page).await;
        let jobs = server.client().jobs(ListQuery::new());
        assert_eq!(jobs_before_the_error(jobs).await, before);
    }
    let circle = |request: &Request| {
        let this = if request.line().contains(&format!("cursor={}", id(1))) {
            2
        } else {
            1
        };
        let page = json!({"jobs": [with_id(this)], "next_cursor": id(this), "has_more": true});
        Reply::new(200, &page.to_string())
    };
    let server = Server::start(circle).await;
    let jobs = server.client().jobs(ListQuery::new());
    assert_eq!(jobs_before_the_error(jobs).await, 3);
    let jobs = server.client().jobs(ListQuery::new().cursor(id(1)));
    assert_eq!(jobs_before_the_error(jobs).await, 2);
}

#[tokio::test]
async fn an_error_ends_the_list() {
    let server = Server::start(|request| match request.line().contains("cursor") {
        true => Reply::new(500, ""),
        false => pages(request),
    })
    .await;
    let mut jobs = server.client().jobs(ListQuery::new());
    jobs.next().await.unwrap().unwrap();
    jobs.next().await.unwrap().unwrap();
    assert_eq!(jobs.next().await.unwrap().unwrap_err().status(), Some(500));
    assert!(jobs.next().await.is_none());
}

#[tokio::test]
async fn a_key_of_another_type_does_not_cost_the_page() {
    let odd = job(
        "completed",
        json!({"batch_id": id(1), "result_count": "three", "download_urls": {"a": 1}}),
    );
    let page =
        json!({"jobs": [odd, with_id(2)], "next_cursor": null, "has_more": false}).to_string();
    let server = Server::start(move |_| Reply::new(200, &page)).await;
    assert_eq!(
        ids(server.client().jobs(ListQuery::new())).await,
        [id(1), id(2)]
    );
}

/// Nothing is missing of a list that says that it is over, or has no next page.
#[tokio::test]
async fn a_last_page_may_say_so_in_odd_ways() {
    for end in [
        json!({"next_cursor": "", "has_more": false}),
        json!({"has_more": false}),
        json!({"next_cursor": null, "has_more": null}),
        json!({"next_cursor": null}),
    ] {
        let mut page = end.clone();
        page["jobs"] = json!([with_id(1)]);
        let server = Server::responding(200, &page.to_string()).await;
        assert_eq!(
            ids(server.client().jobs(ListQuery::new())).await,
            [id(1)],
            "{end}"
        );
    }
}

/// A list that can't be followed is not one that is over.
#[tokio::test]
async fn a_page_that_does_not_say_whether_it_is_the_last_is_not_the_end() {
    for (end, before) in [
        (json!({"next_cursor": "page-2", "has_more": true}), 1),
        (json!({"next_cursor": "page-2"}), 1),
        (json!({"has_more": true}), 1),
        (json!({"has_more": "no"}), 0),
        (json!({"next_cursor": null, "has_more": "true"}), 0),
        (json!({"next_cursor": "", "has_more": 1}), 0),
        (json!({}), 0),
    ] {
        let mut page = end.clone();
        page["jobs"] = json!([with_id(1)]);
        let server = Server::responding(200, &page.to_string()).await;
        let mut jobs = server.client().jobs(ListQuery::new());
        let mut count = 0;
        let error = loop {
            match jobs.next().await.expect("it ends like a whole one") {
                Ok(_) => count += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(count, before, "{end}: {error}");
    }
}

//! The pace that the server's headers set. How the turns are counted is tested beside the pacer, without waiting.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use crustdata_batch::{Error, Event};
use tokio::time::timeout;

use crate::server::{Reply, Server, batch_id, builder, not_accepted, request, unknown};

/// Long enough for a call on this machine, and much shorter than the waits that servers ask for here.
const A_WHILE: Duration = Duration::from_millis(200);
/// Far more than a call takes, and far less than the waits that servers ask for here.
const A_LONG_WHILE: Duration = Duration::from_secs(30);

async fn server(status: u16, headers: &'static str) -> Server {
    Server::start(move |_| Reply::with_headers(status, headers, "")).await
}

#[tokio::test]
async fn a_used_up_window_holds_all_clones_until_it_has_room() {
    let server = server(
        404,
        "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 600\r\n",
    )
    .await;
    let client = builder(server.url()).build().unwrap();
    let clone = client.clone();
    client.job(batch_id()).await.unwrap_err();
    assert!(timeout(A_WHILE, clone.job(batch_id())).await.is_err());
    assert!(
        timeout(A_WHILE, client.list(&Default::default()))
            .await
            .is_err()
    );
    assert_eq!(server.requests().len(), 1);
}

/// A refusal that says when to come back, and nothing of a window.
#[tokio::test]
async fn a_refusal_holds_all_clones_until_its_time() {
    let server = server(429, "retry-after: 600\r\n").await;
    let client = builder(server.url()).build().unwrap();
    client.job(batch_id()).await.unwrap_err();
    assert!(
        timeout(A_WHILE, client.clone().job(batch_id()))
            .await
            .is_err()
    );
    assert_eq!(server.requests().len(), 1);
}

/// A server that is away for a while says so in the same way.
#[tokio::test]
async fn a_server_that_is_away_is_left_alone_until_its_time() {
    let server = server(503, "retry-after: 600\r\n").await;
    let client = builder(server.url()).build().unwrap();
    let error = client.job(batch_id()).await.unwrap_err();
    assert_eq!(error.status(), Some(503));
    assert!(timeout(A_WHILE, client.job(batch_id())).await.is_err());
    assert_eq!(server.requests().len(), 1);
}

/// On any other response that is no word on the rate.
#[tokio::test]
async fn a_wait_without_a_refusal_holds_nobody() {
    let server = server(404, "retry-after: 600\r\nx-ratelimit-limit: 1\r\n").await;
    let client = builder(server.url()).build().unwrap();
    for _ in 0..3 {
        client.job(batch_id()).await.unwrap_err();
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_window_with_room_holds_nobody() {
    let server = server(
        404,
        "x-ratelimit-limit: 15\r\nx-ratelimit-remaining: 1\r\nx-ratelimit-reset: 600\r\n",
    )
    .await;
    let client = builder(server.url()).build().unwrap();
    for _ in 0..40 {
        client.job(batch_id()).await.unwrap_err();
    }
    assert_eq!(server.requests().len(), 40);
}

#[tokio::test]
async fn the_assumption_is_the_documents_until_the_server_says_otherwise() {
    let server = server(404, "").await;
    let key = crustdata_batch::ApiKey::new(crate::server::KEY).unwrap();
    let client = crustdata_batch::Client::builder()
        .api_key(key)
        .base_url(server.url())
        .build()
        .unwrap();
    let document = crate::schemas::document();
    let assumed = document["x-limits"]["requests-per-minute"]
        .as_u64()
        .unwrap();
    for _ in 0..assumed {
        client.job(batch_id()).await.unwrap_err();
    }
    assert!(timeout(A_WHILE, client.job(batch_id())).await.is_err());
    assert_eq!(server.requests().len() as u64, assumed);
}

/// A submission waits for its turn, which the response to another request brings; only then it is sent.
#[tokio::test]
async fn a_submission_is_sent_when_its_turn_has_come() {
    let responded_at = Arc::<Mutex<Option<SystemTime>>>::default();
    let responded = Arc::clone(&responded_at);
    let server = Server::start(move |request| {
        if request.line().starts_with("POST") {
            return Reply::Close;
        }
        *responded.lock().unwrap() = Some(SystemTime::now());
        Reply::with_headers(404, "x-ratelimit-remaining: 5\r\n", "")
    })
    .await;
    let client = builder(server.url())
        .requests_per_minute(NonZeroU32::MIN)
        .build()
        .unwrap();
    let request = request();
    let (_, submitted) = tokio::join!(client.job(batch_id()), client.submit(&request));
    let sent_at = unknown(submitted).submission().sent_at;
    assert!(Some(sent_at) >= *responded_at.lock().unwrap());
    assert_eq!(server.requests().len(), 2);
}

/// What the API asks for in this header, as the error of a call tells it.
async fn asked(reset: u128) -> Duration {
    asked_by(&format!("x-ratelimit-reset: {reset}"))
        .await
        .unwrap()
}

async fn asked_by(header: &str) -> Option<Duration> {
    let headers = format!("{header}\r\n");
    let server = Server::start(move |_| Reply::with_headers(429, &headers, "")).await;
    let error = server.client().job(batch_id()).await.unwrap_err();
    error.response().unwrap().retry_after()
}

/// Documented are whole seconds; some servers count more finely.
#[tokio::test]
async fn a_part_of_a_second_counts_as_one() {
    for name in ["retry-after", "x-ratelimit-reset"] {
        for (value, seconds) in [
            ("7.0", Some(7)),
            ("7.25", Some(8)),
            ("0.001", Some(1)),
            ("7.", Some(7)),
            (".5", None),
            ("7.x", None),
            ("7.5.1", None),
            ("-7.5", None),
        ] {
            let asked = asked_by(&format!("{name}: {value}")).await;
            assert_eq!(asked, seconds.map(Duration::from_secs), "{name}: {value}");
        }
    }
}

/// Documented are seconds; servers of other APIs send a moment.
#[tokio::test]
async fn a_reset_that_is_a_moment_is_recognised() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let at = now.unwrap() + Duration::from_secs(40);
    let waits = 20..=40;
    assert!(waits.contains(&asked(at.as_secs().into()).await.as_secs()));
    assert!(waits.contains(&asked(at.as_millis()).await.as_secs()));
    let gone = at - Duration::from_secs(3600);
    assert_eq!(asked(gone.as_secs().into()).await, Duration::ZERO);
    assert_eq!(asked(40).await, Duration::from_secs(40));
}

/// A wait that nobody means, and a caller who doesn't put up with it.
#[tokio::test]
async fn an_absurd_wait_is_cut_short_and_told() {
    let server = server(
        429,
        "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 999999999\r\n",
    )
    .await;
    let events = Arc::<Mutex<Vec<Event>>>::default();
    let log = Arc::clone(&events);
    let longest = Duration::from_millis(1);
    let client = builder(server.url())
        .longest_wait(longest)
        .on_event(move |event| log.lock().unwrap().push(event.clone()))
        .build()
        .unwrap();
    for _ in 0..2 {
        let error = client.job(batch_id()).await.unwrap_err();
        assert!(error.is_rate_limited(), "{error}");
    }
    let events = events.lock().unwrap();
    assert!(
        events.iter().any(|event| matches!(
            event,
            Event::WaitShortened { asked, wait, .. }
                if *asked == Duration::from_secs(999_999_999) && *wait == longest
        )),
        "{events:?}"
    );
}

#[tokio::test]
async fn the_longest_wait_itself_is_not_cut_short() {
    let server = server(429, "retry-after: 600\r\n").await;
    let events = Arc::<Mutex<Vec<Event>>>::default();
    let log = Arc::clone(&events);
    let client = builder(server.url())
        .longest_wait(Duration::from_secs(600))
        .on_event(move |event| log.lock().unwrap().push(event.clone()))
        .build()
        .unwrap();
    client.job(batch_id()).await.unwrap_err();
    let events = events.lock().unwrap();
    let is_shortened = |event: &Event| matches!(event, Event::WaitShortened { .. });
    assert!(!events.iter().any(is_shortened), "{events:?}");
}

#[tokio::test]
async fn a_call_that_waits_for_its_turn_is_told() {
    let server = server(404, "").await;
    let (tell, told) = std::sync::mpsc::channel();
    let client = builder(server.url())
        .requests_per_minute(NonZeroU32::MIN)
        .on_event(move |event| tell.send(event.clone()).unwrap())
        .build()
        .unwrap();
    client.job(batch_id()).await.unwrap_err();
    assert!(told.try_recv().is_err());
    let _ = timeout(A_WHILE, client.job(batch_id())).await;
    assert!(matches!(told.try_recv(), Ok(Event::Paced { .. })));
}

/// Too many active jobs: polls are what ends that, and other submissions are not.
#[tokio::test]
async fn too_many_active_jobs_hold_up_submissions_and_no_polls() {
    for headers in [
        "retry-after: 600\r\n",
        "x-ratelimit-reset: 600\r\n",
        "x-ratelimit-remaining: 3\r\nx-ratelimit-reset: 60\r\nretry-after: 600\r\n",
    ] {
        let server = Server::start(move |request| match request.line().starts_with("POST") {
            true => Reply::with_headers(429, headers, ""),
            false => Reply::new(404, ""),
        })
        .await;
        let client = builder(server.url()).build().unwrap();
        let error = not_accepted(client.submit(&request()).await);
        assert!(error.is_rate_limited(), "{error}");
        for _ in 0..3 {
            let error: Error = timeout(A_LONG_WHILE, client.job(batch_id()))
                .await
                .expect("a poll is held up")
                .unwrap_err();
            assert_eq!(error.status(), Some(404));
        }
        let request = request();
        assert!(timeout(A_WHILE, client.submit(&request)).await.is_err());
        assert_eq!(server.requests().len(), 4);
    }
}

/// Who believes a server whatever it asks for waits for as long as can be counted, and no call panics.
#[tokio::test]
async fn a_wait_beyond_all_times_can_be_believed() {
    let most = u64::MAX;
    for headers in [
        format!("retry-after: {most}\r\n"),
        format!("x-ratelimit-remaining: 0\r\nx-ratelimit-reset: {most}\r\n"),
    ] {
        let server = Server::start(move |_| Reply::with_headers(429, &headers, "")).await;
        for is_submission in [true, false] {
            let builder = builder(server.url()).longest_wait(Duration::MAX);
            let client = builder.build().unwrap();
            let error = match is_submission {
                true => not_accepted(client.submit(&request()).await),
                false => client.job(batch_id()).await.unwrap_err(),
            };
            assert!(error.is_rate_limited(), "{error}");
            let request = request();
            assert!(timeout(A_WHILE, client.submit(&request)).await.is_err());
        }
    }
}

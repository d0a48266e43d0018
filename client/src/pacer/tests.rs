//! The pacer at chosen points in time: here, since a minute of the public face takes a minute.
#![allow(clippy::unwrap_used)]

use std::pin::pin;
use std::task::{Context, Waker};

use super::*;
use crate::builder::LONGEST_WAIT;

fn said(limit: Option<u64>, remaining: u64, wait: Option<u64>) -> RateLimit {
    RateLimit {
        limit,
        remaining: Some(remaining),
        wait: wait.map(Duration::from_secs),
        ..RateLimit::default()
    }
}

fn pacer(assumed: Option<u32>) -> Pacer {
    let assumed = assumed.and_then(NonZeroU32::new);
    Pacer::new(assumed, LONGEST_WAIT, Events::default())
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A pacer with this assumption that has learnt this from its first request.
fn told(assumed: Option<u32>, said: &RateLimit, now: Instant) -> Pacer {
    let pacer = pacer(assumed);
    pacer.take_turn(false, now).unwrap().learn_at(said, now);
    pacer
}

/// When to ask again.
fn refused(pacer: &Pacer, now: Instant) -> Instant {
    pacer.take_turn(false, now).unwrap_err()
}

#[test]
fn the_assumption_is_a_sliding_window() {
    let pacer = pacer(Some(2));
    let start = Instant::now();
    pacer.take_turn(false, start).unwrap();
    pacer.take_turn(false, start + seconds(10)).unwrap();
    assert_eq!(refused(&pacer, start + seconds(20)), start + WINDOW);
    pacer.take_turn(false, start + WINDOW).unwrap();
    assert_eq!(
        refused(&pacer, start + WINDOW),
        start + seconds(10) + WINDOW
    );
}

#[test]
fn without_an_assumption_nobody_waits() {
    let pacer = pacer(None);
    let now = Instant::now();
    assert!((0..1_000).all(|_| pacer.take_turn(false, now).is_ok()));
}

#[test]
fn the_servers_word_replaces_the_assumption() {
    let now = Instant::now();
    let pacer = told(Some(1), &said(Some(3), 1, Some(7)), now);
    pacer.take_turn(false, now).unwrap();
    assert_eq!(refused(&pacer, now), now + seconds(7));
}

/// A window that has room again has room for one.
#[test]
fn after_the_reset_requests_are_spread_until_the_server_speaks_again() {
    let now = Instant::now();
    let pacer = told(None, &said(Some(3), 0, Some(7)), now);
    let reset = now + seconds(7);
    assert_eq!(refused(&pacer, now), reset);
    let turn = pacer.take_turn(false, reset).unwrap();
    assert_eq!(refused(&pacer, reset), reset + WINDOW / 3);
    turn.learn_at(&said(Some(3), 2, Some(60)), reset);
    drop(turn);
    pacer.take_turn(false, reset).unwrap();
    pacer.take_turn(false, reset).unwrap();
    assert_eq!(refused(&pacer, reset), reset + WINDOW);
}

#[test]
fn requests_under_way_are_counted_though_the_server_has_not_seen_them() {
    let pacer = pacer(None);
    let now = Instant::now();
    let turns: Vec<_> = (0..3)
        .map(|_| pacer.take_turn(false, now).unwrap())
        .collect();
    turns[0].learn_at(&said(Some(10), 3, Some(7)), now);
    // One that is left for the two that are under way, and one for this.
    let fourth = pacer.take_turn(false, now).unwrap();
    assert_eq!(refused(&pacer, now), now + seconds(7));
    // Given up, or without a word in the response: no longer under way.
    drop(turns);
    fourth.learn_at(&said(Some(10), 3, Some(7)), now);
    assert!((0..3).all(|_| pacer.take_turn(false, now).is_ok()));
}

#[tokio::test]
async fn who_waits_is_woken_by_what_another_learns() {
    let pacer = pacer(Some(1));
    let first = pacer.turn(false).await;
    let mut second = pin!(pacer.turn(false));
    let mut context = Context::from_waker(Waker::noop());
    assert!(second.as_mut().poll(&mut context).is_pending());
    first.learn(&said(Some(10), 5, Some(60)));
    assert!(second.as_mut().poll(&mut context).is_ready());
}

#[test]
fn waits_without_end_and_budgets_of_nothing_are_not_believed() {
    let now = Instant::now();
    let pacer = told(None, &said(Some(0), 0, Some(u64::MAX / 2)), now);
    let until = refused(&pacer, now);
    assert_eq!(until, now + LONGEST_WAIT);
    pacer.take_turn(false, until).unwrap();
}

/// Too many active jobs, or so it seems.
#[test]
fn a_refused_submission_holds_up_submissions_only() {
    let now = Instant::now();
    let until = seconds(30);
    for remaining in [None, Some(4)] {
        let pacer = pacer(None);
        let said = RateLimit {
            remaining,
            is_refusal: true,
            wait: Some(until),
            ..RateLimit::default()
        };
        pacer.take_turn(true, now).unwrap().learn_at(&said, now);
        pacer.take_turn(false, now).unwrap();
        assert_eq!(pacer.take_turn(true, now).unwrap_err(), now + until);
        pacer.take_turn(true, now + until).unwrap();
    }
}

#[test]
fn a_refused_submission_that_used_up_the_window_holds_up_all() {
    let now = Instant::now();
    let pacer = pacer(None);
    let said = RateLimit {
        is_refusal: true,
        ..said(None, 0, Some(30))
    };
    pacer.take_turn(true, now).unwrap().learn_at(&said, now);
    assert_eq!(refused(&pacer, now), now + seconds(30));
}

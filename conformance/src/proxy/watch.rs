//! Judging beside the traffic: on a thread of its own, behind a queue with a bound. What does not find room in it is
//! passed on all the same, and counted.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::lock::lock;
use crate::traffic::{Met, Traffic};

/// The most exchanges that wait to be judged.
const MOST_QUEUED: usize = 4_096;
/// The most bytes of bodies that do.
const MOST_BYTES: usize = 64 << 20;

/// What is told as it is found.
pub type Tell = Box<dyn FnMut(&str) + Send>;

/// Where exchanges are given to be judged.
#[derive(Debug)]
pub(super) struct Watch {
    queue: SyncSender<Next>,
    bytes: Arc<AtomicUsize>,
    lost: AtomicUsize,
    under_way: Mutex<UnderWay>,
}

/// The requests that are under way: when each was sent, in microseconds since 1970, and its number.
#[derive(Debug, Default)]
struct UnderWay {
    sent: BTreeSet<(i64, u64)>,
    next: u64,
}

/// An exchange that is over.
struct Next {
    met: Met,
    /// Nothing is to come that was sent before.
    before: i64,
}

/// A request that is under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket {
    pub(super) sent: i64,
    number: u64,
}

/// The thread that judges; it brings back what it judged.
pub(super) type Judge = JoinHandle<Traffic>;

impl Watch {
    /// Starts the thread.
    pub(super) fn start(traffic: Traffic, tell: Tell) -> std::io::Result<(Self, Judge)> {
        let (queue, exchanges) = sync_channel(MOST_QUEUED);
        let bytes = Arc::new(AtomicUsize::new(0));
        let weight = bytes.clone();
        let judge = std::thread::Builder::new()
            .name("judge".to_owned())
            .spawn(move || judge(traffic, &exchanges, &weight, tell))?;
        let watch = Self {
            queue,
            bytes,
            lost: AtomicUsize::new(0),
            under_way: Mutex::default(),
        };
        Ok((watch, judge))
    }

    /// Notes that a request is sent now.
    pub(super) fn begin(&self) -> Ticket {
        let mut under_way = lock(&self.under_way);
        let number = under_way.next;
        under_way.next += 1;
        let sent = now();
        under_way.sent.insert((sent, number));
        Ticket { sent, number }
    }

    /// Gives an exchange that is over to be judged.
    pub(super) fn end(&self, ticket: Ticket, met: Met) {
        let weight = met.weight();
        let mut under_way = lock(&self.under_way);
        under_way.sent.remove(&(ticket.sent, ticket.number));
        let before = under_way.sent.first().map_or_else(now, |(sent, _)| *sent);
        let has_room = self.bytes.fetch_add(weight, Ordering::Relaxed) + weight <= MOST_BYTES;
        // Under the lock, so that `before` holds for all that is queued behind it.
        if !has_room || self.queue.try_send(Next { met, before }).is_err() {
            self.bytes.fetch_sub(weight, Ordering::Relaxed);
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many exchanges were passed on without being judged.
    pub(super) fn lost(&self) -> usize {
        self.lost.load(Ordering::Relaxed)
    }
}

fn judge(
    mut traffic: Traffic,
    exchanges: &Receiver<Next>,
    weight: &AtomicUsize,
    mut tell: Tell,
) -> Traffic {
    let mut told = BTreeSet::new();
    while let Ok(Next { met, before }) = exchanges.recv() {
        weight.fetch_sub(met.weight(), Ordering::Relaxed);
        traffic.push(met);
        traffic.settle(before);
        for (check, violation) in traffic.violated() {
            if told.insert(check.id) {
                let (expected, got) = (&violation.expected, &violation.got);
                let line = format!("violated: {}: expected {expected}; got {got}", check.id);
                tell(&crate::readable::line(&line, crate::readable::MOST_TEXT));
            }
        }
    }
    traffic
}

/// In microseconds since 1970.
pub(super) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| i64::try_from(now.as_micros()).unwrap_or(i64::MAX))
}

//! The gate that exchanges go through as they happen, wherever they come from: what could name a person is masked,
//! the exchange is recorded where there is a recording, and judged. After that it is let go, but for the few that
//! findings show: memory follows the jobs, not the traffic.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use http::Method;

use crate::checks::{Check, Judging, Tally, Violation};
use crate::evidence::Evidence;
use crate::exchange::Exchange;
use crate::mask::Mask;
use crate::recording::Recorder;

/// The most exchanges that wait for others, which may have been sent before them.
const MOST_WAITING: usize = 1_000;

/// The most reads that are named of those that were cut off once.
const MOST_CUT: usize = 20;

/// Judges exchanges as they come.
#[derive(Debug)]
pub struct Assessment {
    judging: Judging,
    mask: Mask,
    recorder: Option<Recorder>,
    /// Exchanges that others may have been sent before, by when they were sent, in microseconds: the unit of a recording, so
    /// that one is judged as its run was. What was sent at the same moment stays in the order of recording.
    waiting: BTreeMap<(u128, usize), Arc<Exchange>>,
    exchanges: usize,
    server: Duration,
    /// Reads whose last response was cut off.
    cut: HashSet<String>,
    cut_once: Vec<String>,
}

impl Assessment {
    /// Nothing so far, to be judged by these checks, and recorded where there is a `recorder`.
    pub fn new(checks: &[&'static Check], recorder: Option<Recorder>) -> Self {
        Self {
            judging: Judging::new(checks),
            mask: Mask::default(),
            recorder,
            waiting: BTreeMap::new(),
            exchanges: 0,
            server: Duration::ZERO,
            cut: HashSet::new(),
            cut_once: Vec::new(),
        }
    }

    /// Takes in an exchange, and gives it a number: that of its line in the recording, from 0. They may come in any order, as
    /// long as there are not too many (some hundreds) between two that are out of order: they are judged in the order of
    /// sending.
    pub fn push(&mut self, mut exchange: Arc<Exchange>) -> usize {
        let number = self.exchanges;
        self.exchanges += 1;
        self.server += exchange.took;
        if let Some(masked) = self.mask.exchange(&exchange) {
            masked.put_into(Arc::make_mut(&mut exchange));
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.push(number, &exchange);
        }
        let sent = exchange.sent_after.as_micros();
        self.waiting.insert((sent, number), exchange);
        if self.waiting.len() > MOST_WAITING {
            self.judge_next();
        }
        number
    }

    /// Judges what was sent before this moment: nothing is to come that was sent earlier.
    pub fn settle(&mut self, before: Duration) {
        let before = before.as_micros();
        while (self.waiting.first_key_value()).is_some_and(|((sent, _), _)| *sent < before) {
            self.judge_next();
        }
    }

    /// Judges all that came so far.
    pub fn settle_all(&mut self) {
        while !self.waiting.is_empty() {
            self.judge_next();
        }
    }

    fn judge_next(&mut self) {
        if let Some(((_, number), exchange)) = self.waiting.pop_first()
            && !self.is_cut_for_the_first_time(&exchange)
        {
            self.judging.push(number, &exchange);
        }
    }

    /// Whether a read was cut off, and the same read was not the time before: that is named, and not judged.
    fn is_cut_for_the_first_time(&mut self, exchange: &Exchange) -> bool {
        let request = &exchange.request;
        if request.method != Method::GET || self.cut.is_empty() && !exchange.is_cut_read() {
            return false;
        }
        let read = format!("{} {:?}", request.destination, request.headers);
        if !exchange.is_cut_read() {
            self.cut.remove(&read);
            return false;
        }
        let first = self.cut.insert(read);
        if first && self.cut_once.len() < MOST_CUT {
            let detail = exchange.outcome.as_ref().err();
            let detail = detail.map_or("", |failure| &failure.detail);
            self.cut_once.push(format!("{request}: {detail}"));
        }
        first
    }

    /// The first reads that were cut off, as [`Exchange::is_cut_read`] says, when they had not been the time before.
    pub fn cut_once(&self) -> &[String] {
        &self.cut_once
    }

    /// The checks that judge.
    pub fn checks(&self) -> impl Iterator<Item = &'static Check> {
        self.judging.checks()
    }

    /// What each check says of what was judged so far, in their order.
    pub fn judged(&self) -> Vec<(&'static Check, Tally)> {
        self.judging.judged()
    }

    /// What was judged so far shows this.
    pub fn evidence(&self) -> &Evidence {
        self.judging.evidence()
    }

    /// Exchanges so far.
    pub fn exchanges(&self) -> usize {
        self.exchanges
    }

    /// From the sending of a request to the last byte of its response, added up.
    pub fn server(&self) -> Duration {
        self.server
    }

    /// Masks an exchange.
    pub(crate) fn mask(&mut self, exchange: &mut Exchange) {
        if let Some(masked) = self.mask.exchange(exchange) {
            masked.put_into(exchange);
        }
    }

    /// The checks that are violated by what was judged so far, whatever comes next, each with what shows it best.
    pub fn violated(&self) -> impl Iterator<Item = (&'static Check, &Violation)> {
        self.judging.violated()
    }

    /// A text about the exchanges, with the same masked in it.
    pub(crate) fn masked(&mut self, text: &str) -> String {
        self.mask.line(text)
    }

    /// The recording, where there is one, to be finished.
    pub(crate) fn take_recorder(&mut self) -> Option<Recorder> {
        self.recorder.take()
    }
}

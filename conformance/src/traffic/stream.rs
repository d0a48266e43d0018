//! Exchanges in the order in which they are read, and out in that of sending. They wait in a window that is bounded by
//! their size, so that what was written late, such as a request that took long, still comes in its turn.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::bodies;
use super::har_writer::HarWriter;
use super::keys::Keys;
use super::links::Links;
use super::met::{Met, Place};
use super::origins::Origins;
use super::places::Places;
use crate::assessment::Assessment;
use crate::checks::{Check, Violation};
use crate::contract::request::{Destination, Operation, UNRECORDED_BODY};
use crate::exchange::{Exchange, Request, ended};

/// The most bytes of exchanges that wait for others, which may have been sent before them.
const MOST_WAITING: usize = 16 << 20;

/// Judges other people's traffic as it is read.
#[derive(Debug)]
pub struct Traffic {
    assessment: Assessment,
    origins: Origins,
    keys: Keys,
    links: Links,
    /// By when they were sent, where they stood in a file, and how many came before.
    window: BTreeMap<(i64, Place, u64), Item>,
    came: u64,
    weight: usize,
    /// When the first exchange of the stretch was sent.
    began: Option<i64>,
    /// When the stretch begins, from the start of all; and when what was judged is over.
    from: Duration,
    over: Duration,
    /// When the exchange was sent that was judged last.
    judged: i64,
    places: Places,
    amounts: Amounts,
    recording: Option<HarWriter>,
    /// Base URLs of recordings of this suite, each of which is of one API.
    recorded: Vec<String>,
}

/// How much of the traffic was judged, and how much not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Exchanges with other servers, or with other parts of the API's.
    pub elsewhere: usize,
    /// Exchanges that came so much later than their turn that they were judged out of order.
    pub late: usize,
}

#[derive(Debug)]
enum Item {
    Met(Box<Met>),
    /// What is the API's for sure, and has no key in it.
    Ready(Box<Exchange>),
}

impl Item {
    fn weight(&self) -> usize {
        match self {
            Self::Met(met) => met.weight(),
            Self::Ready(exchange) => {
                let response = exchange.outcome.as_ref().map_or(0, |r| r.body.len());
                500 + exchange.request.body.len() + response
            }
        }
    }
}

impl Traffic {
    /// Nothing so far. Only exchanges with the server at `base` are judged, or with any that is this API.
    pub fn new(assessment: Assessment, base: Option<&Url>) -> Self {
        Self {
            assessment,
            origins: Origins::new(base),
            keys: Keys::default(),
            links: Links::default(),
            window: BTreeMap::new(),
            came: 0,
            weight: 0,
            began: None,
            from: Duration::ZERO,
            over: Duration::ZERO,
            judged: i64::MIN,
            places: Places::default(),
            amounts: Amounts::default(),
            recording: None,
            recorded: Vec::new(),
        }
    }

    /// Writes what is judged to `out`, as HAR, without keys and masked. `base` is the URL of the API.
    pub fn record(&mut self, out: impl Write + Send + 'static, base: &Url) {
        self.recording = Some(HarWriter::new(out, base));
    }

    /// Ends that recording.
    ///
    /// # Errors
    ///
    /// When it could not be written, now or before.
    pub fn finish_recording(&mut self) -> std::io::Result<()> {
        self.end_stretch();
        self.recording.take().map_or(Ok(()), HarWriter::finish)
    }

    /// The clauses that are violated by what was judged so far, whatever comes next, each with what shows it.
    pub fn violated(&self) -> impl Iterator<Item = (&'static Check, &Violation)> {
        self.assessment.violated()
    }

    /// Takes in an exchange as somebody met it.
    pub(crate) fn push(&mut self, mut met: Met) {
        // Whether the API takes a packed request is open.
        if bodies::coding(&met.headers).is_some() {
            met.body = UNRECORDED_BODY.into();
        }
        if self.origins.note(&met) {
            self.keys.note(&met);
            self.links.note(&met);
        }
        self.wait(met.sent, met.place, Item::Met(Box::new(met)));
    }

    /// Takes in an exchange of a recording of this suite, with the server at this base URL.
    pub(crate) fn push_ready(&mut self, exchange: Exchange, place: Place, base_url: &str) {
        let is_named = !base_url.is_empty();
        if is_named && !self.recorded.iter().any(|known| known == base_url) {
            self.recorded.push(base_url.to_owned());
        }
        let sent = i64::try_from(exchange.sent_after.as_micros()).unwrap_or(i64::MAX);
        self.began = Some(0);
        self.wait(sent, place, Item::Ready(Box::new(exchange)));
    }

    fn wait(&mut self, sent: i64, place: Place, item: Item) {
        self.weight += item.weight();
        self.window.insert((sent, place, self.came), item);
        self.came += 1;
        while self.weight > MOST_WAITING {
            self.judge_next();
        }
    }

    /// Judges what was sent before this moment, in microseconds since 1970: nothing is to come that was sent earlier.
    pub fn settle(&mut self, before: i64) {
        while (self.window.first_key_value()).is_some_and(|((sent, ..), _)| *sent < before) {
            self.judge_next();
        }
    }

    /// Judges all that came so far. What comes next was sent after all of it, by another clock perhaps.
    pub(crate) fn end_stretch(&mut self) {
        while !self.window.is_empty() {
            self.judge_next();
        }
        self.began = None;
        self.judged = i64::MIN;
        self.from = self.over;
    }

    fn judge_next(&mut self) {
        let Some(((sent, place, _), item)) = self.window.pop_first() else {
            return;
        };
        self.weight -= item.weight();
        let began = *self.began.get_or_insert(sent);
        let after = u64::try_from(sent.saturating_sub(began)).unwrap_or_default();
        let sent_after = self.from + Duration::from_micros(after);
        let exchange = match item {
            Item::Met(met) => self.exchange(*met),
            Item::Ready(exchange) => Some(*exchange),
        };
        let Some(mut exchange) = exchange else {
            self.amounts.elsewhere += 1;
            return;
        };
        exchange.sent_after = sent_after;
        self.amounts.late += usize::from(sent < self.judged);
        self.judged = self.judged.max(sent);
        let ended = u64::try_from(ended(&exchange)).unwrap_or(u64::MAX);
        self.over = self.over.max(Duration::from_micros(ended));
        self.places.push(place);
        if let Some(recording) = &mut self.recording {
            self.assessment.mask(&mut exchange);
            recording.push(sent, &exchange);
        }
        self.assessment.push(Arc::new(exchange));
        self.assessment.settle(sent_after);
    }

    /// The exchange without any key, where it is the API's: with one of its operations, with the store that a job
    /// linked to, or with whoever else is given a key.
    fn exchange(&self, mut met: Met) -> Option<Exchange> {
        let destination = match self.origins.path(&met.method, &met.url) {
            Some(path) => path,
            None => match self.links.find(&met.url) {
                Some(link) => Destination::Outside(link.into_owned()),
                None if self.origins.are_left(&met.url) && self.keys.carries_one(&met.headers) => {
                    Destination::Outside(met.url.clone())
                }
                None => return None,
            },
        };
        if matches!(
            Operation::of(&met.method, &destination),
            Operation::Download(_)
        ) && let Ok(response) = &mut met.outcome
            && let Some(packed) = bodies::packed(response)
        {
            *response = packed;
        }
        self.keys
            .hide(&mut met, matches!(destination, Destination::Api { .. }));
        Some(self.keys.redacted(Exchange {
            request: Request::new(met.method, destination, met.headers, met.body),
            outcome: met.outcome,
            sent_after: Duration::ZERO,
            took: Duration::from_micros(met.took),
        }))
    }

    /// Takes note of an exchange that can't be read, by its address: whether it is none with this API, and so is left alone.
    pub(crate) fn leaves_alone(&mut self, url: &str) -> bool {
        let is_elsewhere = !self.origins.may_hold(url);
        self.amounts.elsewhere += usize::from(is_elsewhere);
        is_elsewhere
    }

    /// How much was judged, and how much not.
    pub fn amounts(&self) -> Amounts {
        self.amounts
    }

    /// The base URLs of the servers that were judged.
    pub fn base_urls(&self) -> Vec<String> {
        let mut urls = self.origins.base_urls();
        let recorded = self.recorded.iter();
        let others: Vec<_> = recorded
            .filter(|url| !urls.contains(url))
            .cloned()
            .collect();
        urls.extend(others);
        urls
    }

    /// What judged them, and where each exchange stood.
    pub fn finish(mut self) -> (Assessment, Places) {
        self.end_stretch();
        (self.assessment, self.places)
    }
}

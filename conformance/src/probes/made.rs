//! The refusals of a catalogue, made as they are asked for and kept for the next catalogue like it: a proof of the suite
//! runs on a thousand servers, and making a refusal takes as long as sending it.

use std::sync::{Arc, Mutex};

use super::families::Family;
use super::submission::Probe;
use crate::exchange::Request;
use crate::lock::lock;

/// What the refusals of a catalogue follow from: the seed, and the family that is left out.
pub(super) type Key = (u64, Option<&'static str>);

/// Refusals, as far as they were asked for.
pub(super) struct Made {
    made: Vec<(Probe, Request)>,
    rest: Box<dyn Iterator<Item = (Probe, Request)> + Send>,
}

/// Those of the newest catalogue.
static NEWEST: Mutex<Option<(Key, Arc<Mutex<Made>>)>> = Mutex::new(None);

/// The refusals of a catalogue with this seed, which `make` makes.
pub(super) fn refusals<I: Iterator<Item = (Probe, Request)> + Send + 'static>(
    seed: u64,
    without: Option<&'static Family>,
    make: fn(u64, Option<&'static Family>) -> I,
) -> impl Iterator<Item = (Probe, Request)> + use<I> {
    let key = (seed, without.map(|family| family.name));
    let mut newest = lock(&NEWEST);
    let made = match &*newest {
        Some((its, made)) if *its == key => made.clone(),
        _ => {
            let made = Arc::new(Mutex::new(Made {
                made: Vec::new(),
                rest: Box::new(make(seed, without)),
            }));
            *newest = Some((key, made.clone()));
            made
        }
    };
    drop(newest);
    (0..).map_while(move |n| lock(&made).get(n))
}

impl Made {
    fn get(&mut self, n: usize) -> Option<(Probe, Request)> {
        while self.made.len() <= n {
            self.made.push(self.rest.next()?);
        }
        self.made.get(n).cloned()
    }
}

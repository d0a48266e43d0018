//! Evidence: what checks look at. It is built once from exchanges, wherever they come from, in the order in
//! which the requests were *sent*; the order in which they were recorded does not matter.
//!
//! What a check concludes from it is not decided here.

mod account;
mod files;
mod lists;
mod timelines;

pub use account::Account;
pub use files::{Files, Record, Unreadable};
pub use lists::Page;
pub(crate) use lists::ids;
pub use timelines::{Timeline, is_uuid, state, text};

use std::collections::BTreeMap;

use crate::contract::request::Operation;
use crate::exchange::Exchange;

/// An exchange and its number in the recording, by which findings refer to it.
pub type Numbered<'a> = (usize, &'a Exchange);

/// What exchanges show, worked out once for all checks.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// The exchanges, in the order in which their requests were sent.
    pub exchanges: Vec<Numbered<'a>>,
    /// The jobs of valid submissions that have an id of their own, in the order of submission.
    pub timelines: Vec<Timeline<'a>>,
    /// Whether every accepted submission was given an id of its own, so that a list can be held against them.
    pub ids_are_sound: bool,
    /// The jobs of which a file was fetched, in the order of submission.
    pub files: Vec<Files<'a>>,
    /// What the files hold, by the number of the download.
    pub unpacked: BTreeMap<usize, Result<Vec<Record>, Unreadable>>,
    /// The pages of the list that can be read.
    pub pages: Vec<Page<'a>>,
    /// The webhook deliveries, also those that did not come.
    pub deliveries: Vec<Numbered<'a>>,
    /// What the submissions show of the key and the account.
    pub account: Account,
}

impl<'a> Evidence<'a> {
    /// Works out what `exchanges` show. Each is known by its place in them.
    pub fn of(exchanges: &'a [Exchange]) -> Self {
        let mut exchanges: Vec<Numbered<'a>> = exchanges.iter().enumerate().collect();
        // In the units of a recording, so that one is judged as its run was. Stable: what was sent at the same moment stays in the order in which it was recorded.
        exchanges.sort_by_key(|(_, exchange)| exchange.sent_after.as_micros());
        let sound = timelines::sound_ids(&exchanges);
        let timelines = timelines::timelines(&exchanges, &sound);
        let files = files::files(&exchanges, &timelines);
        Self {
            unpacked: files::unpacked(&files),
            files,
            pages: lists::pages(&exchanges),
            deliveries: exchanges
                .iter()
                .copied()
                .filter(|(_, exchange)| {
                    matches!(exchange.request.operation(), Operation::Delivery(_))
                })
                .collect(),
            account: Account::of(&exchanges, &timelines),
            ids_are_sound: sound.all,
            timelines,
            exchanges,
        }
    }

    /// The records of the file that was fetched with this number; `None` where they can't be read.
    pub fn records(&self, download: usize) -> Option<&[Record]> {
        let unpacked = self.unpacked.get(&download)?;
        unpacked.as_ref().ok().map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use super::*;
    use crate::checks::{self, CHECKS};
    use crate::embedded::{self, Options};
    use crate::recording;
    use crate::results::{Results, Rules, Target};
    use crustdata_mock as mock;

    thread_local! {
        /// How often timelines were built on this thread.
        pub(super) static BUILT: Cell<usize> = const { Cell::new(0) };
        /// How many files were unpacked on this thread.
        pub(super) static UNPACKED: Cell<usize> = const { Cell::new(0) };
    }

    /// What a run of all checks on the mock leaves behind. All of it is sent one after the other.
    async fn run(fault: Option<&str>) -> Results {
        let options = Options {
            checks: CHECKS.to_vec(),
            cases: 0,
            seed: 1,
            max_jobs: None,
            rpm: None,
            timeout: Duration::from_secs(30),
            faults: fault
                .map(|name| mock::find(name).expect("it exists"))
                .into_iter()
                .collect(),
        };
        let never = std::future::pending();
        embedded::run(&options, &Rules::default(), never, &|_| {})
            .await
            .expect("the mock starts")
    }

    #[tokio::test]
    async fn jobs_are_put_together_once_and_each_file_is_unpacked_once_for_all_checks() {
        let exchanges = run(None).await.exchanges;
        let files = exchanges
            .iter()
            .filter(|exchange| matches!(exchange.request.operation(), Operation::Download(_)))
            .count();
        assert!(files > 1);
        BUILT.set(0);
        UNPACKED.set(0);
        let evidence = Evidence::of(&exchanges);
        let judged = checks::judge(CHECKS, &evidence);
        assert!(
            judged
                .iter()
                .all(|(_, observations)| !observations.is_empty())
        );
        assert_eq!(BUILT.get(), 1);
        assert!((2..=files).contains(&UNPACKED.get()), "{}", UNPACKED.get());
    }

    /// What each check says, and of what it says so, in words that don't depend on numbers of exchanges.
    fn said(exchanges: Vec<Exchange>) -> Vec<String> {
        let target = Target {
            base_url: "http://127.0.0.1:1/".to_owned(),
            embedded: false,
            faults: Vec::new(),
        };
        let results = Results::of_exchanges(CHECKS, target, exchanges, &Rules::default());
        assert_eq!((results.seed, results.cases), (None, None));
        let said = results.checks.iter().map(|check| {
            let finding = check.findings.first();
            let finding = finding.map(|finding| (&finding.sent, &finding.got));
            let (satisfied, violated) = (check.satisfied, check.violated);
            format!(
                "{} {:?} {satisfied} {violated} {finding:?}",
                check.id, check.status
            )
        });
        said.collect()
    }

    /// Responses come, and a proxy records, in any order; what a check says follows the order of sending.
    #[tokio::test]
    async fn exchanges_are_judged_in_the_order_of_sending_whatever_the_order_of_recording() {
        for fault in [
            None,
            Some("completed-then-processing"),
            Some("status-flickers"),
        ] {
            let exchanges = run(fault).await.exchanges;
            let mut recording = Vec::new();
            recording::write(&mut recording, "", None, &exchanges)
                .expect("memory can be written to");
            let (_, mut reversed) = recording::read(&recording[..]).expect("it is a recording");
            reversed.reverse();
            assert_eq!(said(reversed), said(exchanges), "{fault:?}");
        }
    }
}

//! A run on the command line: told of on the console, stopped by Ctrl-C.

use std::path::PathBuf;

use crustdata_batch::Client;
use crustdata_bulk::{Bulk, Journal, List, Outcome, Plan, Report, Sink, Stopper};
use serde_json::{Map, json};

use super::console::Console;
use super::exit::{End, Failure};
use super::options::Pace;
use super::place::{Place, quoted};
use super::signals::Signals;
use super::webhook::Receiver;

/// A run on a journal, told of on a console.
pub(super) struct Run {
    pub(super) bulk: Bulk<Box<dyn Journal>>,
    pub(super) console: Console,
    receiver: Option<Receiver>,
    journal: Place,
    /// Where the answers go, unless that is what the journal says.
    pub(super) output: Option<PathBuf>,
    /// What the command that goes on has to be told again, since the journal doesn't keep it.
    again: String,
}

impl Run {
    pub(super) fn new(
        client: Client,
        journal: &Place,
        pace: &Pace,
        base_url: Option<&str>,
    ) -> Result<Self, Failure> {
        let console = Console::new(pace.log_format);
        let mut tell = console.clone();
        #[cfg(feature = "failpoints")]
        let mut abort = failpoint();
        let mut bulk = Bulk::new(client)
            .journal(journal.open()?)
            .people_per_job(pace.people_per_job)
            .interval(pace.interval)
            .unknown_patience(pace.unknown_patience)
            .outage_patience(pace.outage_patience)
            .on_event(move |event| {
                #[cfg(feature = "failpoints")]
                abort(event);
                tell.tell(event);
            });
        if pace.trust_list {
            bulk = bulk.trust_list();
        }
        if let Some(credits) = pace.max_credits {
            bulk = bulk.max_credits(credits);
        }
        if let Some(url) = &pace.webhook_url {
            bulk = bulk.webhook_url(url.clone());
        }
        let receiver = match pace.webhook_listen {
            Some(address) => Some(Receiver::bind(address)?),
            None => None,
        };
        let ceiling = pace.max_credits.map(|most| most.to_string());
        let again = [
            ("--base-url", base_url),
            ("--max-credits", ceiling.as_deref()),
        ];
        let again = again
            .into_iter()
            .filter_map(|(flag, value)| value.map(|value| format!(" {flag} {}", quoted(value))));
        Ok(Self {
            bulk,
            console,
            receiver,
            journal: journal.clone(),
            output: None,
            again: again.collect(),
        })
    }

    /// The command that goes on with a list, for people.
    pub(super) fn goes_on(&self, list: &List) -> String {
        let output = self.output.as_ref();
        let output = output.map(|path| format!(" -o {}", quoted(&path.display().to_string())));
        let output = output.unwrap_or_default();
        let (journal, list, again) = (&self.journal, list.id, &self.again);
        format!("`crustdata-bulk resume --journal {journal} --list {list}{output}{again}` goes on")
    }

    /// Answers a list.
    pub(super) async fn finish(
        mut self,
        list: &List,
        plan: &Plan,
        sink: &mut dyn Sink,
    ) -> Result<End, Failure> {
        self.console.expect(plan);
        let receiving = match self.receiver.take() {
            Some(receiver) => {
                let address = receiver.address();
                self.console
                    .line(&format!("receiving webhook deliveries at {address}"));
                Some(tokio::spawn(receiver.receive(self.bulk.hints())))
            }
            None => None,
        };
        let stopping = tokio::spawn(stop_on_signals(
            Signals::listen(),
            self.bulk.stopper(),
            self.console.clone(),
        ));
        let report = self.bulk.finish(list, sink).await;
        stopping.abort();
        if let Some(receiving) = receiving {
            receiving.abort();
        }
        self.console.finish();
        if report.is_err() {
            self.console.line(&self.goes_on(list));
        }
        let report = report.map_err(Failure::from)?;
        self.summarize(&report);
        Ok(End::from(&report))
    }

    fn summarize(&self, report: &Report) {
        let (console, journal) = (&self.console, &self.journal);
        let counts = Outcome::ALL.map(|outcome| (outcome.name(), report.tally.of(outcome)));
        if console.is_json() {
            let outcomes = counts.map(|(name, rows)| (name.to_owned(), json!(rows)));
            console.value(&json!({
                "event": "ended", "is_stopped": report.is_stopped, "rows": report.tally.rows(),
                "outcomes": outcomes.into_iter().collect::<Map<_, _>>(), "worst_case": report.worst_case,
            }));
            return;
        }
        let counts = counts.iter().filter(|(_, rows)| *rows > 0);
        let counts: Vec<String> = counts
            .map(|(name, rows)| format!("{rows} {name}"))
            .collect();
        let rows = report.tally.rows();
        console.line(&format!("{rows} rows: {}", counts.join(", ")));
        let credits = report.worst_case;
        console.line(&format!("submissions cost at most {credits} credits"));
        if report.is_stopped {
            console.line(&format!("stopped: {}", self.goes_on(&report.list)));
        } else if report.tally.of(Outcome::Indeterminate) > 0 {
            console.line(&format!(
                "some have to be decided about: `crustdata-bulk status --journal {journal}`"
            ));
        }
    }
}

/// The first signal stops the run after the request that is under way, the second one at once.
async fn stop_on_signals(mut signals: Signals, stopper: Stopper, console: Console) {
    signals.next().await;
    console.line("stopping after this request; again to stop at once: nothing is lost either way");
    stopper.stop();
    signals.next().await;
    std::process::exit(130);
}

/// Ends or pauses the process at the step that the environment names, the given time that it is reached: `STEP:TIMES`.
#[cfg(feature = "failpoints")]
fn failpoint() -> impl FnMut(&crustdata_bulk::Event) + Send + 'static {
    let setting = |name| {
        let setting = std::env::var(name).unwrap_or_default();
        let (step, times) = setting.split_once(':').unwrap_or((&setting, "1"));
        (step.to_owned(), times.parse::<u32>().unwrap_or(1))
    };
    let mut abort = setting("CRUSTDATA_BULK_ABORT_AT");
    let mut pause = setting("CRUSTDATA_BULK_PAUSE_AT");
    move |event| {
        let crustdata_bulk::Event::Step(step) = event else {
            return;
        };
        let is_at = |(name, times): &mut (String, u32)| {
            *times -= u32::from(*times > 0 && format!("{step:?}") == *name);
            *times == 0 && format!("{step:?}") == *name
        };
        if is_at(&mut abort) {
            std::process::abort();
        }
        if is_at(&mut pause) {
            pause.0.clear();
            let process = std::process::id().to_string();
            let mut kill = std::process::Command::new("kill");
            drop(kill.args(["-STOP", &process]).status());
        }
    }
}

//! What is asked of the account: its balance, what it may call, and what requests were charged. It is free, and a server
//! that has not these paths is asked for each of them once.

use std::time::Duration;

use url::form_urlencoded;

use super::sender::Sender;
use super::stop::Stop;
use crate::checks::usage::request_id::PATIENCE;
use crate::contract::request::Operation;
use crate::evidence::{Submission, state, text};
use crate::exchange::{Exchange, Request};
use crate::generated::contract::{account, submit, usage};
use crate::probes::scenario::{self, NO_SUCH_REQUESTS, Version};
use crate::probes::submission::Authorization;

/// The most requests whose events are asked for by their ids.
const LOOKED_UP: u64 = 3;
/// The most polls for one event.
const MOST_POLLS: u64 = 20;
/// The most pages of events at the end of a run.
const LAST_PAGES: u64 = 2;
/// The longest pause between two polls for an event.
const LONGEST_INTERVAL: Duration = Duration::from_secs(5);
/// A path that no server has among its endpoints.
const NO_SUCH_PATH: &str = "/batch/conformance/no/such/path";
/// Stands for the id of a request that there was.
const SOME_REQUEST: &str = "conformance-some-request";
/// Without a key, with another one, and for other versions.
const WAYS_NOT_TO_ASK: [(Authorization, Version); 4] = [
    (Authorization::Absent, Version::Current),
    (Authorization::UnknownKey, Version::Current),
    (Authorization::Key, Version::Absent),
    (Authorization::Key, Version::Other),
];

/// The most requests of this file that one run sends: the ways to ask, a walk of so many pages, the events of some
/// requests, and the reckoning at the end.
pub(super) const fn most(pages: u64) -> u64 {
    let ways = 4 + 4 * 3 + NO_SUCH_REQUESTS.len() as u64;
    ways + pages + 1 + LOOKED_UP * MOST_POLLS + 1 + (1 + LAST_PAGES)
}

/// Asks for the balance, of which a run on another server than the embedded mock shows what became, and for what the
/// account may call, in all the ways that a clause is about.
pub(super) async fn read(sender: &Sender<'_>) -> Result<(), Stop> {
    let balance = with_key(account::credits::PATH);
    if !sender.config.embedded || sender.config.needs(&balance) {
        sender.ask(balance).await?;
    }
    if sender.account_has(Operation::Credits) {
        ways_not_to_ask(sender, account::credits::PATH).await?;
    }
    let filtered = |path: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("path", path).finish();
        format!("{}?{query}", account::endpoints::PATH)
    };
    let mine = filtered(submit::PATH);
    sender.ask_if_needed(with_key(mine.clone())).await?;
    if sender.account_has(Operation::Endpoints) {
        sender
            .ask_if_needed(with_key(filtered(NO_SUCH_PATH)))
            .await?;
        sender
            .ask_if_needed(with_key(account::endpoints::PATH))
            .await?;
        ways_not_to_ask(sender, &mine).await?;
    }
    Ok(())
}

/// Asks for usage events: those of some of the run's submissions, all, and page by page.
pub(super) async fn usage(sender: &Sender<'_>, most_pages: usize) -> Result<(), Stop> {
    // First, to learn whether there are any.
    sender
        .ask_if_needed(page(&format!("limit={}", usage::limit::MIN)))
        .await?;
    if !sender.account_has(Operation::Events) {
        return Ok(());
    }
    for id in of_interest(sender) {
        look_up(sender, &id).await?;
    }
    for id in NO_SUCH_REQUESTS {
        if let Some(request) = scenario::event(id, Authorization::Key) {
            sender.ask_if_needed(request).await?;
        }
    }
    sender
        .ask_if_needed(page(&format!("limit={}", usage::limit::MAX)))
        .await?;
    let mut next = "limit=2".to_owned();
    for _ in 0..most_pages {
        let Some(shown) = sender.ask_if_needed(page(&next)).await? else {
            break;
        };
        match cursor(&shown) {
            Some(cursor) => next = format!("limit=2&cursor={cursor}"),
            None => break,
        }
    }
    ways_not_to_ask(sender, usage::PATH).await
}

/// Reads the balance and the events again, once the events of all accepted submissions are there, or are missed.
pub(super) async fn reckon(sender: &Sender<'_>) -> Result<(), Stop> {
    if !sender.account_has(Operation::Credits) {
        return Ok(());
    }
    if sender.account_has(Operation::Events) {
        if let Some(newest) = accepted(sender).last().cloned() {
            poll(sender, &newest).await?;
        }
        let mut next = format!("limit={}", usage::limit::MAX);
        for _ in 0..LAST_PAGES {
            let shown = sender.ask(page(&next)).await?;
            match cursor(&shown) {
                Some(cursor) => next = format!("limit={}&cursor={cursor}", usage::limit::MAX),
                None => break,
            }
        }
    }
    sender.ask(with_key(account::credits::PATH)).await?;
    Ok(())
}

/// Asks for something of the account without a key, with another one, and for other versions.
async fn ways_not_to_ask(sender: &Sender<'_>, target: &str) -> Result<(), Stop> {
    for (authorization, version) in WAYS_NOT_TO_ASK {
        sender
            .ask_if_needed(scenario::account(target, authorization, version))
            .await?;
    }
    Ok(())
}

/// Asks for the event of a request until it is there or is missed, and then without a key.
async fn look_up(sender: &Sender<'_>, id: &str) -> Result<(), Stop> {
    let Some(request) = scenario::event(id, Authorization::Key) else {
        return Ok(());
    };
    if sender.config.needs(&request) {
        poll(sender, id).await?;
    }
    match scenario::event(id, Authorization::Absent) {
        Some(request) => sender.ask_if_needed(request).await.map(drop),
        None => Ok(()),
    }
}

async fn poll(sender: &Sender<'_>, id: &str) -> Result<(), Stop> {
    let mut interval = Duration::from_millis(50);
    for _ in 0..MOST_POLLS {
        let Some(request) = scenario::event(id, Authorization::Key) else {
            break;
        };
        let shown = sender.ask(request).await?;
        let over = sender.evidence(|evidence| {
            let requested = evidence.requests().find(id);
            requested.is_none_or(|requested| {
                // What was refused is not sure to leave an event.
                let due = matches!(requested.submission, Some(Submission::Accepted { .. }));
                !due || requested.is_older_than(PATIENCE, &shown)
            })
        });
        if over || shown.accepted() {
            break;
        }
        // The clock of the embedded mock moves with the requests.
        if !sender.config.embedded {
            sender.clock().wait(interval).await;
            interval = (interval * 2).min(LONGEST_INTERVAL);
        }
    }
    Ok(())
}

/// Of more accepted submissions than these, some between the first and the last are looked up, too.
const SAMPLED_BEYOND: usize = 10;

/// The ids of the first and the last submission that was accepted, and of the last that was refused for what it says.
fn of_interest(sender: &Sender<'_>) -> Vec<String> {
    let accepted = accepted(sender);
    let refused = sender.evidence(|evidence| {
        let all = evidence.requests().all();
        let refused = all.filter(|(_, requested)| {
            requested.submission == Some(Submission::Refused) && requested.body.is_some()
        });
        // The last one: those without a valid key come before it, and leave no event.
        let last = refused.max_by_key(|(_, requested)| requested.sent);
        last.map(|(id, _)| id.to_owned())
    });
    let mut ids: Vec<String> = accepted.first().into_iter().cloned().collect();
    ids.extend(accepted.last().filter(|_| accepted.len() > 1).cloned());
    if accepted.len() > SAMPLED_BEYOND {
        ids.extend(
            accepted
                .iter()
                .skip(SAMPLED_BEYOND / 2)
                .step_by(SAMPLED_BEYOND / 2)
                .take(2)
                .cloned(),
        );
    }
    ids.extend(refused);
    ids
}

/// The ids of the submissions that were accepted, in the order of sending.
fn accepted(sender: &Sender<'_>) -> Vec<String> {
    sender.evidence(|evidence| {
        let all = evidence.requests().all();
        let mut accepted: Vec<(u128, &str)> = all
            .filter(|(_, requested)| {
                matches!(requested.submission, Some(Submission::Accepted { .. }))
            })
            .map(|(id, requested)| (requested.sent, id))
            .collect();
        accepted.sort_unstable();
        accepted.into_iter().map(|(_, id)| id.to_owned()).collect()
    })
}

/// The cursor of the next page, as it stands in a query.
fn cursor(page: &Exchange) -> Option<String> {
    let next = text(state(page)?, "next_cursor")?;
    (!next.is_empty()).then(|| form_urlencoded::byte_serialize(next.as_bytes()).collect())
}

fn page(query: &str) -> Request {
    with_key(format!("{}?{query}", usage::PATH))
}

fn with_key(target: impl Into<String>) -> Request {
    scenario::account(target, Authorization::Key, Version::Current)
}

/// Requests of this file to a server that has all paths, each with how often it is sent, in a run with so many jobs of the
/// catalogue. The reckoning is not among them.
pub(super) fn likely(jobs: usize, pages: usize) -> Vec<(Request, u64)> {
    let mut all = vec![
        (with_key(account::credits::PATH), 1),
        (with_key(account::endpoints::PATH), 3),
        (page("limit=2"), 2 + pages as u64),
    ];
    // Of the first and the last job, of some between, and of a refused submission, each asked for twice.
    let looked_up = scenario::event(SOME_REQUEST, Authorization::Key);
    let between = if jobs > SAMPLED_BEYOND { 2 } else { 0 };
    all.extend(looked_up.map(|event| (event, 2 * (jobs.min(2) as u64 + between + 1))));
    let unknown = NO_SUCH_REQUESTS.iter();
    let unknown = unknown.filter_map(|id| scenario::event(id, Authorization::Key));
    all.extend(unknown.map(|event| (event, 1)));
    for target in [
        account::credits::PATH,
        account::endpoints::PATH,
        usage::PATH,
    ] {
        let others = WAYS_NOT_TO_ASK.map(|(key, version)| scenario::account(target, key, version));
        all.extend(others.map(|request| (request, 1)));
    }
    all
}

/// The requests of the reckoning, which is sent whatever the checks need.
pub(super) fn reckoning() -> [Request; 3] {
    let events = || page(&format!("limit={}", usage::limit::MAX));
    [events(), events(), with_key(account::credits::PATH)]
}

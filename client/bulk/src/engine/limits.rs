//! How many people a submission may have: by places, by the ceiling of the list, and by the account's balance.

use super::Engine;
use crate::error::Error;
use crate::journal::Standing;

/// Jobs of an account that may be active.
pub(super) const PLACES: u64 = crustdata_batch::Client::MAX_ACTIVE_JOBS as u64;
/// What the call for the balance is for, as errors say it.
const READING: &str = "reading the balance";

/// What a submission has to keep to.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Most people in a job.
    pub(super) people: usize,
    /// The most that one of them costs.
    pub(super) price: f64,
    /// The most that all submissions of the list may cost.
    ceiling: Option<f64>,
    /// The account's credits, as far as they are known.
    balance: Option<f64>,
}

impl Limits {
    /// How many people may be submitted.
    pub(super) fn people(&self, standing: &Standing) -> usize {
        match standing.active < PLACES {
            true => self.affordable(standing),
            false => 0,
        }
    }

    /// How many there are credits for.
    fn affordable(&self, standing: &Standing) -> usize {
        let ceiling = self.ceiling.map(|ceiling| ceiling - standing.committed);
        // What is under way may not be charged yet.
        let balance = self.balance.map(|balance| balance - standing.under_way);
        let limits = ceiling.into_iter().chain(balance);
        limits.fold(self.people, |most, credits| {
            most.min(people(credits, self.price))
        })
    }
}

impl Engine<'_> {
    /// What the next submission has to keep to; none, if that has to wait.
    pub(super) async fn limits(&mut self) -> Result<Option<Limits>, Error> {
        let price = self.list.ask.worst_case();
        let mut limits = Limits {
            people: self.settings.people_per_job,
            price,
            ceiling: self.settings.max_credits,
            balance: None,
        };
        let standing = self.journal.standing(self.list.id)?;
        if let Some(ceiling) = limits.ceiling
            && limits.affordable(&standing) == 0
        {
            let spent = standing.committed;
            self.progress.blocked = Some(Error::Ceiling { spent, ceiling });
            return Ok(None);
        }
        let mut credits = self.client.credits().await;
        if matches!(&credits, Err(error) if error.is_rate_limited()) {
            // The client waits until there is room, which is this call's then.
            credits = self.client.credits().await;
        }
        limits.balance = match credits {
            Ok(credits) => {
                self.reached(READING);
                credits.credits()
            }
            Err(error) if error.is_not_found() || error.is_forbidden() => None,
            Err(error) => {
                self.progress.blocked = self.failed(READING, error).err();
                return Ok(None);
            }
        };
        let standing = self.journal.standing(self.list.id)?;
        let most = limits.affordable(&standing);
        if let Some(balance) = limits.balance
            && most == 0
            && (standing.under_way == 0.0 || self.is_only_unresolved()?)
        {
            let needed = standing.under_way + price;
            self.progress.blocked = Some(Error::Credits { balance, needed });
        }
        Ok((most > 0).then_some(limits))
    }

    /// Whether all that are under way are submissions that nobody looks for any more.
    fn is_only_unresolved(&mut self) -> Result<bool, Error> {
        Ok(!self.is_looking()?
            && self.journal.open_jobs()?.is_empty()
            && !self.journal.others_at_work(self.list.id, false)?)
    }
}

/// How many people so many credits are enough for.
fn people(credits: f64, price: f64) -> usize {
    // A negative number of people is none.
    (credits / price).floor().max(0.0) as usize
}

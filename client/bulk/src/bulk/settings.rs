//! How a run behaves, who is told, and what stops it.

use std::sync::Arc;
use std::time::Duration;

use crustdata_batch::{ProfileUrls, WebhookUrl};
use tokio::sync::watch;

use super::{Bulk, Stopper};
use crate::event::Event;
use crate::hints::{self, Hints};
use crate::journal::Changed;

impl<J> Bulk<J> {
    /// Submits no more than may cost so many credits in the worst case: 5 a person, 5.5 with verified e-mails.
    pub fn max_credits(mut self, credits: f64) -> Self {
        self.settings.max_credits = Some(credits);
        self
    }

    /// Submits no more people than this in one job: as many as one may have, if not set.
    pub fn people_per_job(mut self, people: usize) -> Self {
        self.settings.people_per_job = people.clamp(ProfileUrls::MIN, ProfileUrls::MAX);
        self
    }

    /// Asks for the jobs this often: every 6 seconds, if not set, which with five jobs comes to 14
    /// requests a minute. The account's rate limit holds all the same.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.settings.interval = interval;
        self
    }

    /// Looks for so long for what became of a submission whose outcome is unknown, before it is set aside: 15 minutes, if
    /// not set. The next run looks again.
    pub fn unknown_patience(mut self, patience: Duration) -> Self {
        self.settings.unknown_patience = patience;
        self
    }

    /// Takes the list's word for it that a submission was not accepted, where the account's usage can't be read: a list that
    /// is late may then cost twice.
    pub fn trust_list(mut self) -> Self {
        self.settings.is_list_trusted = true;
        self
    }

    /// Puts up with an API that is away for so long: 10 minutes, if not set.
    pub fn outage_patience(mut self, patience: Duration) -> Self {
        self.settings.outage_patience = patience;
        self
    }

    /// Takes a list that has changed since it was begun, and is not finished, for another one, instead of refusing it.
    pub fn accept_changed(mut self) -> Self {
        self.changed = Changed::Accept;
        self
    }

    /// Calls this instead of waiting, for servers whose time is not real: rehearsals.
    pub fn pass_time(mut self, pass: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.settings.pass = Some(Arc::new(pass));
        self
    }

    /// Calls this with everything that happens. Replaces the one given before.
    pub fn on_event(mut self, call: impl FnMut(&Event) + Send + 'static) -> Self {
        self.listener = Box::new(call);
        self
    }

    /// Lets the API report the end of each job to this URL. Whoever receives that tells the run, by [`hints`](Self::hints).
    pub fn webhook_url(mut self, url: WebhookUrl) -> Self {
        self.settings.webhook_url = Some(url);
        self
    }

    /// What tells this run that a job may have ended, so that it looks before the interval is over.
    pub fn hints(&mut self) -> Hints {
        let (hints, hinted) = hints::channel();
        self.hinted = hinted;
        hints
    }

    /// What stops this run. It stays stopped, each call that follows too, until this is asked for again.
    pub fn stopper(&mut self) -> Stopper {
        let (stopper, stop) = watch::channel(false);
        let stopper = Stopper(Arc::new(stopper));
        self.stop = stop;
        self._stopper = Some(stopper.clone());
        stopper
    }
}

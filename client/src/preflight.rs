//! Whether a submission would be accepted, as far as that can be asked for nothing. What stands in its way, with remedies,
//! is in `problem`.

mod problem;
mod subject;

use std::num::NonZeroU32;

pub use self::problem::{PreflightPart, PreflightProblem};
pub use self::subject::PreflightSubject;
use crate::generated::contract::limits;
use crate::generated::enums::EndpointStatus;
use crate::{Client, ContactEnrichRequest, Endpoint, Error};

/// What [`Client::preflight`] found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Preflight {
    /// What stands in the way, each with its remedy: nothing that is known, if this is empty.
    pub problems: Vec<PreflightProblem>,
    /// What could not be found out: the server does not tell it. It need not be wrong.
    pub unknown: Vec<PreflightPart>,
    /// The most that the submission may cost, in credits: 5 a person, 5.5 with `verified`, whichever contact kinds it asks
    /// for, since users were billed for all kinds when they asked for one. The prices are those of the synchronous sister
    /// endpoint; the batch endpoint's could not be read.
    pub worst_case: f64,
    /// The account's credits.
    pub balance: Option<f64>,
    /// Requests a minute that the account may make to the submission's endpoint.
    pub requests_per_minute: Option<f64>,
    /// Jobs that the account may have at work beside those that are.
    pub free_places: Option<u32>,
}

impl Preflight {
    /// Whether nothing that is known stands in the way. A submission may be refused all the same.
    pub fn is_ready(&self) -> bool {
        self.problems.is_empty()
    }

    fn new(subject: &PreflightSubject) -> Self {
        let price = match subject.verified {
            true => ContactEnrichRequest::WORST_CASE_VERIFIED,
            false => ContactEnrichRequest::WORST_CASE,
        };
        Self {
            problems: Vec::new(),
            unknown: Vec::new(),
            worst_case: subject.identifiers as f64 * price,
            balance: None,
            requests_per_minute: None,
            free_places: None,
        }
    }

    fn look_at_endpoint(&mut self, endpoint: Option<&Endpoint>, subject: &PreflightSubject) {
        match endpoint.and_then(Endpoint::status) {
            Some(EndpointStatus::Enabled) => {}
            Some(status @ (EndpointStatus::NotEnabled | EndpointStatus::Disabled)) => {
                self.problems.push(PreflightProblem::NotEnabled { status });
            }
            // The spelling of a value that nobody knows says nothing.
            Some(EndpointStatus::Other(_)) | None => self.unknown.push(PreflightPart::Endpoint),
        }
        let fields = endpoint.map(Endpoint::fields).unwrap_or_default();
        let denied = subject.among(&fields.disabled());
        if !denied.is_empty() {
            self.problems
                .push(PreflightProblem::DeniedFields { fields: denied });
        } else if !subject.are_all_among(&fields.enabled()) {
            self.unknown.push(PreflightPart::Fields);
        }
        self.requests_per_minute = endpoint.and_then(Endpoint::effective_rate_limit_rpm);
        match self.requests_per_minute {
            None => self.unknown.push(PreflightPart::RateLimit),
            Some(limit) if limit < 1.0 => self.problems.push(PreflightProblem::NoRequests),
            Some(_) => {}
        }
    }

    fn look_at_balance(&mut self, balance: Option<f64>) {
        self.balance = balance;
        let worst_case = self.worst_case;
        match balance {
            None => self.unknown.push(PreflightPart::Balance),
            Some(balance) if balance < worst_case => {
                self.problems.push(PreflightProblem::CreditsShort {
                    balance,
                    worst_case,
                });
            }
            Some(_) => {}
        }
    }

    fn look_at_jobs(&mut self, active: Option<u32>) {
        match active {
            None => self.unknown.push(PreflightPart::ActiveJobs),
            Some(active) => {
                let free = (limits::ACTIVE_JOBS as u32).saturating_sub(active);
                self.free_places = Some(free);
                if free == 0 {
                    self.problems.push(PreflightProblem::NoFreePlace { active });
                }
            }
        }
    }
}

impl Client {
    /// Finds out whether a submission would be accepted, for nothing: whether the key works, whether the endpoint and the
    /// fields are enabled for the account, how many requests a minute it may make, whether the balance covers the worst case,
    /// and whether there is a place among the jobs that an account may have at work. Takes a request, or a number of persons.
    ///
    /// What the server doesn't tell is [`unknown`](Preflight::unknown), not wrong: on a server without the account's paths,
    /// all but the key and the places. From then on calls about jobs keep to the rate that the account has, unless
    /// [`ClientBuilder::requests_per_minute`](crate::ClientBuilder::requests_per_minute) set one.
    ///
    /// Cancel-safe: the future may be dropped at any time.
    ///
    /// ```no_run
    /// # use crustdata_batch::{Client, ContactEnrichRequest, Error};
    /// # async fn example(client: Client, request: ContactEnrichRequest) -> Result<(), Error> {
    /// for problem in client.preflight(&request).await?.problems {
    ///     println!("{problem}"); // what is wrong, and what to do about it
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where the server can't be reached, or fails. Safe to call again after any error.
    pub async fn preflight(
        &self,
        subject: impl Into<PreflightSubject>,
    ) -> Result<Preflight, Error> {
        let subject = subject.into();
        match self.look(&subject).await {
            Err(error) if error.is_unauthorized() => {
                let mut preflight = Preflight::new(&subject);
                preflight.problems.push(PreflightProblem::UnknownKey);
                preflight.look_at_endpoint(None, &subject);
                preflight.look_at_balance(None);
                preflight.look_at_jobs(None);
                Ok(preflight)
            }
            other => other,
        }
    }

    async fn look(&self, subject: &PreflightSubject) -> Result<Preflight, Error> {
        let mut preflight = Preflight::new(subject);
        let endpoint = told(self.endpoint(ContactEnrichRequest::PATH).await)?;
        let endpoint = endpoint.flatten();
        preflight.look_at_endpoint(endpoint.as_ref(), subject);
        // Less than one request a minute is no request.
        let limit = preflight.requests_per_minute.unwrap_or_default() as u32;
        if let Some(limit) = NonZeroU32::new(limit)
            && self.shared.is_pace_ours
        {
            self.shared.pacer.allow(limit);
        }
        let credits = told(self.credits().await)?;
        preflight.look_at_balance(credits.and_then(|credits| credits.credits()));
        let active = told(self.active_jobs(limits::ACTIVE_JOBS as u32).await)?;
        preflight.look_at_jobs(active);
        Ok(preflight)
    }
}

/// Nothing where the server has no such path, or doesn't tell this account.
fn told<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Err(error) if error.is_not_found() || error.is_forbidden() => Ok(None),
        other => other.map(Some),
    }
}

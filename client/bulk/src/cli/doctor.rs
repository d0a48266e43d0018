//! `doctor`: whether a run would get anywhere, asked for nothing.

use clap::Args;
use crustdata_batch::{ContactEnrichRequest, ProfileUrls};

use super::exit::{End, Failure};
use super::options::{Api, Contacts};

/// Looks at key, access, fields, rate limit, balance and free places. Costs nothing.
#[derive(Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    contacts: Contacts,
    #[command(flatten)]
    api: Api,
}

impl Doctor {
    pub(super) async fn run(self) -> Result<End, Failure> {
        let client = self.api.client()?;
        let ask = self.contacts.ask();
        // One person, who is not sent: a run submits as few as there are credits for.
        let request = ask.request(&["https://www.linkedin.com/in/nobody/".to_owned()]);
        let request: ContactEnrichRequest =
            request.map_err(|error| Failure::usage(error.to_string()))?;
        let preflight = client.preflight(&request).await;
        let preflight = preflight.map_err(|error| Failure::stopped(&error))?;
        let or_unknown = |value: Option<String>| value.unwrap_or_else(|| "unknown".to_owned());
        println!("API                  {}", client.base_url());
        println!(
            "balance              {}",
            or_unknown(preflight.balance.map(|n| n.to_string()))
        );
        let full = ProfileUrls::MAX as f64 * ask.worst_case();
        println!("a full job, at worst {full}");
        let rate = preflight.requests_per_minute.map(|n| n.to_string());
        println!("requests a minute    {}", or_unknown(rate));
        println!(
            "free places          {}",
            or_unknown(preflight.free_places.map(|n| n.to_string()))
        );
        for part in &preflight.unknown {
            println!("can't be told        {part:?}");
        }
        for problem in &preflight.problems {
            println!("problem              {problem}");
        }
        match preflight.is_ready() {
            true => Ok(End::Whole),
            false => Err(Failure::not_ready()),
        }
    }
}

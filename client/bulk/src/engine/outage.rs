//! What goes wrong for a while: calls that fail, jobs that can't be asked for, a rate that is used up; and how long that is
//! tolerated.

use std::time::Duration;

use crustdata_batch::{Error as ApiError, ErrorResponse, Uuid};
use tokio::time::Instant;

use super::Engine;
use crate::error::Error;
use crate::event::Event;

/// What a call for a job is for, as errors say it.
pub(super) const ASKING: &str = "asking for a job";
/// The longest rest that a server is believed: twice the window of its rate.
const LONGEST_REST: Duration = Duration::from_secs(2 * 60);

impl Engine<'_> {
    /// A call went well.
    pub(super) fn reached(&mut self, during: &str) {
        self.progress.failing_since.remove(during);
    }

    /// Whether it is tolerated for now, as long as an outage is, that the API has accepted a job and can't be asked for it, or
    /// lists it as over and reports it as not completed.
    pub(super) fn is_tolerated(&mut self, batch_id: Uuid, error: &ApiError) -> bool {
        let since = self.progress.unreadable_since.entry(batch_id);
        let is_tolerated =
            since.or_insert_with(Instant::now).elapsed() < self.settings.outage_patience;
        if is_tolerated {
            self.tell(&Event::Problem(format!("job {batch_id}: {error}")));
        }
        is_tolerated
    }

    /// Keeps the rest that a refusal asks for.
    pub(super) fn asked_to_rest(&mut self, error: &ApiError) {
        if error.is_rate_limited() {
            let asked = error.response().and_then(ErrorResponse::retry_after);
            self.progress.rest = asked.map(|asked| asked.min(LONGEST_REST));
        }
    }

    /// A call failed. That is put up with for a while, where it may go well later.
    pub(super) fn failed(&mut self, during: &'static str, error: ApiError) -> Result<(), Error> {
        let since = self.progress.failing_since.entry(during);
        let is_patient =
            since.or_insert_with(Instant::now).elapsed() < self.settings.outage_patience;
        if error.is_transient() && is_patient {
            self.tell(&Event::Problem(format!("{during}: {error}")));
            return Ok(());
        }
        Err(Error::Api {
            during,
            source: error,
        })
    }
}

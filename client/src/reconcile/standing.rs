//! What became of a request, by the status of its event or by the filter for it: how an event spells its status is open.

use std::collections::HashSet;

use crate::{Client, Error, UsageEvent, UsageQuery};

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Accepted,
    Refused,
    /// It failed, or it is not known what became of it.
    Unknown,
}

/// The statuses of events that don't say them, by the filter for them.
pub(super) struct Classes<'a> {
    client: &'a Client,
    query: UsageQuery,
    /// Ids of the events of successes, and of refusals.
    ids: Option<[HashSet<String>; 2]>,
}

impl<'a> Classes<'a> {
    pub(super) fn new(client: &'a Client, query: UsageQuery) -> Self {
        Self {
            client,
            query,
            ids: None,
        }
    }

    pub(super) async fn standing(
        &mut self,
        event: &UsageEvent,
        id: &str,
    ) -> Result<Standing, Error> {
        if let Some(status) = event.status() {
            return Ok(match status / 100 {
                2 => Standing::Accepted,
                4 => Standing::Refused,
                _ => Standing::Unknown,
            });
        }
        if self.ids.is_none() {
            self.ids = Some([self.of("2xx").await?, self.of("4xx").await?]);
        }
        let is_in = |class: usize| self.ids.as_ref().is_some_and(|ids| ids[class].contains(id));
        // A server that knows no such filter lists it under both.
        Ok(match (is_in(0), is_in(1)) {
            (true, false) => Standing::Accepted,
            (false, true) => Standing::Refused,
            _ => Standing::Unknown,
        })
    }

    async fn of(&self, class: &str) -> Result<HashSet<String>, Error> {
        let query = self.query.clone().status_class(class).page_size(u32::MAX);
        let mut events = self.client.usage(query);
        let mut ids = HashSet::new();
        while let Some(event) = events.next().await {
            ids.extend(event?.event_id().map(str::to_owned));
        }
        Ok(ids)
    }
}

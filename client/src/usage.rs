//! What the account's team has asked for, request by request, and what it was charged: the provider's own record. All of it
//! is free. Which events to list is in `query`, one event in `event`.

mod event;
mod query;

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use progenitor_client::encode_path;
use serde::Deserialize;
use serde_json::Value;

pub use self::event::{CostComponent, UsageEvent};
pub use self::query::UsageQuery;
use crate::Client;
use crate::error::{Error, Kind, Operation};
use crate::generated::contract::usage;
use crate::shared::Pace;
use crate::stream::boxed_stream;

/// A page, as far as it must be what it is documented to be: events that can't be found must not look like none.
#[derive(Deserialize)]
struct Page {
    events: Vec<UsageEvent>,
    #[serde(default)]
    has_more: Value,
    #[serde(default)]
    next_cursor: Value,
}

impl Page {
    fn has_more(&self) -> bool {
        self.has_more.as_bool().unwrap_or(self.cursor().is_some())
    }

    /// Opaque, so that a number would do as well.
    fn cursor(&self) -> Option<String> {
        match &self.next_cursor {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

impl Client {
    /// The requests of the account's team that `query` asks for, newest first, page after page, each with what it was
    /// charged. Rows of all keys of the team are among them. A page is asked for when the one before is used up. Free, and
    /// paced apart from the calls about jobs.
    ///
    /// A request appears about 10 seconds after its response, by the documentation. Requests to this list are not in it,
    /// unless they were refused with 429.
    ///
    /// The last item is an error where the server says that more events follow, and not where: it names no next page, or
    /// one that was read already. So a list that ends without an error is whole.
    ///
    /// ```no_run
    /// # use crustdata_batch::{Client, ContactEnrichRequest, Error, UsageQuery};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let query = UsageQuery::new().endpoint(ContactEnrichRequest::PATH);
    /// let mut events = client.usage(query);
    /// while let Some(event) = events.next().await {
    ///     let event = event?;
    ///     println!("{:?}: {:?} credits", event.event_id(), event.credits_used());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn usage(&self, query: UsageQuery) -> UsageEvents {
        let start = (self.clone(), query.parameters(), None, HashSet::new());
        let pages = stream::try_unfold(Some(start), |state| async {
            let Some((client, parameters, cursor, mut cursors)) = state else {
                return Ok(None);
            };
            let mut query: Vec<(&str, String)> = parameters.clone();
            query.extend(cursor.map(|cursor| ("cursor", cursor)));
            let page: Page = client
                .get(Operation::Usage, Pace::Usage, usage::PATH, &query)
                .await?;
            let next = page.cursor().filter(|_| page.has_more());
            let next = next.filter(|cursor| cursors.insert(cursor.clone()));
            let is_cut = page.has_more() && next.is_none();
            let error = is_cut.then(|| Error::new(Operation::Usage, Kind::NoNextPage("events")));
            let items = page.events.into_iter().map(Ok).chain(error.map(Err));
            let state = next.map(|cursor| (client, parameters, Some(cursor), cursors));
            Ok(Some((stream::iter(items), state)))
        });
        UsageEvents(pages.try_flatten().fuse().boxed())
    }

    /// The event of one request, by the id that its response carried ([`Accepted::request_id`](crate::Accepted::request_id),
    /// [`Error::request_id`]), with the request as it was sent and the body of a refusal. Free, and paced apart from the
    /// calls about jobs.
    ///
    /// Cancel-safe: the future may be dropped at any time.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] for an id that is not known, or not yet: events appear about 10 seconds after the response.
    /// Safe to call again after any error.
    pub async fn usage_event(&self, request_id: &str) -> Result<UsageEvent, Error> {
        if !can_be_asked_for(request_id) {
            return Err(Error::new(Operation::UsageEvent, Kind::NoRequestId));
        }
        // Which URLs take for a slash, and the other function for a letter.
        let segment = encode_path(request_id).replace('\\', "%5C");
        let path = usage::EVENT_PATH.replace("{request_id}", &segment);
        self.get(Operation::UsageEvent, Pace::Usage, &path, &[])
            .await
    }
}

/// Whether an id can stand in a URL: the others would lead to another place.
pub(crate) fn can_be_asked_for(request_id: &str) -> bool {
    !["", ".", ".."].contains(&request_id)
}

boxed_stream! {
    /// Events of the account's usage, page after page; made by [`Client::usage`]. It ends after an error.
    UsageEvents of UsageEvent
}

//! The list of jobs as a stream that follows the pages.

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::error::{Error, Kind, Operation};
use crate::stream::boxed_stream;
use crate::{BatchJob, Client, ListQuery};

impl Client {
    /// All jobs that `query` asks for, most recent first, page after page. A page is asked for when the one before
    /// is used up. [`ListQuery::limit`] is the size of the pages, not of the whole.
    ///
    /// The last item is an error where the server says that more jobs follow, and not where: it names no next page,
    /// or one that was read already. So a list that ends without an error is whole.
    ///
    /// ```no_run
    /// # use crustdata_batch::{Client, Error, ListQuery};
    /// # async fn example(client: Client) -> Result<(), Error> {
    /// let mut jobs = client.jobs(ListQuery::new());
    /// while let Some(job) = jobs.next().await {
    ///     println!("{}", job?.batch_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn jobs(&self, query: ListQuery) -> Jobs {
        let start = (self.clone(), query, HashSet::new());
        let pages = stream::try_unfold(Some(start), |state| async {
            let Some((client, query, mut cursors)) = state else {
                return Ok(None);
            };
            let page = client.list(&query).await?;
            cursors.extend(query.cursor);
            let next = page
                .next_cursor
                .filter(|cursor| page.has_more && !cursors.contains(cursor));
            let is_cut = page.has_more && next.is_none();
            let error = is_cut.then(|| Error::new(Operation::List, Kind::NoNextPage("jobs")));
            let items = page.jobs.into_iter().map(Ok).chain(error.map(Err));
            let state = next.map(|cursor| (client, query.cursor(cursor), cursors));
            Ok(Some((stream::iter(items), state)))
        });
        Jobs(pages.try_flatten().fuse().boxed())
    }
}

boxed_stream! {
    /// Jobs of the list, page after page; made by [`Client::jobs`]. It ends after an error.
    Jobs of BatchJob
}

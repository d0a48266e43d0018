//! The list of jobs as a stream that follows the pages.

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::stream::boxed_stream;
use crate::{BatchJob, Client, ListQuery};

impl Client {
    /// All jobs that `query` asks for, most recent first, page after page. A page is asked for when the one before
    /// is used up. [`ListQuery::limit`] is the size of the pages, not of the whole.
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
        let pages = stream::try_unfold(Some((self.clone(), query)), |state| async {
            let Some((client, query)) = state else {
                return Ok(None);
            };
            let page = client.list(&query).await?;
            let next = page
                .next_cursor
                // A server that points back at the same page would keep us here for ever.
                .filter(|cursor| page.has_more && query.cursor != Some(*cursor))
                .map(|cursor| (client, query.cursor(cursor)));
            Ok(Some((stream::iter(page.jobs).map(Ok), next)))
        });
        Jobs(pages.try_flatten().fuse().boxed())
    }
}

boxed_stream! {
    /// Jobs of the list, page after page; made by [`Client::jobs`]. It ends after an error.
    Jobs of BatchJob
}

//! Where rows come from. Files are in `table`.

use crate::error::Error;
use crate::list::Row;

/// Rows of a list, one after the other.
///
/// ```
/// use crustdata_bulk::{Error, Row, Source};
///
/// /// Profile URLs from anywhere.
/// struct Urls(std::vec::IntoIter<&'static str>);
///
/// impl Source for Urls {
///     fn name(&self) -> String {
///         "my URLs".to_owned()
///     }
///     fn header(&self) -> Vec<String> {
///         vec!["url".to_owned()]
///     }
///     fn next(&mut self) -> Result<Option<Row>, Error> {
///         Ok(self.0.next().map(|url| Row { value: url.to_owned(), content: vec![url].into() }))
///     }
/// }
/// # let _ = Urls(vec![].into_iter());
/// ```
pub trait Source: Send {
    /// What people call it. A list is recognised as changed by it.
    fn name(&self) -> String;

    /// Names of the columns; asked for when all rows are read.
    fn header(&self) -> Vec<String>;

    /// The next row.
    ///
    /// # Errors
    ///
    /// Where it can't be read: nothing of the list is kept then.
    fn next(&mut self) -> Result<Option<Row>, Error>;
}

//! Where answers go. Files are in `table`.

use crate::error::Error;
use crate::list::Answer;

/// Takes the answers of a list, in the order of its rows.
pub trait Sink: Send {
    /// Before the first request: whether it can be written to, as far as that can be told.
    ///
    /// # Errors
    ///
    /// Where it can't.
    fn prepare(&mut self) -> Result<(), Error> {
        Ok(())
    }

    /// Before the first answer: the names of the list's columns.
    ///
    /// # Errors
    ///
    /// Where it can't be written.
    fn begin(&mut self, header: &[String]) -> Result<(), Error>;

    /// One answer.
    ///
    /// # Errors
    ///
    /// Where it can't be written.
    fn answer(&mut self, answer: &Answer) -> Result<(), Error>;

    /// After the last answer. What came before may be thrown away until then.
    ///
    /// # Errors
    ///
    /// Where it can't be written.
    fn finish(&mut self) -> Result<(), Error>;
}

//! Recordings: exchanges as lines of JSON, to be read by people and tools and to be judged again. What is in a
//! line is all that a check looks at, so a recording is judged as the run was.
//!
//! The first line is the [`Header`], padded with spaces since it is written again at the end; each further line is a
//! [`Line`]. A reader ignores keys that it does
//! not know. A body or header value that is UTF-8 is a JSON string, any other an object `{"base64": "…"}`. The
//! key is never in a recording: [`KEY_PLACEHOLDER`](crate::exchange::KEY_PLACEHOLDER) stands where it was sent.

mod line;
mod reader;
mod recorder;

pub use line::{FailureLine, Header, Line, RequestLine, ResponseLine, SCHEMA, Text};
pub use reader::{ReadError, Reader, read};
pub use recorder::{Recorder, Sink};

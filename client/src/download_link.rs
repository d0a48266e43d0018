//! A link to a results file, as the server wrote it. How the file is read is in `results`.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

/// A link to a results file, kept as the server wrote it.
///
/// It is presigned: whoever has it can read the file, which holds people's data. So it is given away only when somebody
/// asks, `Debug` shows no more of it than where the file is, and a log of jobs gives nothing away. In JSON it is a
/// plain string, so that a job that is stored keeps its links.
///
/// ```
/// use crustdata_batch::DownloadLink;
///
/// let link: DownloadLink = serde_json::from_str(r#""https://store.example.com/a?signature=b""#)?;
/// assert_eq!(link.as_str(), "https://store.example.com/a?signature=b");
/// assert_eq!(format!("{link:?}"), "DownloadLink(https://store.example.com/...)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(
    description = "A link to a results file. It is presigned: whoever has it can read the file."
)]
pub struct DownloadLink(String);

impl DownloadLink {
    /// The whole link. Keep it out of logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DownloadLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Ok(url) = Url::parse(&self.0)
            && let ("http" | "https", Some(host)) = (url.scheme(), url.host_str())
        {
            write!(f, "DownloadLink({}://{host}/...)", url.scheme())
        } else {
            f.write_str("DownloadLink(...)")
        }
    }
}

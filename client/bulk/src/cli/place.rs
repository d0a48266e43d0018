//! Where a journal is: a file, or a database that runs share.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crustdata_bulk::table::{FileSink, OutputFormat};
use crustdata_bulk::{Journal, Sqlite};

use super::exit::Failure;

/// Where a journal is.
#[derive(Clone)]
pub(super) enum Place {
    File(PathBuf),
    /// A URL, which may have a password in it.
    Postgres(String),
}

impl From<OsString> for Place {
    fn from(text: OsString) -> Self {
        let url = text.to_str().filter(|text| {
            let schemes = ["postgres://", "postgresql://"];
            schemes.iter().any(|scheme| text.starts_with(scheme))
        });
        match url {
            Some(url) => Self::Postgres(url.to_owned()),
            None => Self::File(text.into()),
        }
    }
}

/// As it is given on a command line, but for the password.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::File(path) => quoted(&path.display().to_string()),
            Self::Postgres(url) => quoted(&without_password(url)),
        })
    }
}

/// As a shell takes it for one word.
pub(super) fn quoted(word: &str) -> String {
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), Into::into)
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Place {
    /// Opens the journal for a run, and creates it if there is none.
    pub(super) fn open(&self) -> Result<Box<dyn Journal>, Failure> {
        Ok(match self {
            Self::File(path) => Box::new(Sqlite::open(path)?),
            Self::Postgres(url) => postgres::open(url)?,
        })
    }

    /// The file for a list's answers. In the journal's place it would end what is known of who is paid for.
    pub(super) fn sink(&self, output: &Path, format: OutputFormat) -> Result<FileSink, Failure> {
        match self {
            _ if output.ends_with("-") => Err(Failure::usage(
                "an output is a file, which is whole or not there at all: name one",
            )),
            Self::File(journal) if same_file(journal, output) => Err(Failure::usage(
                "the output would take the journal's place: choose another",
            )),
            _ => Ok(FileSink::new(output, format)),
        }
    }

    /// Opens a journal that is there, beside runs or not.
    pub(super) fn look(&self) -> Result<Box<dyn Journal>, Failure> {
        Ok(match self {
            Self::File(path) => Box::new(Sqlite::look(path)?),
            Self::Postgres(url) => postgres::look(url)?,
        })
    }

    /// Opens a journal that is there, for somebody's word on a submission. No run may be finding out about it.
    pub(super) fn look_alone(&self) -> Result<Box<dyn Journal>, Failure> {
        let journal = self.look()?;
        match self {
            Self::File(_) => {
                drop(journal);
                self.open()
            }
            // It knows which submissions are whose.
            Self::Postgres(_) => Ok(journal),
        }
    }

    /// Opens a journal for a plan, which keeps nothing: the one that is there, or an empty one.
    pub(super) fn look_or_none(&self) -> Result<Box<dyn Journal>, Failure> {
        match self {
            Self::File(path) if !path.exists() => Ok(Box::new(Sqlite::in_memory()?)),
            _ => self.look(),
        }
    }
}

/// Whether two paths lead to one file, which may not be there yet.
pub(super) fn same_file(a: &Path, b: &Path) -> bool {
    let found = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    matches!((found(a), found(b)), (Ok(a), Ok(b)) if a == b)
}

fn without_password(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (user, rest) = rest.rsplit_once('@').unwrap_or(("", rest));
    let user = user.split(':').next().unwrap_or_default();
    let parameters = |(address, parameters): (&str, &str)| {
        let kept = parameters
            .split('&')
            .filter(|one| !one.starts_with("password="));
        format!("{address}?{}", kept.collect::<Vec<_>>().join("&"))
    };
    let rest = rest.split_once('?').map_or(rest.to_owned(), parameters);
    match user {
        "" => format!("postgres://{rest}"),
        user => format!("postgres://{user}@{rest}"),
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use crustdata_bulk::{Journal, Postgres};

    use super::Failure;

    pub(super) fn open(url: &str) -> Result<Box<dyn Journal>, Failure> {
        #[cfg(feature = "failpoints")]
        if let Some(seconds) = std::env::var("CRUSTDATA_BULK_LEASE")
            .ok()
            .and_then(|text| text.parse().ok())
        {
            let lease = std::time::Duration::from_secs_f64(seconds);
            return Ok(Box::new(Postgres::with_lease(url, lease)?));
        }
        Ok(Box::new(Postgres::open(url)?))
    }

    pub(super) fn look(url: &str) -> Result<Box<dyn Journal>, Failure> {
        Ok(Box::new(Postgres::look(url)?))
    }
}

#[cfg(not(feature = "postgres"))]
mod postgres {
    use crustdata_bulk::Journal;

    use super::Failure;

    pub(super) fn open(_: &str) -> Result<Box<dyn Journal>, Failure> {
        Err(Failure::usage(
            "this program was built without Postgres: build it with `--features postgres`",
        ))
    }

    pub(super) fn look(url: &str) -> Result<Box<dyn Journal>, Failure> {
        open(url)
    }
}

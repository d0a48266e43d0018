//! The files of a recording: what each of them is, by its beginning, and what is read from it next.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

use flate2::bufread::MultiGzDecoder;

use super::entries::{Entries, EntriesError};
use super::har;
use super::met::Place;
use super::stream::Traffic;
use crate::gzip::is_gzip;
use crate::recording::{self, ReadError, Reader};

type Input = Box<dyn BufRead>;

/// How much is read at once.
const BUFFER: usize = 256 << 10;

/// Why a recording can't be judged.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file can't be opened or read.
    #[error("{name}: it can't be read")]
    Io {
        /// Name of the file.
        name: String,
        /// Why not.
        source: io::Error,
    },
    /// It is no recording, or ends too early.
    #[error("{name}")]
    Entries {
        /// Name of the file.
        name: String,
        /// What is wrong.
        source: EntriesError,
    },
    /// It is a recording of this suite, and broken.
    #[error("{name}")]
    Lines {
        /// Name of the file.
        name: String,
        /// What is wrong.
        source: ReadError,
    },
    /// It has an entry that can't be judged.
    #[error(
        "{name}: entry {entry}, at byte {at}, can't be judged (--lenient leaves such entries out)"
    )]
    Entry {
        /// Name of the file.
        name: String,
        /// Number of the entry, from 0.
        entry: usize,
        /// Where it begins, from 0.
        at: u64,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The files of a recording, in the order in which they are to be judged.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// Whether what can't be judged is left out.
    lenient: bool,
    /// How much was left out for that.
    skipped: usize,
}

struct Source {
    name: String,
    read: u32,
    /// When the exchange was sent that was read last.
    last: i64,
    form: Form,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

enum Form {
    Har(Box<Entries<Input>>),
    Lines(Box<Reader<Input>>),
    /// There is nothing more in it.
    Ended,
}

impl Sources {
    /// Opens the files; `-` stands for standard input. `lenient` leaves out what can't be judged.
    ///
    /// # Errors
    ///
    /// When one can't be read, or is no recording.
    pub fn open(paths: &[PathBuf], lenient: bool) -> Result<Self, SourceError> {
        let files = paths.iter().map(|path| {
            let name = path.display().to_string();
            let input: Box<dyn Read> = if name == "-" {
                Box::new(io::stdin())
            } else {
                let file = File::open(path);
                Box::new(file.map_err(|source| SourceError::Io {
                    name: name.clone(),
                    source,
                })?)
            };
            Source::of(name, input)
        });
        Ok(Self {
            files: files.collect::<Result<_, _>>()?,
            lenient,
            skipped: 0,
        })
    }

    /// The one recording that can be read from here.
    ///
    /// # Errors
    ///
    /// When it can't be read, or is no recording.
    pub fn of(name: &str, input: impl Read + 'static, lenient: bool) -> Result<Self, SourceError> {
        Ok(Self {
            files: vec![Source::of(name.to_owned(), Box::new(input))?],
            lenient,
            skipped: 0,
        })
    }

    /// Reads all of it into `traffic`. HAR files have the time of day, and are read as one recording; a recording of
    /// this suite follows what was given before it.
    ///
    /// # Errors
    ///
    /// When something can't be read.
    pub fn read(&mut self, traffic: &mut Traffic) -> Result<(), SourceError> {
        while let Some(n) = self.next_har() {
            self.step(n, traffic)?;
        }
        traffic.end_stretch();
        for n in 0..self.files.len() {
            while !matches!(self.files[n].form, Form::Ended) {
                self.step(n, traffic)?;
            }
            traffic.end_stretch();
        }
        Ok(())
    }

    /// How many entries were left out since they can't be judged.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// The name of a file.
    pub fn name(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |source| &source.name)
    }

    /// The HAR file that lags behind the others.
    fn next_har(&self) -> Option<usize> {
        let hars = self
            .files
            .iter()
            .enumerate()
            .filter(|(_, source)| matches!(source.form, Form::Har(_)));
        hars.min_by_key(|(_, source)| source.last).map(|(n, _)| n)
    }

    /// Reads one exchange.
    fn step(&mut self, n: usize, traffic: &mut Traffic) -> Result<(), SourceError> {
        let source = &mut self.files[n];
        let place = Place {
            file: u16::try_from(n).unwrap_or(u16::MAX),
            entry: source.read,
        };
        match source.next(place, traffic) {
            Err(SourceError::Entry { .. }) if self.lenient => self.skipped += 1,
            Err(error) => {
                source.form = Form::Ended;
                if !self.lenient || matches!(error, SourceError::Io { .. }) {
                    return Err(error);
                }
                self.skipped += 1;
            }
            Ok(()) => {}
        }
        Ok(())
    }
}

impl Source {
    fn of(name: String, input: Box<dyn Read>) -> Result<Self, SourceError> {
        let io = |source| SourceError::Io {
            name: name.clone(),
            source,
        };
        let mut input: Input = Box::new(BufReader::with_capacity(BUFFER, input));
        if is_gzip(input.fill_buf().map_err(io)?) {
            input = Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(input)));
        }
        if input
            .fill_buf()
            .map_err(io)?
            .starts_with("\u{feff}".as_bytes())
        {
            input.consume("\u{feff}".len());
        }
        let start = input.fill_buf().map_err(io)?;
        let line = start
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        // One of another version is told so by its reader.
        let schema = recording::SCHEMA.trim_end_matches(|c: char| c.is_ascii_digit());
        let form = if memchr::memmem::find(line, schema.as_bytes()).is_some() {
            let lines = recording::read(input);
            Form::Lines(Box::new(lines.map_err(|source| SourceError::Lines {
                name: name.clone(),
                source,
            })?))
        } else {
            let entries = Entries::open(input);
            Form::Har(Box::new(entries.map_err(|source| {
                SourceError::Entries {
                    name: name.clone(),
                    source,
                }
            })?))
        };
        Ok(Self {
            name,
            read: 0,
            last: i64::MIN,
            form,
        })
    }

    fn next(&mut self, place: Place, traffic: &mut Traffic) -> Result<(), SourceError> {
        let name = || self.name.clone();
        match &mut self.form {
            Form::Har(entries) => {
                let broken = |source| SourceError::Entries {
                    name: name(),
                    source,
                };
                let met = entries.next_read(|bytes| har::read_first(bytes, place));
                let met = match met.map_err(broken)? {
                    Some(met) => {
                        self.read += 1;
                        met
                    }
                    None => {
                        let Some(entry) = entries.next().map_err(broken)? else {
                            self.form = Form::Ended;
                            return Ok(());
                        };
                        self.read += 1;
                        match har::read(&entry, place) {
                            Ok(met) => met,
                            // Recorders of a whole browser have much that is amiss, and nobody's business here.
                            Err(_)
                                if har::address(&entry)
                                    .is_some_and(|url| traffic.leaves_alone(&url)) =>
                            {
                                return Ok(());
                            }
                            Err(error) => {
                                return Err(SourceError::Entry {
                                    name: name(),
                                    entry: place.entry as usize,
                                    at: entry.at,
                                    source: error.into(),
                                });
                            }
                        }
                    }
                };
                self.last = met.sent;
                traffic.push(met);
            }
            Form::Lines(lines) => match lines.next() {
                None => self.form = Form::Ended,
                Some(exchange) => {
                    let exchange = exchange.map_err(|source| SourceError::Lines {
                        name: name(),
                        source,
                    })?;
                    self.read += 1;
                    traffic.push_ready(exchange, place, &lines.header.base_url);
                }
            },
            Form::Ended => {}
        }
        Ok(())
    }
}

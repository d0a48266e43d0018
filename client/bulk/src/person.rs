//! Who is meant by a profile URL: the key that all spellings of one person's URL share, and the spelling that is sent. How
//! people are kept is in `journal`.

/// Where profiles are.
const NETWORK: &str = "linkedin.com";
/// First segments of paths that lead to something other than a person.
const NO_PERSON: &[&str] = &[
    "company", "school", "showcase", "groups", "jobs", "feed", "posts", "pulse", "events",
];
/// Most bytes of a key: an index of Postgres takes some more.
const LONGEST: usize = 2000;
/// How ids begin that stand in a URL in the place of a name. Two of them may differ in nothing but capitals.
const HASHED: &[&str] = &["ACoAA", "ACwAA", "AEMAA"];

/// A person, as a profile URL names them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Person {
    /// What all spellings of the URL have in common. Two URLs with the same key are submitted once.
    pub key: String,
    /// The spelling that is submitted: the one given, if it is a plain URL of the profile, or else a plain one.
    pub identifier: String,
}

/// Why a value names nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoPerson {
    /// There is nothing.
    #[error("the cell is empty: put a profile URL there")]
    Empty,
    /// It is no URL.
    #[error("it is not a profile URL, such as https://www.linkedin.com/in/somebody/")]
    NotAUrl,
    /// It is the URL of something else, such as a company.
    #[error("it is the URL of something other than a person's profile")]
    OtherPage,
    /// No profile has a URL of this length.
    #[error("it is longer than any profile URL")]
    TooLong,
    /// The API would read it as two.
    #[error("it has a comma, which the API takes for the end of a URL")]
    Comma,
}

impl Person {
    /// Reads a profile URL, in any of its spellings: with or without scheme, of any regional host, with any case, slash,
    /// percent-encoding, query and what follows the profile's name in the path. Ids with significant capitals keep theirs.
    ///
    /// What is not certain to be the same person is not taken to be.
    ///
    /// # Errors
    ///
    /// Where the value names nobody.
    ///
    /// ```
    /// use crustdata_bulk::Person;
    ///
    /// let plain = Person::read("https://www.linkedin.com/in/dvdhsu/")?;
    /// let odd = Person::read("de.linkedin.com/in/DvdHsu?trk=people")?;
    /// assert_eq!(plain.key, odd.key);
    /// assert_eq!(odd.identifier, "https://www.linkedin.com/in/dvdhsu/");
    /// # Ok::<(), crustdata_bulk::NoPerson>(())
    /// ```
    pub fn read(value: &str) -> Result<Self, NoPerson> {
        let given = value.trim_matches(is_unseen);
        if given.is_empty() {
            return Err(NoPerson::Empty);
        }
        let (has_scheme, rest) = match scheme(given) {
            Some(rest) => (true, rest),
            None => (false, given),
        };
        let (address, _) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let (host, path) = path.split_once('/').unwrap_or((path, ""));
        let host = host.to_ascii_lowercase();
        let port = [":443", ":80"]
            .iter()
            .find_map(|port| host.strip_suffix(port));
        let host = port.unwrap_or(&host).trim_end_matches('.');
        if host.contains(|c: char| c.is_whitespace() || c == '@') || !host.contains('.') {
            return Err(NoPerson::NotAUrl);
        }
        let is_network = host == NETWORK || host.ends_with(&format!(".{NETWORK}"));
        if !is_network && !has_scheme {
            return Err(NoPerson::NotAUrl);
        }
        let segments: Vec<String> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(decoded)
            .collect();
        let mut parts = segments.iter().map(String::as_str).chain([given]);
        if parts.any(|part| part.contains(char::is_control)) {
            return Err(NoPerson::NotAUrl);
        }
        let Some(first) = segments.first() else {
            return Err(NoPerson::NotAUrl);
        };
        let first = first.to_lowercase();
        if is_network && NO_PERSON.contains(&&*first) {
            return Err(NoPerson::OtherPage);
        }
        if is_network && first == "in" {
            return match segments.get(1) {
                Some(name) => {
                    let seen = name.trim_matches(is_unseen);
                    Self::named(seen, given, is_plain(given, rest, seen))
                }
                None => Err(NoPerson::OtherPage),
            };
        }
        Self::elsewhere(
            if is_network { NETWORK } else { host },
            &segments,
            query,
            given,
        )
    }

    /// A profile by its name, or by the id in its place.
    fn named(name: &str, given: &str, is_plain: bool) -> Result<Self, NoPerson> {
        if name.is_empty() {
            return Err(NoPerson::OtherPage);
        }
        if name.contains(',') {
            return Err(NoPerson::Comma);
        }
        let name = match HASHED.iter().any(|start| name.starts_with(start)) {
            true => name.to_owned(),
            false => name.to_lowercase(),
        };
        let identifier = match is_plain {
            true => given.to_owned(),
            false => format!("https://www.{NETWORK}/in/{}/", encoded(&name)),
        };
        Self::with(format!("in/{name}"), identifier)
    }

    /// A URL whose parts nobody knows the meaning of: all of them count.
    fn elsewhere(
        host: &str,
        segments: &[String],
        query: &str,
        given: &str,
    ) -> Result<Self, NoPerson> {
        if given.contains(',') {
            return Err(NoPerson::Comma);
        }
        let host = host.strip_prefix("www.").unwrap_or(host);
        let mut key = format!("{host}/{}", segments.join("/"));
        if !query.is_empty() {
            key = format!("{key}?{query}");
        }
        Self::with(key, given.to_owned())
    }

    fn with(key: String, identifier: String) -> Result<Self, NoPerson> {
        match key.len() <= LONGEST {
            true => Ok(Self { key, identifier }),
            false => Err(NoPerson::TooLong),
        }
    }
}

/// Whether a character can't be seen: blanks, and what comes along where a URL is copied from a page or a message.
fn is_unseen(c: char) -> bool {
    let is_mark = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    c.is_whitespace() || is_mark
}

/// What follows the scheme, if there is one.
fn scheme(given: &str) -> Option<&str> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let start = given.get(..scheme.len())?;
        (start.eq_ignore_ascii_case(scheme)).then(|| &given[scheme.len()..])
    })
}

/// Whether a URL is the profile's with nothing around it, so that it can be sent as it was given.
fn is_plain(given: &str, rest: &str, name: &str) -> bool {
    let ends = ["", "/"];
    let is_profile = ends.iter().any(|end| {
        [
            format!("www.{NETWORK}/in/{name}{end}"),
            format!("{NETWORK}/in/{name}{end}"),
        ]
        .iter()
        .any(|plain| plain == rest)
    });
    is_profile
        && given.len() > rest.len()
        && !name.contains(|c: char| c.is_whitespace() || c == ',')
}

/// A segment without its percent-encoding; as it is, where that is no text.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|byte| (*byte as char).to_digit(16));
        match (byte, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| segment.to_owned())
}

/// A name as a URL holds it: what would end the segment, or is none of a URL's characters, in percent-encoding.
fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                text.push(byte as char);
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

//! What a submission can use, and what it can break. Which of it a request does is in `expectation`.

/// What matters of a valid submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valid {
    /// How many identifiers it names.
    pub identifiers: Count,
    /// What stands for the identifiers as they were sent, in any order.
    pub fingerprint: u64,
    /// The fields that it names: bit n stands for the n-th of [`VALUES`](crate::generated::contract::submit::fields::VALUES).
    pub fields: u32,
    /// Whether the identifiers come as one string.
    pub urls_string: bool,
    /// Whether the fields do.
    pub fields_string: bool,
    /// What it uses of the things that have an acceptance clause of their own.
    pub features: Vec<Feature>,
}

/// A number of identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Exactly(usize),
    /// There are duplicates, and how they count is open.
    Open,
}

/// A thing that a valid submission may use and that an acceptance clause is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// The identifiers come as one string.
    UrlsString,
    /// The fields come as one string.
    FieldsString,
    /// As many identifiers as are allowed.
    MaxIdentifiers,
    /// The smallest chunk size.
    MinChunkSize,
    /// The largest chunk size.
    MaxChunkSize,
    /// No chunk size.
    NoChunkSize,
    /// A webhook.
    WebhookUrl,
    /// Exactly these fields: bit n stands for the n-th of [`VALUES`](crate::generated::contract::submit::fields::VALUES).
    Fields(u32),
}

impl Feature {
    /// The set of fields, where this is one.
    pub(crate) fn fields(self) -> Option<u32> {
        match self {
            Self::Fields(set) => Some(set),
            _ => None,
        }
    }

    /// Whether whatever has the other feature has this one: a set of fields is in each that has more.
    pub(crate) fn is_in(self, other: Self) -> bool {
        match (self, other) {
            (Self::Fields(set), Self::Fields(other)) => set & !other == 0,
            _ => self == other,
        }
    }
}

/// A rule that a submission breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No `Authorization`.
    MissingAuthorization,
    /// A key that the server doesn't know.
    UnknownKey,
    /// No version header.
    MissingApiVersion,
    /// Another version.
    OtherApiVersion,
    /// Not a JSON object.
    MalformedBody,
    /// No identifiers, of whatever type.
    MissingIdentifiers,
    /// Identifiers of another type alone.
    OtherIdentifier,
    /// More identifiers than allowed.
    TooManyIdentifiers,
    /// No `fields`.
    MissingFields,
    /// `fields` is an empty list or an empty string.
    EmptyFields,
    /// `fields` holds a value outside the supported ones.
    UnsupportedField,
    /// `chunk_size` is a whole number out of range.
    ChunkSize,
}

//! What is asked for about each person: contact kinds, verified or not. Answers to the same ask, or to a wider one, are not
//! paid for again.

use std::collections::BTreeSet;
use std::fmt;

use crustdata_batch::{ContactEnrichRequest, ContactField, InvalidRequest};

/// What is asked for about each person of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    fields: Vec<ContactField>,
    verified: bool,
}

impl Ask {
    /// These contact kinds; with `verified`, only business e-mails that pass a check at the time of the request.
    pub fn new(fields: impl IntoIterator<Item = ContactField>, verified: bool) -> Self {
        let fields = fields.into_iter().collect();
        Self { fields, verified }
    }

    /// The most that one person costs, in credits, whichever kinds are asked for.
    pub fn worst_case(&self) -> f64 {
        match self.verified {
            true => ContactEnrichRequest::WORST_CASE_VERIFIED,
            false => ContactEnrichRequest::WORST_CASE,
        }
    }

    /// The request for these people.
    ///
    /// # Errors
    ///
    /// Where the contract doesn't allow it.
    pub fn request(&self, identifiers: &[String]) -> Result<ContactEnrichRequest, InvalidRequest> {
        let request = ContactEnrichRequest::builder()
            .profile_urls(identifiers)
            .fields(self.fields.iter().copied());
        match self.verified {
            true => request.verified(true).build(),
            false => request.build(),
        }
    }

    /// Reads what [`Display`](fmt::Display) writes; none, if it is of another version.
    pub fn parse(text: &str) -> Option<Self> {
        let (names, verified) = match text.strip_suffix(VERIFIED) {
            Some(names) => (names, true),
            None => (text, false),
        };
        let fields = names.split(',').map(|name| name.parse().ok());
        Some(Self::new(fields.collect::<Option<Vec<_>>>()?, verified))
    }

    /// Whether an answer to this ask answers the other one too.
    pub fn covers(&self, other: &Self) -> bool {
        self.verified == other.verified && other.kinds().is_subset(&self.kinds())
    }

    /// The fields, with the one that stands for others replaced by them.
    fn kinds(&self) -> BTreeSet<ContactField> {
        let parts = |field: &ContactField| match field {
            ContactField::PersonalContactInfo => vec![
                ContactField::PersonalContactInfoPersonalEmails,
                ContactField::PersonalContactInfoPhoneNumbers,
            ],
            field => vec![*field],
        };
        self.fields.iter().flat_map(parts).collect()
    }
}

/// How the text of an ask ends that wants e-mails verified.
const VERIFIED: &str = " verified";

/// The kinds in one order, so that two asks for the same have the same text. It is kept in the journal.
impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<String> = self.kinds().iter().map(ToString::to_string).collect();
        f.write_str(&kinds.join(","))?;
        f.write_str(if self.verified { VERIFIED } else { "" })
    }
}

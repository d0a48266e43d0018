//! The bounds, defaults, enums, names and paths of the contract, rendered as constants for client, mock and suite.
//!
//! Those crates know the constants by name, which begins with the operation; the values come from the document alone.

mod constant;

use std::collections::BTreeSet;

use quote::quote;

use super::document::Document;
use super::error::Error;
use super::place::Place;
use super::rust;
use constant::Constant;
use constant::Kind::{
    self, F64, HeaderName, HeaderValue, Json, Key, Required, Text, Texts, U32, Usize, Values,
};

/// What each module of constants is about.
#[rustfmt::skip] // A row is a line.
const MODULES: [(&str, &str); 26] = [
    ("header", "Names of headers."),
    ("media_type", "Media types of bodies."),
    ("status_code", "Statuses of the refusals that operations share."),
    ("limits", "Limits that hold across operations."),
    ("submit", "The submission of a job."),
    ("submit::identifiers", "The identifiers of a submission."),
    ("submit::fields", "The contact kinds that a submission asks for."),
    ("submit::chunk_size", "The chunk size of a submission."),
    ("submit::webhook_url", "Where a submission has the webhook delivery sent."),
    ("submit::accepted", "The response to a submission that is accepted."),
    ("submit::entity", "What a job is about."),
    ("submit::action", "What a job does."),
    ("submit::example", "The document's example of a submission."),
    ("job", "The status of a job."),
    ("job::status", "Where a job stands."),
    ("list", "The list of jobs."),
    ("list::limit", "The jobs on a page of the list."),
    ("prices", "Credits for each person of whom a contact kind is returned: figures of the sister endpoint."),
    ("account", "The balance of the account, and what it may call."),
    ("account::credits", "The balance."),
    ("account::endpoints", "What the account may call."),
    ("account::endpoints::status", "Whether the account may call an endpoint."),
    ("usage", "The requests of the account's team, and what they were charged."),
    ("usage::limit", "The events on a page of the list."),
    ("result", "The results of a job."),
    ("result::email_status", "What the provider knows of an address's delivery."),
];

/// The constants that are read from one place each: path below `contract`, kind, place, documentation.
#[rustfmt::skip] // A row is a line.
const CONSTANTS: [(&str, Kind, &str, &str); 49] = [
    ("BASE_URL", Text, "/servers/0/url", "Base URL of the live API."),
    ("API_VERSION", HeaderValue, "/components/schemas/ApiVersion/default", "Version of the API that the document describes."),
    ("header::API_VERSION", HeaderName, "version header/name", "Header that names the version of the API."),
    ("header::RATE_LIMIT_LIMIT", Key, "/components/responses/TooManyRequests/headers/x-ratelimit-limit", "Header with the number of requests allowed in the window."),
    ("header::RATE_LIMIT_REMAINING", Key, "/components/responses/TooManyRequests/headers/x-ratelimit-remaining", "Header with the number of requests left in the window."),
    ("header::RATE_LIMIT_RESET", Key, "/components/responses/TooManyRequests/headers/x-ratelimit-reset", "Header with the seconds until the window has room again."),
    ("header::REQUEST_ID", Key, "get_batch/responses/200/headers/x-request-id", "Header with the id of the request."),
    ("header::CREDITS_USED", Key, "get_batch/responses/200/headers/x-credits-used", "Header with the credits that the request was charged."),
    ("media_type::JSON", Key, "submit_contact_enrich/requestBody/content/application~1json", "Media type of requests and responses."),
    ("media_type::RESULTS", Text, "/components/schemas/BatchJob/properties/download_url/x-media-type", "Media type of a results file."),
    ("limits::ACTIVE_JOBS", Usize, "/x-limits/active-jobs", "Jobs of one account that may be pending or processing at the same time."),
    ("limits::DOWNLOAD_LINK_DAYS", U32, "/x-limits/download-link-days", "Days for which a download link stays valid."),
    ("limits::REQUESTS_PER_MINUTE", U32, "/x-limits/requests-per-minute", "Requests a minute to assume where nothing else is known."),
    ("prices::BUSINESS_EMAIL", F64, "/x-prices/business_email/credits", "For business e-mails."),
    ("prices::PERSONAL_EMAILS", F64, "/x-prices/personal_contact_info.personal_emails/credits", "For personal e-mails."),
    ("prices::PHONE_NUMBERS", F64, "/x-prices/personal_contact_info.phone_numbers/credits", "For phone numbers."),
    ("prices::PERSON", F64, "/x-prices/person/credits", "For all kinds of one person: the most that one costs without `verified`."),
    ("prices::VERIFIED", F64, "/x-prices/verified/credits", "On top of that with `verified`."),
    ("account::REQUESTS_PER_MINUTE", U32, "/x-limits/account-requests-per-minute", "Requests a minute."),
    ("account::endpoints::status", Values, "/components/schemas/EndpointStatus/enum", "Values of `status` of an endpoint."),
    ("usage::REQUESTS_PER_MINUTE", U32, "/x-limits/usage-requests-per-minute", "Requests a minute, over all usage endpoints."),
    ("usage::EVENT_DELAY_SECONDS", U32, "/x-limits/usage-event-delay-seconds", "Seconds after which a request usually is among the events."),
    ("usage::limit::MIN", U32, "/components/schemas/UsageLimit/minimum", "Fewest events on a page."),
    ("usage::limit::MAX", U32, "/components/schemas/UsageLimit/maximum", "Most events on a page."),
    ("usage::MAX_REQUEST_ID", Usize, "/components/schemas/RequestId/maxLength", "Most characters of a request's id."),
    ("submit::VERIFIED_KEY", Key, "/components/schemas/ContactEnrichRequest/properties/verified", "Key that asks for e-mails to be verified. What it does on this endpoint is open."),
    ("submit::identifiers::MIN", Usize, "identifiers/minItems", "Fewest identifiers in a submission."),
    ("submit::identifiers::MAX", Usize, "identifiers/maxItems", "Most identifiers in a submission."),
    ("submit::chunk_size::MIN", U32, "/components/schemas/ChunkSize/minimum", "Smallest chunk size."),
    ("submit::chunk_size::MAX", U32, "/components/schemas/ChunkSize/maximum", "Largest chunk size."),
    ("submit::chunk_size::DEFAULT", U32, "/components/schemas/ChunkSize/default", "Chunk size of a submission that names none."),
    ("submit::webhook_url::EXAMPLE", Text, "/components/schemas/WebhookUrl/example", "The document's example of a `webhook_url`."),
    ("submit::accepted::REQUIRED", Required, "/components/schemas/AcceptedBatch", "Keys that are always there, each with the JSON type of its value."),
    ("submit::accepted::STATUS_URL_KEY", Key, "/components/schemas/AcceptedBatch/properties/status_url", "Key of the relative URL of a job's status."),
    ("submit::accepted::STATUS", Text, "submit_contact_enrich/x-answers/status", "`status` of every accepted submission."),
    ("submit::accepted::ENTITY", Text, "submit_contact_enrich/x-answers/entity", "`entity` of every accepted submission."),
    ("submit::accepted::ACTION", Text, "submit_contact_enrich/x-answers/action", "`action` of every accepted submission."),
    ("submit::example::REQUEST", Json, "/components/examples/ContactEnrichRequest/value", "The submission, as JSON."),
    ("submit::example::RESPONSE", Json, "/components/examples/AcceptedBatch/value", "The response to it, as JSON."),
    ("job::ID_KEY", Key, "/components/schemas/BatchJob/properties/batch_id", "Key of a job's id."),
    ("job::REQUIRED", Required, "/components/schemas/BatchJob", "Keys that are always there, each with the JSON type of its value."),
    ("list::limit::MIN", U32, "/components/schemas/PageLimit/x-clamp/minimum", "Fewest jobs on a page of the list."),
    ("list::limit::MAX", U32, "/components/schemas/PageLimit/x-clamp/maximum", "Most jobs on a page of the list."),
    ("list::limit::DEFAULT", U32, "/components/schemas/PageLimit/default", "Jobs on a page when the request names no limit."),
    ("job::status", Values, "/components/schemas/JobStatus/enum", "Values of `status` of a job."),
    ("result::email_status", Values, "/components/schemas/EmailStatus/enum", "Values of `status` of an e-mail."),
    ("submit::fields::VALUES", Texts, "/components/schemas/ContactField/enum", "Values of `fields`, in the document's order."),
    ("submit::entity", Values, "/components/schemas/Entity/enum", "Values of `entity` of an accepted submission, over all endpoints."),
    ("submit::action", Values, "/components/schemas/Action/enum", "Values of `action` of an accepted submission, over all endpoints."),
];

/// Renders `contract.rs`.
pub(super) fn render(document: &Document) -> Result<String, Error> {
    let subject = "The bounds, defaults, enums, names and paths of the contract.";
    let code = constant::render(&constants(document)?, &MODULES);
    Ok(rust::file(subject, &syn::parse_quote!(#code)))
}

/// Renders `wordings.rs`.
pub(super) fn render_wordings(document: &Document) -> Result<String, Error> {
    let constants = constants(document)?;
    let wordings = constants.iter().filter_map(Constant::wording);
    let rows = wordings.map(|(path, wording)| quote!((#path, #wording)));
    let code = syn::parse_quote! {
        /// The constants of the contract by their names, each as a clause words it.
        pub(crate) const WORDINGS: &[(&str, &str)] = &[#(#rows),*];
    };
    Ok(rust::file(
        "What clauses say for a constant of the contract.",
        &code,
    ))
}

fn constants(document: &Document) -> Result<Vec<Constant>, Error> {
    let mut constants = Vec::new();
    for (path, kind, at, doc) in CONSTANTS {
        constants.extend(kind.read(path, doc, &document.place(at)?)?);
    }
    let key = document.identifiers_key()?;
    constants.push(Constant::text(
        "submit::identifiers::KEY",
        "Key of the identifiers.",
        key,
    ));
    for (path, doc, operation) in [
        (
            "submit::PATH",
            "Path of the submission.",
            "submit_contact_enrich",
        ),
        ("job::PATH", "Path of a job's status.", "get_batch"),
        ("list::PATH", "Path of the list of jobs.", "list_batches"),
        (
            "account::credits::PATH",
            "Path of the balance.",
            "get_credits",
        ),
        (
            "account::endpoints::PATH",
            "Path of the endpoints.",
            "list_endpoints",
        ),
        ("usage::PATH", "Path of the events.", "list_usage_events"),
        ("usage::EVENT_PATH", "Path of one event.", "get_usage_event"),
    ] {
        constants.push(Constant::text(path, doc, document.operation(operation)?.0));
    }
    let mut statuses = BTreeSet::new();
    for (response, code, doc) in document.shared_responses()? {
        let name = rust::constant(response).filter(|name| statuses.insert(name.clone()));
        let Some(name) = name else {
            let place = document.at("/components/responses").key(response);
            let expected = "a name like `TooManyRequests`, which becomes `TOO_MANY_REQUESTS` and no other does";
            let need = "`status_code`, the statuses that the code knows by name";
            return Err(place.unfit("has a name that makes no constant", expected, need));
        };
        let path = format!("status_code::{name}");
        constants.push(Constant::number(&path, doc, quote!(u16), code.into()));
    }
    let fields = document.schema("ContactField").key("enum");
    constants.push(Constant::pairs(
        "submit::fields::LEAVES",
        "The fields that no other extends, each with what a record holds under it: `emails` (objects with an\n\
         address and a status) or `strings`.",
        &leaves(document, &fields)?,
    ));
    let mut prices = Vec::new();
    for (field, _) in leaves(document, &fields)? {
        let price = document.place("/x-prices")?.key(field);
        if price.exists() {
            prices.push((field, price.key("credits").fraction("`prices::BY_FIELD`")?));
        }
    }
    constants.push(Constant::priced(
        "prices::BY_FIELD",
        "By the field that asks for the kind.",
        &prices,
    ));
    Ok(constants)
}

/// The contact fields that no other field extends with a dot, each with the form of its values. A field that
/// `ContactData` does not describe (yet) is taken to hold strings, so that a new value of the enum is a
/// complete edit of the document.
fn leaves<'a>(
    document: &'a Document,
    fields: &Place<'a>,
) -> Result<Vec<(&'a str, &'a str)>, Error> {
    let fields = fields.texts("`submit::fields::LEAVES`, the contact kinds that a record holds")?;
    let extends = |longer: &str, field: &str| {
        (longer.strip_prefix(field)).is_some_and(|rest| rest.starts_with('.'))
    };
    let is_leaf = |field: &&&str| !fields.iter().any(|other| extends(other, field));
    let leaf = |field: &&'a str| {
        let record = document.schema("ContactData");
        let values =
            (field.split('.')).fold(record, |place, part| place.key("properties").key(part));
        let is_email = values.key("items").key("properties").key("email").exists();
        (*field, if is_email { "emails" } else { "strings" })
    };
    Ok(fields.iter().filter(is_leaf).map(leaf).collect())
}

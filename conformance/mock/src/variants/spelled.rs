//! Variants in how identifiers and keys may be written, and in counts and contacts beside those that matter.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::edits::refuse;
use crate::generated::contract::{job::status, submit::identifiers};
use crate::hooks::{Fault, variant};
use crate::rules::Reason;
use crate::submission::Submission;

const BAD: StatusCode = StatusCode::BAD_REQUEST;

pub(super) fn variants() -> Vec<Fault> {
    vec![
        variant("refuses-identifiers-with-query")
            .about("Identifiers with a query are refused.")
            .reasons(refuse(BAD, |it| any(it, |url| url.contains('?')))),
        variant("refuses-identifiers-with-escapes")
            .about("Identifiers with escapes are refused.")
            .reasons(refuse(StatusCode::UNPROCESSABLE_ENTITY, |it| {
                any(it, |url| url.contains('%'))
            })),
        variant("refuses-identifiers-beyond-ascii")
            .about("Identifiers with something beyond ASCII are refused.")
            .reasons(refuse(BAD, |it| any(it, |url| !url.is_ascii()))),
        variant("refuses-repeated-keys")
            .about("A body in which a key stands twice is refused for that.")
            .reasons(|reasons, it| {
                if [identifiers::KEY, "fields", "chunk_size"]
                    .iter()
                    .any(|key| it.repeats(key))
                {
                    reasons.insert(0, Reason::Unfounded(StatusCode::UNPROCESSABLE_ENTITY));
                }
            }),
        variant("list-without-outcomes")
            .about("The counts of what was found are zero in a list, and in no poll.")
            .page(|response, _| {
                let Some(Value::Array(mut jobs)) = response.get("jobs") else {
                    return;
                };
                for job in jobs
                    .iter_mut()
                    .filter(|job| job["status"] == status::COMPLETED)
                {
                    job["entities_fulfilled"] = json!(0);
                    job["result_count"] = json!(0);
                }
                response.set("jobs", jobs);
            }),
        variant("record-has-figures")
            .about("A record says how many phone numbers there are, and whether they are known.")
            .records(|records, _| {
                for record in records {
                    record["data"]["phone_count"] = json!(31_415_926);
                    record["data"]["has_phone"] = json!(true);
                    record["data"]["phone_kinds"] = json!(["mobile", "home"]);
                    record["data"]["email_domain"] = json!("example.com");
                }
            }),
        variant("record-has-handles")
            .about("A record has names with an at sign that are no e-mail addresses.")
            .records(|records, _| {
                for record in records {
                    record["data"]["handle"] = json!("@somebody");
                    record["data"]["met"] = json!("somebody @ example.com");
                    record["data"]["photo"] = json!("https://example.com/@somebody/photo.png");
                }
            }),
    ]
}

fn any(submission: &Submission, holds: fn(&str) -> bool) -> bool {
    submission.identifiers.iter().any(holds)
}

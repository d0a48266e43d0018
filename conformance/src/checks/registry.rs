//! The registry of the checks: what `list`, `explain`, `run` and the reports are made from.

use crate::checks::check::Check;
use crate::checks::{account, job, limit, list, reject, result, submit, usage, webhook};

/// Every check, in the order of the contract. The order is that of `list` and of the reports.
pub static CHECKS: &[&Check] = &[
    &submit::accepted::CHECK,
    &submit::required_keys::CHECK,
    &submit::batch_id::CHECK,
    &submit::status_pending::CHECK,
    &submit::entity::CHECK,
    &submit::action::CHECK,
    &submit::identifier_count::CHECK,
    &submit::entities_requested::CHECK,
    &submit::status_url::CHECK,
    &submit::no_data::CHECK,
    &submit::urls_string::CHECK,
    &submit::fields_string::CHECK,
    &submit::fields_supported::CHECK,
    &submit::max_identifiers::CHECK,
    &submit::chunk_size::CHECK,
    &submit::webhook_url::CHECK,
    &reject::missing_api_version::CHECK,
    &reject::other_api_version::CHECK,
    &reject::missing_authorization::CHECK,
    &reject::unknown_key::CHECK,
    &reject::too_many_identifiers::CHECK,
    &reject::missing_identifiers::CHECK,
    &reject::other_identifier::CHECK,
    &reject::missing_fields::CHECK,
    &reject::empty_fields::CHECK,
    &reject::unsupported_field::CHECK,
    &reject::available_fields::CHECK,
    &reject::chunk_size::CHECK,
    &reject::malformed_body::CHECK,
    &reject::error_body::CHECK,
    &reject::no_job::CHECK,
    &job::found::CHECK,
    &job::required_keys::CHECK,
    &job::status::CHECK,
    &job::progress::CHECK,
    &job::terminal::CHECK,
    &job::same_job::CHECK,
    &job::download_links::CHECK,
    &job::error_message::CHECK,
    &job::counts::CHECK,
    &job::authorization::CHECK,
    &job::version_optional::CHECK,
    &job::unknown_id::CHECK,
    &result::presigned::CHECK,
    &result::gzip_jsonl::CHECK,
    &result::envelope::CHECK,
    &result::count::CHECK,
    &result::every_identifier::CHECK,
    &result::parts::CHECK,
    &result::requested_kinds::CHECK,
    &result::shorthand::CHECK,
    &list::shape::CHECK,
    &list::limit::CHECK,
    &list::pages::CHECK,
    &list::order::CHECK,
    &list::status_filter::CHECK,
    &list::contains::CHECK,
    &list::authorization::CHECK,
    &limit::active_jobs::CHECK,
    &limit::headers::CHECK,
    &webhook::post::CHECK,
    &account::authorization::CHECK,
    &account::version::CHECK,
    &account::free::CHECK,
    &account::credits::CHECK,
    &account::endpoints::CHECK,
    &usage::shape::CHECK,
    &usage::sum::CHECK,
    &usage::request_id::CHECK,
    &usage::credits_header::CHECK,
    &usage::expected::CHECK,
    &usage::request_body::CHECK,
    &usage::unknown_id::CHECK,
];

/// The check of the clause with this id.
pub fn find(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_placeholder_is_filled() {
        let mut ids: Vec<_> = CHECKS.iter().map(|check| check.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CHECKS.len());
        for check in CHECKS {
            let clause = check.clause();
            let unfilled = |(at, _): (usize, &str)| {
                clause[at + 1..].starts_with(|c: char| c.is_ascii_uppercase())
            };
            assert!(!clause.match_indices('{').any(unfilled), "{clause}");
        }
    }
}

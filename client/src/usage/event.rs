//! One event: a request of the account's team, and what it was charged.

use serde_json::Value;

use crate::open_object::open_object;

open_object! {
    /// A request of the account's team, and what it was charged.
    ///
    /// That an event has an id, its credits and their lines is documented. `endpoint`, `product`, `status`, `error_type` and
    /// `client_surface` exist as filters; how an event spells them is open, so expect none and look into [`raw`](Self::raw).
    pub struct UsageEvent {
        /// The request's id: the `x-request-id` of its response.
        event_id: text -> Option<&str>,
        /// Credits charged, as `x-credits-used` of the response said; it may be a fraction.
        credits_used: number -> Option<f64>,
        /// Lines that add up to `credits_used`.
        cost_components: objects -> Vec<CostComponent>,
        /// The id of the key, a number or a text.
        api_key_id: value -> Option<&Value>,
        /// The path. Its key's name is open.
        endpoint: text -> Option<&str>,
        /// Such as `person_search`. Its key's name is open.
        product: text -> Option<&str>,
        /// The response's HTTP status. Its key's name is open.
        status: status -> Option<u16>,
        /// Such as `invalid_request`. Its key's name is open.
        error_type: text -> Option<&str>,
        /// What the request came through, such as `mcp`. Its key's name is open.
        client_surface: text -> Option<&str>,
        /// The body, query and path parameters that were sent, in one event that is asked for by its id. How they are nested
        /// is open. They name the profiles that were looked up.
        request: value -> Option<&Value>,
        /// The request's headers, without the key, in one event that is asked for by its id.
        headers: value -> Option<&Value>,
        /// The body of a refusal, in one event that is asked for by its id; none after a success and a 429.
        response: value -> Option<&Value>,
    }
}

open_object! {
    /// One line of what a request was charged.
    pub struct CostComponent {
        /// What was charged, in a name that stays, such as `person.business_email`. Documented.
        component: text -> Option<&str>,
        /// The same for people; it may be reworded. Documented.
        label: text -> Option<&str>,
    }
}

impl CostComponent {
    /// The credits of this line. The name of the key is open: `credits` or `credits_used` is read.
    pub fn credits(&self) -> Option<f64> {
        let number = |key| self.0.get(key).and_then(Value::as_f64);
        number("credits").or_else(|| number("credits_used"))
    }
}

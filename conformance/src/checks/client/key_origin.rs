//! `client.key-origin`

use http::{Method, header};
use memchr::memmem;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::contract::request::{Credential, Destination};
use crate::exchange::{Exchange, KEY_PLACEHOLDER};

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.key-origin",
    level: Level::Must,
    text: "The key goes to the API's origin only: not to the store, not along a redirect, not to an absolute `status_url` elsewhere.",
    source: "the submission page: the key is a bearer token",
    fix: Fix::in_client(
        "Add the key by the origin of the URL, not to every request: none for the store, none after a redirect, none for a `status_url` that leads elsewhere.",
    ),
    applies: |request| matches!(request.destination, Destination::Outside(_)),
    needs: Needs::NOTHING,
    judge: Judge::Each(judge),
};

fn judge(exchange: &Exchange) -> Judgement {
    let (expected, request) = ("no key outside the API's origin", &exchange.request);
    let holds = |bytes: &[u8]| memmem::find(bytes, KEY_PLACEHOLDER.as_bytes()).is_some();
    let carrying = (request.headers.iter()).find(|(_, value)| holds(value.as_bytes()));
    if let Some((name, _)) = carrying {
        return Judgement::violated(expected, format!("the key in `{name}`"));
    }
    if holds(request.destination.as_str().as_bytes()) || holds(&request.body) {
        return Judgement::violated(expected, "the key in the address or the body");
    }
    // What a server delivers to a webhook may carry a credential of its own.
    let credential = request.credential();
    if request.method == Method::GET && credential == Credential::UnknownKey {
        let got = format!("a bearer token in `{}`", header::AUTHORIZATION);
        return Judgement::violated(expected, got);
    }
    Judgement::Satisfied
}

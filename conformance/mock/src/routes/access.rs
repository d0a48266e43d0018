//! Who may see jobs and the list.

use crate::exchange::Call;
use crate::instance::Instance;
use crate::key::{Key, Locked, Target};
use crate::response::Response;

/// The refusal of a request for a job or the list whose key is not valid.
pub(super) fn refusal(instance: &Instance, call: &Call, target: Target) -> Option<Response> {
    let key = Key::read(&call.request.headers, &instance.config.key);
    if key == Key::Known {
        return None;
    }
    let mut refusal = Some(Response::unauthorized());
    let locked = Locked { key, target };
    instance.hooks.locked.apply(&mut refusal, &locked);
    refusal
}

//! Locks what threads share. Whoever panics here leaves nothing half changed, so the others go on with what is there.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The lock, also where a thread that held it has panicked.
pub(crate) fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

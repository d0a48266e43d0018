//! What the environment says of a campaign: how large it is, and the seed that decides all that is random in it.

/// A number in the environment.
pub(crate) fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// The campaign's seed: the environment's, or one of its own, which is printed.
pub(crate) fn seed() -> u64 {
    setting("CRUSTDATA_BULK_SEED").unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.unwrap().as_nanos() as u64
    })
}

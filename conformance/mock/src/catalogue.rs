//! Every fault and variant, by name.

use std::sync::LazyLock;

use crate::hooks::Fault;

static FAULTS: LazyLock<Vec<Fault>> = LazyLock::new(crate::faults::all);
static VARIANTS: LazyLock<Vec<Fault>> = LazyLock::new(crate::variants::all);
static MISHAPS: LazyLock<Vec<Fault>> = LazyLock::new(crate::mishaps::all);

/// Every fault, by family.
pub fn faults() -> impl Iterator<Item = &'static Fault> {
    FAULTS.iter()
}

/// Every benign variant: a departure that the contract leaves open, which must never violate a clause.
pub fn variants() -> impl Iterator<Item = &'static Fault> {
    VARIANTS.iter()
}

/// Every mishap: what a client may meet, whatever the server owes, by which `conformance client` tells what a client
/// makes of it. No clause of the server's is about it.
pub fn mishaps() -> impl Iterator<Item = &'static Fault> {
    MISHAPS.iter()
}

/// The fault, variant or mishap of this name.
///
/// ```
/// use crustdata_mock as mock;
///
/// let fault = mock::find("status-processing").expect("a fault of this name");
/// assert_eq!(fault.breaks, ["submit.status-pending"]);
/// assert!(mock::find("no-such-fault").is_none());
/// ```
pub fn find(name: &str) -> Option<&'static Fault> {
    faults()
        .chain(variants())
        .chain(mishaps())
        .find(|fault| fault.name == name)
}

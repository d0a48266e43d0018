//! How long a download waits after a failure before it tries again. How often it does is a setting of the client's.

use std::time::Duration;

/// The wait after the second failure in a row; it doubles with each that follows. After the first there is none: most
/// are connections that broke.
const FIRST: Duration = Duration::from_millis(125);
/// No wait is longer, not even where the server asks for more.
const LONGEST: Duration = Duration::from_secs(60);

/// The wait after so many failures in a row; longer where the server asks for it.
pub(super) fn wait_after(failures: u32, asked: Option<Duration>) -> Duration {
    let own = match failures {
        0 | 1 => Duration::ZERO,
        _ => FIRST.saturating_mul(2_u32.saturating_pow(failures - 2)),
    };
    own.max(asked.unwrap_or_default()).min(LONGEST)
}

#[cfg(test)]
mod tests {
    //! Here, since these waits take minutes.

    use super::*;
    use crate::builder::DOWNLOAD_ATTEMPTS;

    #[test]
    fn a_store_may_be_away_for_half_a_minute() {
        let total: Duration = (1..DOWNLOAD_ATTEMPTS.get())
            .map(|failures| wait_after(failures, None))
            .sum();
        assert!((30..=60).contains(&total.as_secs()), "{total:?}");
    }

    #[test]
    fn a_server_is_obeyed_within_reason() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(wait_after(1, seconds(7)), Duration::from_secs(7));
        assert_eq!(wait_after(1, seconds(u64::MAX)), LONGEST);
        assert_eq!(wait_after(5, seconds(0)), wait_after(5, None));
    }

    #[test]
    fn no_number_of_failures_is_too_much() {
        assert_eq!(wait_after(0, None), Duration::ZERO);
        assert_eq!(wait_after(u32::MAX, None), LONGEST);
    }
}

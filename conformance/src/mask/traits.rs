//! What a text may hold that is masked, as is quickly seen by its bytes. What it does hold is found in `mask`.

use memchr::{memchr_iter, memchr3_iter};

/// Which bytes are in a text that others of what is masked come with.
pub(super) struct Traits {
    /// An `@`, or what may be an escape of one.
    pub(super) has_at: bool,
    /// A quotation mark.
    pub(super) has_string: bool,
    pub(super) has_digit: bool,
    /// An equals sign.
    pub(super) has_value: bool,
}

const AT: u8 = 1;
const STRING: u8 = 2;
const DIGIT: u8 = 4;
const VALUE: u8 = 8;

/// What each byte is.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    kinds[b'@' as usize] = AT;
    kinds[b'%' as usize] = AT;
    kinds[b'\\' as usize] = AT;
    kinds[b'"' as usize] = STRING;
    kinds[b'=' as usize] = VALUE;
    let mut digit = b'0';
    while digit <= b'9' {
        kinds[digit as usize] = DIGIT;
        digit += 1;
    }
    kinds
};

impl Traits {
    pub(super) fn of(text: &[u8]) -> Self {
        let kinds = (text.iter()).fold(0, |kinds, byte| kinds | KINDS[usize::from(*byte)]);
        Self {
            has_at: kinds & AT != 0,
            has_string: kinds & STRING != 0,
            has_digit: kinds & DIGIT != 0,
            has_value: kinds & VALUE != 0,
        }
    }
}

/// Whether there is a `+` before a digit, or what other phone numbers end with: three digits that don't begin a number, a
/// separator, and four digits. An id has longer groups.
pub(super) fn may_hold_a_phone_number(text: &[u8]) -> bool {
    let are_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    memchr_iter(b'+', text).any(|at| text.get(at + 1).is_some_and(u8::is_ascii_digit))
        || memchr3_iter(b' ', b'.', b'-', text).any(|at| {
            let before = at.checked_sub(4).and_then(|from| text.get(from..at));
            let after = text.get(at + 1..at + 5);
            after.is_some_and(are_digits)
                && before
                    .is_some_and(|before| b" .-)".contains(&before[0]) && are_digits(&before[1..]))
        })
}

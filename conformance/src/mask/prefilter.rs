//! What a text can't hold that is masked, seen from its bytes alone, so that no pattern is tried on most texts. The patterns
//! are in `mask`.

use memchr::{memchr_iter, memchr3_iter};

/// Which bytes a text has of those that the patterns need.
pub(super) struct Prefilter {
    /// An `@`, or what may be an escape of one.
    pub(super) has_at: bool,
    pub(super) has_quote: bool,
    pub(super) has_digit: bool,
    pub(super) has_equals: bool,
}

const AT: u8 = 1;
const QUOTE: u8 = 2;
const DIGIT: u8 = 4;
const EQUALS: u8 = 8;

/// What each byte is.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    kinds[b'@' as usize] = AT;
    kinds[b'%' as usize] = AT;
    kinds[b'\\' as usize] = AT;
    kinds[b'"' as usize] = QUOTE;
    kinds[b'=' as usize] = EQUALS;
    let mut digit = b'0';
    while digit <= b'9' {
        kinds[digit as usize] = DIGIT;
        digit += 1;
    }
    kinds
};

impl Prefilter {
    pub(super) fn of(text: &[u8]) -> Self {
        let kinds = (text.iter()).fold(0, |kinds, byte| kinds | KINDS[usize::from(*byte)]);
        Self {
            has_at: kinds & AT != 0,
            has_quote: kinds & QUOTE != 0,
            has_digit: kinds & DIGIT != 0,
            has_equals: kinds & EQUALS != 0,
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

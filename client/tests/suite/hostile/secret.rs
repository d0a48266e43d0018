//! The key of a campaign, and how it is found where it must not be: in texts that the client makes, in what any crate
//! logs, and in requests to others than the API.

use std::cell::RefCell;
use std::io;
use std::sync::{Arc, Once};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

use super::Campaign;

/// With characters that JSON and URLs escape.
pub(super) const KEY: &str = "sk-Qz7/Kx%9w+h0stile-0123456789";
/// So much of the key is too much.
const TOO_MUCH: usize = 8;

/// Whether the key, or much of it, is in a text, in whatever form.
pub(super) fn shows(text: &str) -> bool {
    let beginning = &KEY[..TOO_MUCH];
    let may_be_escaped = text.contains("u00") || text.contains(['%', '\\']) && text.contains("sk");
    text.contains(beginning)
        || (may_be_escaped || text.contains("%73") || text.contains("%6"))
            && memchr::memmem::find(&unescaped(text.as_bytes()), beginning.as_bytes()).is_some()
}

/// A text without the escapes of JSON (in JSON, too) and of URLs.
fn unescaped(mut rest: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(rest.len());
    while let [first, others @ ..] = rest {
        let hex = match (first, others) {
            (b'\\', [b'u', b'0', b'0', hex @ ..]) | (b'%', hex) => hex,
            (b'\\', _) => {
                rest = others;
                continue;
            }
            _ => &[],
        };
        let digits = hex.get(..2).and_then(|digits| str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                rest = &hex[2..];
            }
            None => {
                plain.push(*first);
                rest = others;
            }
        }
    }
    plain
}

/// The key as a server may echo it.
pub(super) fn echo(random: &mut fastrand::Rng) -> String {
    let form = random.u8(..6);
    let mut forms = random.fork();
    KEY.chars()
        .map(|c| match (form, c) {
            (0, _) => format!("\\u{:04x}", u32::from(c)),
            (1, '/') => "\\/".to_owned(),
            (2, _) => format!("%{:02X}", u32::from(c)),
            (3, '/' | '%' | '+') => format!("%{:02x}", u32::from(c)),
            (4, _) if forms.bool() => format!("\\u{:04X}", u32::from(c)),
            (5, _) if forms.bool() => format!("%{:02x}", u32::from(c)),
            _ => c.to_string(),
        })
        .collect()
}

thread_local! {
    /// Whose case it is that runs on this thread.
    static LISTENER: RefCell<Option<Arc<Campaign>>> = const { RefCell::new(None) };
}

/// Looks through everything that is logged on this thread, at the finest level, with `tracing` or with `log`.
pub(super) fn listen(campaign: &Arc<Campaign>) -> tracing::subscriber::DefaultGuard {
    static LOGGER: Once = Once::new();
    LOGGER.call_once(|| {
        log::set_logger(&Logger).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
    LISTENER.set(Some(Arc::clone(campaign)));
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(Logger)
        .finish();
    tracing::subscriber::set_default(subscriber)
}

fn look_through(text: impl FnOnce() -> String) {
    LISTENER.with_borrow(|campaign| {
        if let Some(campaign) = campaign {
            let text = text();
            if shows(&text) {
                campaign.violation(0, &format!("some case logs the key: {text}"));
            }
        }
    });
}

struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        look_through(|| format!("{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

impl io::Write for Logger {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        look_through(|| String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logger {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

#[test]
fn the_key_is_found_in_every_form() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..100 {
        let echo = echo(&mut random);
        assert!(shows(&echo), "{echo}");
        assert!(shows(&format!("{echo:?}")), "{echo:?}");
    }
    assert!(!shows("sk-Qz7 [redacted] %zz \\u12 ä"));
}

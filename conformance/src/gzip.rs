//! Gzip in bodies: unpacked with a bound, since a server may send anything, and packed. What is in the text is not
//! known here.

use std::cell::RefCell;
use std::io::{self, Read};
use std::sync::Arc;

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use flate2::{Crc, Decompress, FlushDecompress, Status};

/// How gzip begins.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// The most bytes that are unpacked of one body. A little more than is read of a results file, so that one that is cut off
/// here is still seen to be too large.
const MOST_UNPACKED: u64 = 17 << 20;
/// The most room that is made before anything is unpacked.
const FIRST_ROOM: usize = 1 << 20;
/// The most bytes of a block that is not compressed.
const MOST_STORED: usize = 0xffff;

/// Whether a body begins like gzip.
pub(crate) fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(GZIP)
}

/// What is in a packed body, in all of its members.
#[derive(Debug, Clone)]
pub(crate) struct Unpacked {
    /// The text; where the packing is damaged, as far as it goes.
    pub(crate) text: Bytes,
    /// What is wrong with the packing.
    damage: Option<(io::ErrorKind, Arc<str>)>,
}

impl Unpacked {
    /// Unpacks a body.
    pub(crate) fn of(body: &[u8]) -> Self {
        if let Some(text) = usual(body) {
            return Self::whole(text.into());
        }
        // Lines of JSON become about six times as many.
        let mut text = Vec::with_capacity(body.len().saturating_mul(6).min(FIRST_ROOM));
        let read = MultiGzDecoder::new(body)
            .take(MOST_UNPACKED)
            .read_to_end(&mut text);
        let damage = read.err();
        Self {
            text: text.into(),
            damage: damage.map(|error| (error.kind(), error.to_string().into())),
        }
    }

    /// What is in a body that [`packed`] made of this.
    pub(crate) fn whole(text: Bytes) -> Self {
        Self { text, damage: None }
    }

    /// What is wrong with the packing, behind the text.
    pub(crate) fn damage(&self) -> Option<io::Error> {
        let (kind, what) = self.damage.as_ref()?;
        Some(io::Error::new(*kind, &**what))
    }

    /// Whether the text is all there.
    pub(crate) fn is_whole(&self) -> bool {
        self.damage.is_none() && (self.text.len() as u64) < MOST_UNPACKED
    }
}

thread_local! {
    /// Unpacks one body after the other: to make one takes longer than to unpack most of them.
    static INFLATE: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// What is in a body as most are: small, sound, of one member, and with nothing optional in its header. `None` for any
/// other.
fn usual(body: &[u8]) -> Option<Vec<u8>> {
    const HEADER: [u8; 4] = [0x1f, 0x8b, 8, 0];
    let behind = body.strip_prefix(&HEADER)?.get(6..)?;
    let (packed, size) = behind.split_last_chunk()?;
    let (packed, sum) = packed.split_last_chunk()?;
    let (sum, size) = (u32::from_le_bytes(*sum), u32::from_le_bytes(*size));
    if size as usize > FIRST_ROOM {
        return None;
    }
    let mut text = Vec::with_capacity(size as usize);
    let is_all = INFLATE.with_borrow_mut(|inflate| {
        inflate.reset(false);
        let status = inflate.decompress_vec(packed, &mut text, FlushDecompress::Finish);
        matches!(status, Ok(Status::StreamEnd)) && inflate.total_in() == packed.len() as u64
    });
    let mut crc = Crc::new();
    crc.update(&text);
    (is_all && crc.sum() == sum && crc.amount() == size).then_some(text)
}

/// The text as gzip. It is not compressed, which would take longer than all that is done with it.
pub(crate) fn packed(text: &[u8]) -> Vec<u8> {
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut packed = Vec::with_capacity(text.len() + 5 * (text.len() / MOST_STORED) + 32);
    packed.extend_from_slice(&HEADER);
    let mut rest = text;
    loop {
        let (block, behind) = rest.split_at(rest.len().min(MOST_STORED));
        let length = block.len() as u16;
        packed.push(u8::from(behind.is_empty()));
        packed.extend_from_slice(&length.to_le_bytes());
        packed.extend_from_slice(&(!length).to_le_bytes());
        packed.extend_from_slice(block);
        rest = behind;
        if rest.is_empty() {
            break;
        }
    }
    let mut crc = Crc::new();
    crc.update(text);
    packed.extend_from_slice(&crc.sum().to_le_bytes());
    packed.extend_from_slice(&crc.amount().to_le_bytes());
    packed
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_the_same() {
        for length in [0, 1, MOST_STORED, MOST_STORED + 1, 3 * MOST_STORED] {
            let text: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            let unpacked = Unpacked::of(&packed(&text));
            assert!(
                unpacked.is_whole(),
                "{length} bytes: {:?}",
                unpacked.damage()
            );
            assert_eq!(*unpacked.text, text, "{length} bytes");
        }
    }

    /// What is unpacked quickly is what is usual, and nothing else; the same inflater unpacks it after anything.
    #[test]
    fn only_what_is_usual_is_unpacked_quickly() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"one text, one text").expect("to memory");
        let one = encoder.finish().expect("to memory");
        let mut other_sum = one.clone();
        other_sum[one.len() - 8] ^= 1;
        let mut named = one.clone();
        named[3] = 8;
        named.splice(10..10, *b"name\0");
        let twice = [&one[..], &one].concat();
        for (body, is_whole) in [
            (&one[..one.len() / 2], false),
            (&other_sum[..], false),
            (&named, true),
            (&twice, true),
        ] {
            assert_eq!(usual(body), None, "{body:?}");
            assert_eq!(Unpacked::of(body).is_whole(), is_whole, "{body:?}");
            assert_eq!(usual(&one).as_deref(), Some(&b"one text, one text"[..]));
        }
        assert_eq!(
            *Unpacked::of(&twice).text,
            *b"one text, one textone text, one text"
        );
    }
}

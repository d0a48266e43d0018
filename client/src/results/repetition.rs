//! Telling whether a file that is read again from its beginning is still the one whose bytes were handed out: the bytes
//! themselves are not kept, so their hashes are compared. When a download begins again is decided in `download`.

use std::hash::{BuildHasher, DefaultHasher, Hasher, RandomState};

use bytes::Bytes;

/// The bytes handed out so far, and those of the current response that repeat them.
pub(super) struct Repetition {
    hashes: RandomState,
    /// Of all bytes handed out.
    handed_out: DefaultHasher,
    /// How many these are.
    offset: u64,
    /// Of the bytes that have been left out since the download began again.
    repeated: DefaultHasher,
    /// Bytes that are still to be left out.
    to_skip: u64,
}

/// The file's beginning is not what was handed out.
pub(super) struct Differs;

impl Repetition {
    pub(super) fn new() -> Self {
        let hashes = RandomState::new();
        Self {
            handed_out: hashes.build_hasher(),
            offset: 0,
            repeated: hashes.build_hasher(),
            to_skip: 0,
            hashes,
        }
    }

    /// Bytes handed out so far.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether bytes are being left out, so that it is not known yet whether the file is the same.
    pub(super) fn is_under_way(&self) -> bool {
        self.to_skip > 0
    }

    /// The bytes that follow go on where the others ended.
    pub(super) fn go_on(&mut self) {
        self.to_skip = 0;
    }

    /// The bytes that follow are the file's from its beginning.
    pub(super) fn begin_again(&mut self) {
        self.to_skip = self.offset;
        self.repeated = self.hashes.build_hasher();
    }

    /// What of these bytes has not been handed out yet.
    pub(super) fn new_of(&mut self, mut chunk: Bytes) -> Result<Bytes, Differs> {
        let skip = usize::try_from(self.to_skip).map_or(chunk.len(), |skip| skip.min(chunk.len()));
        if skip > 0 {
            let old = chunk.split_to(skip);
            self.repeated.write(&old);
            self.to_skip -= old.len() as u64;
            if self.to_skip == 0 && self.repeated.finish() != self.handed_out.finish() {
                return Err(Differs);
            }
        }
        self.handed_out.write(&chunk);
        self.offset += chunk.len() as u64;
        Ok(chunk)
    }
}

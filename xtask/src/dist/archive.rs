//! An archive, packed with tar and gzip: the same bytes for the same contents, whoever packs it and when.

use std::collections::BTreeMap;
use std::io;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, Header};

/// What a file is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Runs.
    Program,
    /// Is read.
    Text,
}

/// The files of an archive, by their paths.
pub(super) struct Archive {
    /// The folder that all of them are in.
    folder: String,
    files: BTreeMap<String, (Kind, Vec<u8>)>,
}

impl Archive {
    /// An archive with nothing in its folder.
    pub(super) fn new(folder: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            files: BTreeMap::new(),
        }
    }

    /// Adds a file.
    pub(super) fn add(&mut self, path: &str, kind: Kind, bytes: Vec<u8>) {
        self.files.insert(path.to_owned(), (kind, bytes));
    }

    /// Packs it.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        let mut tar = Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
        for (path, (kind, bytes)) in &self.files {
            let mut header = Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(match kind {
                Kind::Program => 0o755,
                Kind::Text => 0o644,
            });
            let path = format!("{}/{path}", self.folder);
            tar.append_data(&mut header, path, bytes.as_slice())?;
        }
        tar.into_inner()?.finish()
    }
}

//! The crates of the workspace, as its manifests have them, which of them are published, and the version that they share.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item};

/// A crate that is published.
pub(crate) struct Member {
    /// Its name.
    pub(crate) name: String,
    /// Its folder below the root.
    pub(crate) folder: PathBuf,
}

/// The manifest of the workspace at `root`.
pub(crate) fn manifest(root: &Path) -> Result<DocumentMut, String> {
    read(&root.join("Cargo.toml"))
}

/// The version that all members have.
pub(crate) fn version(manifest: &DocumentMut) -> Result<String, String> {
    let version = &manifest["workspace"]["package"]["version"];
    let version = version.as_str().map(str::to_owned);
    version.ok_or_else(|| "Cargo.toml names no `workspace.package.version`".to_owned())
}

/// The folders of all members, below the root.
pub(crate) fn folders(manifest: &DocumentMut) -> impl Iterator<Item = &str> {
    let members = manifest["workspace"]["members"].as_array();
    members.into_iter().flatten().filter_map(|one| one.as_str())
}

/// The members of this workspace that may be published, in their order.
pub(crate) fn published(root: &Path, manifest: &DocumentMut) -> Result<Vec<Member>, String> {
    let mut published = Vec::new();
    for folder in folders(manifest) {
        let member = read(&root.join(folder).join("Cargo.toml"))?;
        let package = &member["package"];
        if package.get("publish").and_then(Item::as_bool) == Some(false) {
            continue;
        }
        let name = package["name"].as_str().unwrap_or_default().to_owned();
        published.push(Member {
            name,
            folder: folder.into(),
        });
    }
    Ok(published)
}

fn read(path: &Path) -> Result<DocumentMut, String> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|error| format!("{} can't be read: {error}", path.display()))?;
    let parsed = text.parse();
    parsed.map_err(|error| format!("{} can't be understood: {error}", path.display()))
}

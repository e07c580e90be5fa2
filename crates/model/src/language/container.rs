//! The table `[dagger]` of a `language.toml`: the container that a language is run in where an engine makes it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// What the container of a language is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its files.
    pub source: ContainerSource,
    /// Symbolic links that are added, and where they lead: from the paths that the language's commands name to those where the
    /// image has the programs.
    pub links: BTreeMap<String, String>,
}

/// Where the files of a container are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContainerSource {
    /// An image that the engine pulls, by name and tag or by digest: `python:3.11`, `python@sha256:…`.
    Image(String),
    /// An archive on this host, of an OCI image or as `docker save` writes it, by its absolute path.
    Archive(String),
    /// A folder of this host that is the root of a file system, by its absolute path.
    Root(String),
}

/// As written, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawContainer {
    pub(super) image: Option<Spanned<String>>,
    pub(super) archive: Option<Spanned<String>>,
    pub(super) root: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) links: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// A reference as registries know it: a name in lower case, perhaps with a host and port in front, a tag, a digest.
pub(super) fn is_image(text: &str) -> bool {
    let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/:".contains(c);
    let is_digest = |digest: &str| {
        let hex = digest.strip_prefix("sha256:").unwrap_or_default();
        hex.len() == 64 && hex.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
    };
    (1..=255).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(allowed)
        && digest.is_none_or(is_digest)
}

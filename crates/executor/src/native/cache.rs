//! Compilations that need not be done again: what a compiler made and said, by the digest of all it was given.
//!
//! `session` asks here before it makes a compiler's box, and brings what came of one that ended well. The artifact is
//! read when every process of that box is dead, and kept in this process's own memory; a run gets a copy that is sealed.
//! So nothing that runs can change what the next submission gets.
//!
//! Unless the operator shares, each owner of submissions has a shelf of its own, and an equal part of the room: neither
//! what is found nor what had to go to make room says anything about the submissions of others.
//!
//! Whether a compilation was a good one is not decided here, and nothing is locked while one goes on: two that are
//! equal at the same time are both done, and the first to come is kept.

mod address;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use model::{CompileReport, Diagnostic};

pub use address::{Address, Given, Recipe};

use sandbox::{Product, SandboxError};

use super::lock;

/// What an entry costs beside its artifact and its words, in bytes; more than it is, so that the bound holds.
const ENTRY_BYTES: u64 = 1024;

/// How much is kept, and between whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompileCacheSettings {
    /// Bytes of all that is kept; with 0 nothing is.
    pub bytes: u64,
    /// Who may find what whom has sent.
    pub scope: CacheScope,
}

impl Default for CompileCacheSettings {
    fn default() -> Self {
        Self { bytes: 256 * 1024 * 1024, scope: CacheScope::Key }
    }
}

/// Who may find what whom has sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheScope {
    /// Each owner what came from itself.
    Key,
    /// All what came from anybody.
    Shared,
}

/// What became of the questions since the start, and what is kept now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CompileCacheStatus {
    /// Compilations that need not be done.
    pub hits: u64,
    /// Compilations that were not kept, or not any more.
    pub misses: u64,
    /// Bytes that are kept.
    pub bytes: u64,
}

/// What a compiler made, and what it said.
#[derive(Debug)]
pub struct Compiled {
    /// The artifact's bytes.
    pub artifact: Vec<u8>,
    /// The report of the compilation that made it.
    pub report: CompileReport,
    /// What was found in its words.
    pub diagnostics: Vec<Diagnostic>,
}

/// The cache. It has a bound, and knows nothing of boxes.
pub struct CompileCache {
    settings: CompileCacheSettings,
    /// By the index of their templates.
    recipes: Vec<Recipe>,
    content: Mutex<Content>,
}

/// All that changes.
#[derive(Default)]
struct Content {
    /// By owner; a single one without a name if all share. There are no more owners than the operator has made keys.
    shelves: BTreeMap<String, Shelf>,
    hits: u64,
    misses: u64,
}

/// What is kept for those who may find the same.
#[derive(Default)]
struct Shelf {
    entries: HashMap<Address, Entry>,
    /// The entries by the time of their last use.
    by_use: BTreeMap<u64, Address>,
    /// The time: how often this shelf was used.
    clock: u64,
    bytes: u64,
}

struct Entry {
    compiled: Arc<Compiled>,
    last_use: u64,
}

/// Where the compilation of one submission belongs.
pub struct Place<'a> {
    cache: &'a CompileCache,
    owner: &'a str,
    address: Address,
}

impl CompileCache {
    /// An empty one, for compilers in boxes of these kinds.
    pub fn new(settings: CompileCacheSettings, recipes: Vec<Recipe>) -> Self {
        Self { settings, recipes, content: Mutex::default() }
    }

    /// What the kind of box with this index is made from.
    pub fn recipe(&self, template: usize) -> Option<&Recipe> {
        self.recipes.get(template)
    }

    /// Where what `owner` has given belongs; nowhere if nothing is kept at all.
    pub fn place<'a>(&'a self, owner: &'a str, given: &Given<'_>) -> Option<Place<'a>> {
        let owner = match self.settings.scope {
            CacheScope::Key => owner,
            CacheScope::Shared => "",
        };
        (self.settings.bytes > 0).then(|| Place { cache: self, owner, address: given.address() })
    }

    fn find(&self, owner: &str, address: &Address) -> Option<Arc<Compiled>> {
        let mut content = lock(&self.content);
        let found = content.shelves.get_mut(owner).and_then(|shelf| shelf.take(address));
        let counter = if found.is_some() { &mut content.hits } else { &mut content.misses };
        *counter += 1;
        found
    }

    fn keep(&self, owner: &str, address: Address, compiled: Compiled) {
        let mut content = lock(&self.content);
        if !content.shelves.contains_key(owner) {
            content.shelves.insert(owner.to_owned(), Shelf::default());
            // What there was for the others is divided once more.
            let room = self.room(&content);
            content.shelves.values_mut().for_each(|shelf| shelf.shrink(room));
        }
        let room = self.room(&content);
        if let Some(shelf) = content.shelves.get_mut(owner) {
            shelf.put(address, compiled, room);
        }
    }

    /// Counters and size, for the operator.
    pub fn status(&self) -> CompileCacheStatus {
        let content = lock(&self.content);
        let bytes = content.shelves.values().map(|shelf| shelf.bytes).sum();
        CompileCacheStatus { hits: content.hits, misses: content.misses, bytes }
    }

    /// What each shelf may hold.
    fn room(&self, content: &Content) -> u64 {
        let shelves = u64::try_from(content.shelves.len()).unwrap_or(u64::MAX);
        self.settings.bytes / shelves.max(1)
    }
}

impl Place<'_> {
    /// What was made of exactly this before, for somebody who may know.
    pub fn find(&self) -> Option<Arc<Compiled>> {
        self.cache.find(self.owner, &self.address)
    }

    /// Keeps what a compiler has made that ended well, and forgets what its owner has not used for longest where there is
    /// no room. Everybody who could write to `product` is dead.
    ///
    /// # Errors
    /// When the artifact can not be read.
    pub fn keep(
        &self,
        product: &Product,
        report: &CompileReport,
        diagnostics: &[Diagnostic],
    ) -> Result<(), SandboxError> {
        let length = product.length()?;
        if length > self.cache.settings.bytes {
            return Ok(());
        }
        let artifact = product.read(usize::try_from(length).unwrap_or(usize::MAX))?.bytes;
        let compiled = Compiled { artifact, report: report.clone(), diagnostics: diagnostics.to_vec() };
        self.cache.keep(self.owner, self.address, compiled);
        Ok(())
    }
}

impl Shelf {
    fn take(&mut self, address: &Address) -> Option<Arc<Compiled>> {
        let entry = self.entries.get_mut(address)?;
        self.clock += 1;
        self.by_use.remove(&std::mem::replace(&mut entry.last_use, self.clock));
        self.by_use.insert(self.clock, *address);
        Some(Arc::clone(&entry.compiled))
    }

    fn put(&mut self, address: Address, compiled: Compiled, room: u64) {
        let size = compiled.size();
        // What is there already may be in use, and is as good.
        if size > room || self.entries.contains_key(&address) {
            return;
        }
        self.shrink(room - size);
        self.clock += 1;
        self.bytes += size;
        self.by_use.insert(self.clock, address);
        self.entries.insert(address, Entry { compiled: Arc::new(compiled), last_use: self.clock });
    }

    /// Forgets what was not used for longest, until the rest fits.
    fn shrink(&mut self, room: u64) {
        while self.bytes > room {
            let Some((_, address)) = self.by_use.pop_first() else { return };
            if let Some(entry) = self.entries.remove(&address) {
                self.bytes -= entry.compiled.size();
            }
        }
    }
}

impl Compiled {
    /// What keeping it costs, in bytes.
    fn size(&self) -> u64 {
        let Self { artifact, report, diagnostics } = self;
        let words = diagnostics.iter().map(|diagnostic| size_of::<Diagnostic>() + diagnostic.message.len());
        let bytes = artifact.len() + report.output.len() + words.sum::<usize>();
        u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(ENTRY_BYTES)
    }
}

//! Who is there, as the store said last.

use std::sync::{Arc, Mutex, PoisonError};

use store::KnownNode;

/// The nodes that are heard of. The announcer of this node keeps it up to date.
#[derive(Debug, Default)]
pub struct Members(Mutex<Arc<[KnownNode]>>);

/// How a language stands with all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Available {
    /// Somebody runs it; with the version of its toolchain, if that is known.
    Here(Option<String>),
    /// Nobody does.
    Nowhere,
}

impl Members {
    /// These are there now.
    pub fn set(&self, nodes: Vec<KnownNode>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = nodes.into();
    }

    /// Those that are there, by name.
    pub fn nodes(&self) -> Arc<[KnownNode]> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many submissions they run at the same time, all together.
    pub fn workers(&self) -> usize {
        let nodes = self.nodes();
        let working = nodes.iter().filter(|known| !known.node.draining);
        working.map(|known| usize::try_from(known.node.workers).unwrap_or(usize::MAX)).sum()
    }

    /// Does any of those that take something new run this language?
    pub fn language(&self, id: &str) -> Available {
        let nodes = self.nodes();
        let working = nodes.iter().filter(|known| known.node.workers > 0 && !known.node.draining);
        let mut found = working.flat_map(|known| &known.node.languages).filter(|language| language.id == id).peekable();
        if found.peek().is_none() {
            return Available::Nowhere;
        }
        Available::Here(found.find_map(|language| language.runtime.clone()))
    }
}

#[cfg(test)]
mod tests {
    use store::{Node, NodeLanguage};
    use time::OffsetDateTime;

    use super::*;

    fn node(name: &str, workers: u32, draining: bool, languages: &[(&str, Option<&str>)]) -> KnownNode {
        let languages = languages
            .iter()
            .map(|(id, runtime)| NodeLanguage { id: (*id).to_owned(), runtime: runtime.map(str::to_owned) });
        let node = Node {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            languages: languages.collect(),
            workers,
            draining,
        };
        let now = OffsetDateTime::UNIX_EPOCH;
        KnownNode { node, started_at: now, seen_at: now }
    }

    #[test]
    fn a_language_is_there_if_somebody_who_takes_work_has_it() {
        let members = Members::default();
        assert_eq!((members.language("c"), members.workers()), (Available::Nowhere, 0));
        members.set(vec![
            node("api", 0, false, &[]),
            node("leaving", 8, true, &[("go", Some("go1.22"))]),
            node("one", 2, false, &[("c", None), ("python", Some("Python 3"))]),
            node("two", 3, false, &[("c", Some("gcc 12"))]),
        ]);
        assert_eq!(members.workers(), 5);
        assert_eq!(members.language("python"), Available::Here(Some("Python 3".to_owned())));
        assert_eq!(members.language("c"), Available::Here(Some("gcc 12".to_owned())), "the version that is known");
        assert_eq!(members.language("go"), Available::Nowhere);
    }
}

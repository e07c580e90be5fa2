//! The settings that say where things are kept, and what a node is called among those that share it.

use url::Url;

use super::kinds::{Kind, Secret};

/// The longest name of a node, in bytes.
const MOST_NAME_BYTES: usize = 100;

/// Where submissions and results are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreChoice {
    /// In a file in the data directory, which is one server's alone.
    Sqlite,
    /// In the PostgreSQL database at this address, which may hold a password.
    Postgres(Secret),
}

impl StoreChoice {
    /// What this text means, if it means something.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "sqlite" {
            return Some(Self::Sqlite);
        }
        let url = Url::parse(text).ok()?;
        let is_postgres = matches!(url.scheme(), "postgres" | "postgresql") && url.path().len() > 1;
        is_postgres.then(|| Self::Postgres(Secret::new(text)))
    }

    /// What would do.
    pub const ALLOWED: &str = "sqlite, or postgres://USER:PASSWORD@HOST:PORT/DATABASE";
}

/// `sqlite`, or the address of a database. Never shown, because it may hold a password.
pub struct StoreAddress;

impl Kind for StoreAddress {
    type Value = StoreChoice;

    fn parse(&self, text: &str) -> Option<StoreChoice> {
        StoreChoice::parse(text)
    }

    fn allowed(&self) -> String {
        StoreChoice::ALLOWED.to_owned()
    }

    fn is_secret(&self) -> bool {
        true
    }
}

/// The name of a node.
pub struct NodeName;

impl Kind for NodeName {
    type Value = String;

    fn parse(&self, text: &str) -> Option<String> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let is_name = !text.is_empty() && text.len() <= MOST_NAME_BYTES && text.bytes().all(is_plain);
        is_name.then(|| text.to_owned())
    }

    fn allowed(&self) -> String {
        format!("1 to {MOST_NAME_BYTES} letters, digits, `.`, `_` or `-` of ASCII")
    }
}

/// Ids of languages.
pub struct LanguageIds;

impl Kind for LanguageIds {
    type Value = Vec<String>;

    fn parse(&self, text: &str) -> Option<Vec<String>> {
        let ids: Vec<String> = text.split(',').map(|id| id.trim().to_owned()).collect();
        let is_id = |id: &String| {
            !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#._-".contains(&byte))
        };
        ids.iter().all(is_id).then_some(ids)
    }

    fn allowed(&self) -> String {
        "ids of languages with commas between them, such as python,c".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_or_a_database_is_chosen_and_nothing_else() {
        assert_eq!(StoreAddress.parse("sqlite"), Some(StoreChoice::Sqlite));
        for address in ["postgres://db/runs", "postgresql://ada:secret@10.0.0.7:5433/runs?sslmode=require"] {
            assert_eq!(StoreAddress.parse(address), Some(StoreChoice::Postgres(Secret::new(address))), "{address}");
        }
        for nonsense in ["", "SQLite", "sqlite://x", "postgres", "postgres://db", "postgres://db/", "mysql://db/runs"] {
            assert_eq!(StoreAddress.parse(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let choice = StoreChoice::parse("postgres://ada:hush@db/runs").unwrap();
        assert_eq!(format!("{choice:?}"), "Postgres(Secret(hidden))");
        assert!(StoreAddress.is_secret());
    }

    #[test]
    fn the_name_of_a_node_is_one_plain_word() {
        for name in ["a", "worker-1", "rack_2.node-17", &"x".repeat(100)] {
            assert_eq!(NodeName.parse(name).as_deref(), Some(name));
        }
        for nonsense in ["", "a b", "ä", "a/b", &"x".repeat(101)] {
            assert_eq!(NodeName.parse(nonsense), None, "{nonsense}");
        }
    }
}
